// The nurse's page at a PC: signs in, lists her conversations of the last day, and shows one to be written into the journal.

import { Api, pause, Problem } from '../shared/api.js'
import { byId, h, setLine, setText } from '../shared/dom.js'
import { chosenLanguage, fillText, language, loadText, sentence, t } from '../shared/text.js'
import { Draft, patiently } from './draft.js'
import { citizen, doctor, hour, weekday } from './journal.js'
import { One } from './one.js'
import { Session } from './session.js'

/** @typedef {import('../wire').Summary} Summary */
/** @typedef {import('../wire').Summaries} Summaries */

const wantedKept = 'kontakt.resume' // which summary is to be shown after the sign-in; a reference, and nothing of anybody

const api = new Api(() => session.ended())
/** @type {Draft | undefined} */
let draft
/** @type {One | undefined} */
let one
let asked = 0 // counts the screens asked for: an answer for an earlier one is late
let screen = ''

/** @type {Session} */
const session = new Session({
  api, left, again,
  waits: () => !!draft?.unsaved,
  close: () => {
    put('welcome-back', door(h('h1', {}, t('in.again_done')), h('p', {}, t('in.again_close'))))
    close()
  },
})

byId('language').onclick = () => void speak(language() === 'da' ? 'en' : 'da')
addEventListener('hashchange', () => void go())
addEventListener('online', () => void draft?.save())
addEventListener('beforeunload', (e) => {
  if (draft?.unsaved) e.preventDefault()
})

/** @returns {string} the summary that the address names, or none */
const named = () => (/^#res_[a-z2-7]{26}$/.test(location.hash) ? location.hash.slice(1) : '')

/** @param {string} name @param {HTMLElement} el */
function put(name, el) {
  screen = name
  const there = byId('page').dataset.screen === name
  byId('page').dataset.screen = name
  byId('page').replaceChildren(el)
  setText(byId('person'), session.person && !session.away ? [session.person.name, session.person.title].filter(Boolean).join(', ') : '')
  byId('logout').hidden = !session.person || session.away
  setText(byId('language'), t('in.other_language'))
  document.title = t('page.title')
  if (!there) byId('page').focus()
}

/** @param {...(Node | string)} children */
const door = (...children) => h('div', { class: 'door', 'data-test': 'door' }, ...children)

/** Shows what the address names: one summary, or all of the day. */
async function go() {
  if (!session.person || session.away) return
  const id = named()
  if (draft && draft.summary.id === id) return
  if (draft?.unsaved) await draft.save()
  drop()
  const mine = ++asked
  try {
    if (id) await open(id, mine)
    else await list(mine)
  } catch (err) {
    if (mine !== asked || session.away) return
    if (err instanceof Problem && err.status === 404) put('none', none())
    else setLine(byId('line'), sentence(err))
  }
}

/** @template T @param {string} path @returns {Promise<T>} */
async function read(path) {
  const got = await patiently(() => api.get(path), (err) => setLine(byId('line'), sentence(err)))
  setLine(byId('line'), '')
  return /** @type {T} */ (got)
}

/** @param {number} mine */
async function list(mine) {
  /** @type {Summaries} */
  const { summaries } = await read('/summaries')
  if (mine !== asked) return
  put('list', h('div', { class: 'day', 'data-test': 'day' },
    h('h1', {}, t('list.title')), h('p', { class: 'muted' }, t('list.text')),
    summaries.length === 0 ? h('p', { class: 'empty', 'data-test': 'empty' }, t('list.empty')) : h('ol', { class: 'talks' }, ...summaries.map(talk))))
}

/** @param {Summary} s */
function talk(s) {
  return h('li', {}, h('a', { class: 'talk', href: `#${s.id}`, 'data-test': 'talk' },
    h('span', {}, t('list.span', { ugedag: weekday(s.from), fra: hour(s.from), til: hour(s.to) })), h('span', { class: 'talk-name' }, citizen(s)),
    h('span', { class: 'talk-until' }, t('list.until', { ugedag: weekday(s.expires_at), tid: hour(s.expires_at) })), h('span', { class: 'talk-with' }, doctor(s))))
}

/** @param {string} id @param {number} mine */
async function open(id, mine) {
  /** @type {Summary} */
  const summary = await read(`/summaries/${id}`)
  if (mine !== asked) return
  draft = new Draft(api, summary, () => one?.show())
  showOne()
}

function showOne() {
  if (!draft) return
  const { id } = draft.summary
  one = new One(draft, {
    done: async () => {
      await api.post(`/summaries/${id}/done`, undefined)
      drop()
      location.hash = ''
    },
    leave: () => {},
  })
  put('one', one.el)
}

function none() {
  return door(h('h1', { 'data-test': 'none' }, t('none.title')), h('p', {}, t('none.text')),
    h('a', { class: 'button primary', href: '#', 'data-test': 'to-list' }, t('none.list')))
}

/** Nothing about anybody stays. */
function drop() {
  draft?.close()
  draft = undefined
  one = undefined
}

/** @param {string} why a sentence, or empty @param {boolean} apart the sign-in opens in a tab of its own, since this one holds something */
function signIn(why, apart = false) {
  const id = named()
  if (id) sessionStorage.setItem(wantedKept, id)
  const link = h('a', { class: 'button primary large', href: 'login', 'data-test': apart ? 'login-again' : 'login' }, t('in.login'))
  if (apart) link.target = '_blank'
  put('signin', door(h('h1', {}, t('in.title')),
    ...(why ? [h('p', { class: 'notice warn', role: 'alert', 'data-test': 'why' }, why)] : []), h('p', {}, t('in.text')), link,
    h('p', { class: 'muted' }, t('in.hint'))))
}

/** The session has ended: everything goes off the screen, and what is not saved waits. */
function left() {
  asked++
  setLine(byId('line'), '')
  if (!draft?.unsaved) drop()
  one = undefined
  signIn(t(draft ? 'in.ended_unsaved' : 'in.ended'), !!draft)
}

/** @param {boolean} same */
function again(same) {
  if (draft && same) {
    showOne()
    void draft.save()
    return
  }
  if (draft) { // what another has written is not for this one
    drop()
    location.hash = ''
  }
  void go()
}

/** @param {string} wanted */
async function speak(wanted) {
  try {
    await loadText(wanted)
  } catch {
    return // the backend is away: the language stays
  }
  fillText(document)
  if (screen === 'one') showOne()
  else if (session.away) left()
  else if (session.person) void go()
  else signIn('')
}

/** The page says nothing before it has its words; a backend that is just starting again gets its time. */
async function firstText() {
  for (;;) {
    try {
      await loadText(chosenLanguage())
      return
    } catch {
      await pause(1000)
    }
  }
}

await firstText()
fillText(document)
const why = new URLSearchParams(location.search).get('login')
if (location.search) history.replaceState(null, '', location.pathname + location.hash)
if (await patiently(() => session.open(), (err) => setLine(byId('line'), sentence(err)))) {
  setLine(byId('line'), '')
  const wanted = sessionStorage.getItem(wantedKept)
  sessionStorage.removeItem(wantedKept)
  if (wanted && !named()) history.replaceState(null, '', `#${wanted}`)
  await go()
} else {
  setLine(byId('line'), '')
  signIn(why ? sentence(new Problem({ kind: 'unauthenticated', msg: why, request: why }, 401)) : '')
}
