// The clinic module: signs in, shows the waiting room live, and runs at most one call at a time beside it.

import { Api, pause, Problem } from '../shared/api.js'
import { byId, setLine, setText } from '../shared/dom.js'
import { Stream } from '../shared/stream.js'
import { chosenLanguage, clock, fillText, language, loadText, sentence, t } from '../shared/text.js'
import { Arrange } from './arrange.js'
import { Attention } from './attention.js'
import { Conversation, runningHere } from './conversation.js'
import { onDeviceChange } from './devices.js'
import { Equipment, ownDevices } from './equipment.js'
import { HandOver } from './handover.js'
import { Letters } from './letters.js'
import { List } from './list.js'
import { Menu } from './menu.js'
import { clear, say, tell } from './notices.js'
import { Opening } from './opening.js'
import { Panel } from './panel.js'
import { Room } from './room.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicView} ClinicView */
/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').StartReply} StartReply */
/** @typedef {import('../wire').Event} WireEvent */

const query = new URLSearchParams(location.search)
const relayOnly = query.get('relay') === 'only' // shows that the relay carries a call alone

const api = new Api(signedOut)
const stream = new Stream({ api, deliver, changed: streamChanged, resync: () => room.read() })
const room = new Room(api, taken)
const others = new BroadcastChannel('kontakt.signin') // pages of this clinic module in the same browser

/** @type {ClinicView | undefined} who is signed in, and where */
let view
/** @type {Conversation | undefined} */
let conversation
let away = false // signed out while a call goes on
let lostAt = 0 // since when the stream is cut
let pressing = false // whether something pressed for is under way

const menu = new Menu()
/** @type {List} */
const list = new List(byId('list'), { start, resume, restore: (e) => arrange.restore(e), menu: openMenu })
/** @type {Arrange} */
const arrange = new Arrange({ api, press, room, list, root: byId('list') })
const letters = new Letters({ api, press, room, menu, changed: (v) => { view = v } })
const handOver = new HandOver(api, press)
const opening = new Opening(setOpening)
const equipment = new Equipment()
const attention = new Attention()
const panel = new Panel(byId('call'), {
  mute: () => conversation?.mute(!conversation.muted),
  camera: () => conversation?.turnCamera(!conversation.cameraOff),
  equipment: openEquipment,
  retry: () => void conversation?.reopen(),
  noAnswer: () => void press(async () => conversation?.noAnswer()),
  handOver: () => conversation && giveOver(conversation.entry),
  end: (reason) => void press(async () => conversation?.end(reason)),
  again: () => void callAgain(),
  dismiss: dismiss,
})

byId('equipment').onclick = openEquipment
for (const id of ['language', 'signin-language']) {
  byId(id).onclick = () => void speak(language() === 'da' ? 'en' : 'da')
}
byId('logout').onsubmit = (/** @type {SubmitEvent} */ e) => {
  if (!inCall() && room.waiting.length === 0) return
  e.preventDefault()
  if (inCall()) sayFinishFirst()
  else opening.leaving(() => /** @type {HTMLFormElement} */ (byId('logout')).submit())
}
others.onmessage = (/** @type {MessageEvent<string>} */ e) => {
  if (e.data === 'signed in' && away) void signInAgain()
  if (e.data === 'go back') welcomeBack()
}
addEventListener('focus', () => {
  if (away) void signInAgain()
})
onDeviceChange(() => {
  if (conversation?.problem) void conversation.reopen()
})

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

/** Opens the page: straight into the room when the session stands, else to the sign-in. */
async function open() {
  const why = query.get('login')
  if (query.has('login')) history.replaceState(null, '', location.pathname)
  for (;;) {
    try {
      view = await api.get('/clinic')
      break
    } catch (err) {
      if (err instanceof Problem && err.status === 401) {
        signIn(why ? sentence(new Problem({ kind: 'unauthenticated', msg: why, request: why }, 401)) : '')
        return
      }
      signIn(sentence(err))
      await pause(3000)
    }
  }
  others.postMessage('signed in')
  byId('signin').hidden = true
  byId('room').hidden = false
  await readRoomUntilDone()
  const mine = room.entries.find((e) => e.call?.id === runningHere() && e.call.clinician.id === view?.staff.id)
  if (mine) await resume(mine)
}

async function readRoomUntilDone() {
  for (;;) {
    try {
      await room.read()
      return
    } catch (err) {
      if (!view) return
      say(sentence(err))
      await pause(3000)
    }
  }
}

/** @param {string} why a sentence, or empty */
function signIn(why) {
  byId('room').hidden = true
  byId('signin').hidden = false
  setLine(byId('signin-why'), why)
  setText(byId('signin-language'), t('in.other_language'))
  document.title = t('cl.tab_room')
}

/** The session has ended: nothing personal stays on the page, but a call goes on. */
function signedOut() {
  if (!view || away) return
  stream.stop()
  room.forget()
  forget()
  if (inCall()) {
    away = true
    show()
    return
  }
  view = undefined
  conversation = undefined
  show()
  signIn(t('in.ended'))
}

/** Takes away what is said about patients outside the list. */
function forget() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  menu.hide()
  clear()
  for (const id of ['arrivals', 'moving']) setText(byId(id), '')
}

/** Somebody has signed in again in another tab: the list comes back, and the call with it if it is the same person. */
async function signInAgain() {
  /** @type {ClinicView} */
  let again
  try {
    again = await api.get('/clinic')
  } catch {
    return // still signed out: the link stands
  }
  if (!away) return
  away = false
  if (again.staff.id !== view?.staff.id) conversation?.leave('over.other_person')
  view = again
  others.postMessage('go back')
  await readRoomUntilDone()
}

/** Another tab waited for this sign-in: this one has done its work. */
function welcomeBack() {
  if (inCall()) return
  stream.stop()
  view = undefined
  byId('room').hidden = true
  byId('welcome-back').hidden = false
  close()
}

/** Reads the room on account of an event; a failure comes up again when the stream reconnects. */
function reload() {
  room.read().catch((err) => {
    if (view && !away) say(sentence(err))
  })
}

/** @param {ClinicEntry[]} fresh @param {Map<string, ClinicEntry>} before @param {string} cursor */
function taken(fresh, before, cursor) {
  if (!view || away) {
    room.forget()
    return
  }
  conversation?.refresh(room.entries)
  attention.call(fresh, room.entries.filter((e) => mineNow(e) && !mineNow(before.get(e.id))))
  stream.read(cursor)
  show()
  arrange.refresh()
}

/** @param {ClinicEntry | undefined} e whether a colleague has handed it over to who looks */
function mineNow(e) {
  return !!view && e?.handed_to?.id === view.staff.id
}

function sayFinishFirst() {
  say(t('cl.finish_first', { navn: conversation ? nameOf(conversation.entry) : '' }))
}

/** What can be done with a patient besides calling. @param {ClinicEntry} e @param {HTMLElement} button */
function openMenu(e, button) {
  const waiting = e.state === 'waiting'
  const called = e.state === 'called'
  /** @type {(import('./menu.js').Item & {when: boolean})[]} */
  const items = [
    { test: 'menu-message', text: t('menu.message'), when: waiting || called, act: () => letters.to(e) },
    { test: 'menu-urgent', text: e.urgent ? t('menu.not_urgent') : t('menu.urgent'), when: waiting, act: () => arrange.urgent(e) },
    { test: 'menu-move', text: t('menu.move'), when: waiting, act: () => arrange.move(e.id) },
    { test: 'menu-hand-over', text: t('menu.hand_over'), when: !called, act: () => giveOver(e) },
    { test: 'menu-remove', text: t('menu.remove'), when: waiting || called, danger: true, act: () => arrange.remove(e) },
  ]
  menu.open(button, nameOf(e), items.filter((item) => item.when))
}

/** @param {ClinicEntry} e */
function giveOver(e) {
  const c = inCall() && conversation?.entry.id === e.id ? conversation : undefined
  handOver.open(e, view?.staff.id ?? '', e.state !== 'waiting', async (to) => {
    if (c) await c.handOver(to.id)
    else await api.post(`/clinic/entries/${e.id}/transfer`, { to: to.id })
    await room.read()
    tell(t('handover.done', { navn: nameOf(e), til: to.name }))
  })
}

/** @param {WireEvent} e */
function deliver(e) {
  if (e.room.startsWith('call:')) conversation?.event(e)
  else if (e.type === 'clinic.changed') void readClinic()
  else reload()
}

async function readClinic() {
  try {
    view = await api.get('/clinic')
    show()
  } catch (err) {
    if (view && !away) say(sentence(err))
  }
}

/** @param {boolean} live */
function streamChanged(live) {
  lostAt = live ? 0 : Date.now()
  show()
}

function inCall() {
  return !!conversation && conversation.phase !== 'over'
}

/** @param {ClinicEntry} e */
async function start(e) {
  if (inCall()) {
    sayFinishFirst()
    return
  }
  await attempt(async () => converse(await claim(e)))
}

/**
 * Claims the patient as the row showed them. A row that has changed since is read again, and claimed once more when the
 * same patient still waits there.
 * @param {ClinicEntry} e
 * @returns {Promise<StartReply>}
 */
async function claim(e) {
  try {
    return await api.post(`/clinic/entries/${e.id}/start`, { version: e.version })
  } catch (err) {
    if (!(err instanceof Problem) || err.kind !== 'conflict') throw err
    await room.read()
    const now = room.find(e.id)
    if (err.msg !== 'q.changed' || now?.state !== 'waiting' || now.version === e.version) throw err
    return api.post(`/clinic/entries/${e.id}/start`, { version: now.version })
  }
}

/** @param {ClinicEntry} e a call of this person that no page runs, or another one does */
async function resume(e) {
  if (inCall() || !e.call) return
  if (e.call.clinician.id !== view?.staff.id) { // taken while the press was under way
    say(t('cl.taken', { navn: e.call.clinician.name }))
    return
  }
  const call = e.call.id
  await attempt(async () => converse(await api.get(`/calls/${call}`)))
}

/** @param {StartReply} reply */
function converse(reply) {
  conversation = new Conversation({ api, stream, reply, relayOnly, changed: conversationChanged, reload })
  show()
  reload()
}

async function callAgain() {
  const e = room.find(conversation?.entry.id ?? '')
  if (e?.state === 'waiting') await start(e)
  else dismiss()
}

function conversationChanged() {
  const c = conversation
  if (c?.phase === 'over' && c.outcome === '') dismiss()
  else if (c?.phase === 'over' && away) leaveAway()
  else show()
}

/** The call that outlived its session is over. */
function leaveAway() {
  away = false
  signedOut()
}

function dismiss() {
  conversation = undefined
  if (away) {
    leaveAway()
    return
  }
  show()
  /** @type {HTMLElement | null} */
  const next = byId('list').querySelector('button:not([hidden])')
  ;(next ?? byId('toggle')).focus()
  reload()
}

/** @param {import('../wire').OpeningRequest} o */
function setOpening(o) {
  void press(async () => {
    view = await api.post('/clinic/opening', o)
  })
}

/** Does what a button asks for, once at a time. @param {() => Promise<void>} act */
async function press(act) {
  if (pressing) return
  pressing = true
  try {
    await attempt(act)
  } finally {
    pressing = false
  }
}

/**
 * Does what is asked for, and says so when it fails.
 * @param {() => Promise<void>} act
 */
async function attempt(act) {
  clear()
  try {
    await act()
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    if (err.status !== 401 || away) say(sentence(err))
    if (err.kind === 'conflict' || err.kind === 'not_found' || err.kind === 'gone') reload()
  }
  show()
}

function openEquipment() {
  const c = conversation
  if (c && inCall()) {
    void equipment.open({
      stream: () => c.own, problem: () => c.problem, reopen: () => c.reopen(), speaker: () => panel.speaker(), close: () => {},
    }, true)
  } else {
    void equipment.open(ownDevices(), false)
  }
}

/** @param {string} wanted */
async function speak(wanted) {
  try {
    await loadText(wanted)
  } catch {
    say(t('err.server'))
    return
  }
  fillText(document)
  if (view) show()
  else signIn('')
}

function tick() {
  if (!view) return
  conversation?.tick()
  if (room.expire()) show()
  list.tick(room.now)
  opening.show(view, room.waiting, room.now)
  letters.show(view)
  const until = Date.parse(conversation?.entry.call?.ring_until ?? '')
  panel.tick(until ? Math.max(0, Math.ceil((until - room.now) / 1000)) : 0)
}

function surroundings() {
  return { me: view?.staff.id ?? '', here: inCall() ? conversation?.id ?? '' : '', now: room.now }
}

function show() {
  panel.show(conversation)
  list.show(room.entries, surroundings())
  const cut = lostAt > 0
  byId('room').classList.toggle('in-call', !!conversation)
  byId('list').classList.toggle('stale', cut)
  byId('again').hidden = !away
  byId('standing').hidden = away
  byId('columns').hidden = room.entries.length === 0
  byId('empty').hidden = !room.known || room.entries.length > 0
  if (!view) return
  setText(byId('clinic'), view.clinic.name)
  setText(byId('person'), view.staff.name)
  setText(byId('title'), view.staff.title)
  setText(byId('language'), t('in.other_language'))
  attention.show()
  setText(byId('stream'), cut && !away ? t('stream.lost', { tid: clock(lostAt) }) : '')
  setTitle()
  tick()
}

function setTitle() {
  const n = room.waiting.length
  const name = n > 0 ? t('cl.title_waiting', { n }) : t('cl.tab_room')
  const phase = conversation?.phase
  if (phase === 'calling') document.title = `${t('cl.title_calling')} ${name}`
  else if (phase === 'connecting' || phase === 'talking') document.title = `${t('cl.title_call')} · ${name}`
  else document.title = name
}

setInterval(tick, 1000)
await firstText()
fillText(document)
await open()
