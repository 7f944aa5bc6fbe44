// The clinic module: signs in, shows the waiting room live, and runs at most one call at a time beside it.

import { Api, pause } from '../shared/api.js'
import { byId, setText } from '../shared/dom.js'
import { Stream } from '../shared/stream.js'
import { canTalk } from '../shared/talk/devices.js'
import { Equipment, ownDevices } from '../shared/talk/equipment.js'
import { chosenLanguage, clock, fillText, language, loadText, sentence, t } from '../shared/text.js'
import { Arrange } from './arrange.js'
import { Attention } from './attention.js'
import { Calls } from './calls.js'
import { CardDialog, printCards } from './carddialog.js'
import { Correction } from './correction.js'
import { GuestsDialog } from './guests.js'
import { HandOver } from './handover.js'
import { Letters } from './letters.js'
import { List } from './list.js'
import { Menu } from './menu.js'
import { clear, say, tell } from './notices.js'
import { OrderDialog } from './orderdialog.js'
import { Opening } from './opening.js'
import { Panel } from './panel.js'
import { Press } from './press.js'
import { RecordDialog } from './record.js'
import { Room } from './room.js'
import { nameOf } from './row.js'
import { Session } from './session.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Event} WireEvent */

const query = new URLSearchParams(location.search)

const api = new Api(() => session.ended())
const stream = new Stream({ api, deliver, changed: streamChanged, resync: () => room.read() })
const room = new Room(api, taken)
let lostAt = 0 // since when the stream is cut

/** @type {Session} */
const session = new Session({
  api, inCall: () => calls.running, entered, forget, show,
  left: () => {
    calls.conversation = undefined
    show()
  },
  otherPerson: () => calls.conversation?.leave('over.other_person'),
})
const { press, attempt } = pressing(new Press({
  silent: (err) => err.status === 401 && !session.away, changed: reload, show,
}))
/** @type {Calls} */
const calls = new Calls({
  api, stream, room, attempt, reload, show,
  relayOnly: query.get('relay') === 'only', // shows that the relay carries a call alone
  me: () => session.view?.staff.id ?? '', over: callOver, dismissed,
})

const menu = new Menu()
/** @type {List} */
const list = new List(byId('list'), {
  start: (e) => calls.start(e), resume: (e) => calls.resume(e), restore: (e) => arrange.restore(e), menu: openMenu,
  orders: (e) => orders.open(e),
  card: (e) => cards.open(e),
})
/** @type {Arrange} */
const arrange = new Arrange({ api, press, room, list, root: byId('list') })
const letters = new Letters({ api, press, room, menu, changed: (v) => { session.view = v } })
const handOver = new HandOver(api, press)
const opening = new Opening(setOpening)
const equipment = new Equipment()
const attention = new Attention()
const guests = new GuestsDialog(press)
const correction = new Correction()
const orders = new OrderDialog({ api, correct, me: () => surroundings().me, now: () => room.now })
const record = new RecordDialog(api, press)
const cards = new CardDialog(api)
const panel = new Panel(byId('call'), {
  mute: () => calls.conversation?.own.mute(!calls.conversation.own.muted),
  camera: () => calls.conversation?.own.turnCamera(!calls.conversation.own.cameraOff),
  equipment: openEquipment,
  retry: () => void calls.conversation?.own.open(),
  guests: () => calls.conversation && guests.open(calls.conversation),
  still,
  more: (button, items) => menu.open(button, t('call.more'), items),
  noAnswer: () => void press(async () => calls.conversation?.noAnswer()),
  handOver: () => calls.conversation && giveOver(calls.conversation.entry),
  end: (reason) => void press(async () => calls.conversation?.end(reason)),
  wrong: () => void press(async () => calls.conversation?.wrong()),
  explain: (why) => void press(async () => calls.conversation?.explain(why)),
  again: () => void calls.again(),
  dismiss: () => calls.dismiss(),
  record: () => calls.conversation && record.open(calls.conversation.entry),
  admit: (id) => void press(async () => calls.conversation?.party.admit(id)),
  refuse: (id) => void press(async () => calls.conversation?.party.remove(id)),
  confirm: async (o) => calls.conversation?.readback.confirm(o),
  correct: (o) => calls.conversation && correct(calls.conversation.readback, o),
}, surroundings)

byId('equipment').onclick = openEquipment
byId('equipment').hidden = !canTalk
for (const id of ['language', 'signin-language']) {
  byId(id).onclick = () => void speak(language() === 'da' ? 'en' : 'da')
}
byId('logout').onsubmit = (/** @type {SubmitEvent} */ e) => {
  if (!calls.running && room.waiting.length === 0) return
  e.preventDefault()
  if (calls.running) calls.sayFinishFirst()
  else opening.leaving(() => /** @type {HTMLFormElement} */ (byId('logout')).submit())
}

/** @param {Press} p */
function pressing(p) {
  return { press: p.press.bind(p), attempt: p.attempt.bind(p) }
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

/** Reads the room until it is there, and goes on with the call of before. */
async function entered() {
  if (!canTalk) say(t('call.unsupported'))
  for (;;) {
    try {
      await room.read()
      break
    } catch (err) {
      if (!session.view) return
      say(sentence(err))
      await pause(3000)
    }
  }
  await calls.goOn()
}

/** Takes away what is said about patients outside the call. */
function forget() {
  stream.stop()
  room.forget()
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  menu.hide()
  clear()
  for (const id of ['arrivals', 'moving']) setText(byId(id), '')
}

/** Reads the room on account of an event; a failure comes up again when the stream reconnects. */
function reload() {
  room.read().catch((err) => {
    if (session.view && !session.away) say(sentence(err))
  })
}

/** @param {ClinicEntry[]} fresh @param {Map<string, ClinicEntry>} before @param {string} cursor */
function taken(fresh, before, cursor) {
  if (!session.view || session.away) {
    room.forget()
    return
  }
  calls.conversation?.refresh(room.entries)
  attention.call(fresh, room.entries.filter((e) => mineNow(e) && !mineNow(before.get(e.id))),
    room.entries.filter((e) => e.emergency_at && !before.get(e.id)?.emergency_at))
  stream.read(cursor)
  show()
  arrange.refresh()
}

/** @param {ClinicEntry | undefined} e whether a colleague has handed it over to who looks */
function mineNow(e) {
  return !!session.view && e?.handed_to?.id === session.view.staff.id
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
    { test: 'menu-orders', text: t('ord.title'), when: !!e.unconfirmed, act: () => orders.open(e) },
    { test: 'menu-record', text: t('menu.record'), when: true, act: () => record.open(e) },
    { test: 'menu-hand-over', text: t('menu.hand_over'), when: waiting || !called && e.call?.clinician.id === surroundings().me, act: () => giveOver(e) },
    { test: 'menu-remove', text: t('menu.remove'), when: waiting || called, danger: true, act: () => arrange.remove(e) },
  ]
  menu.open(button, nameOf(e), items.filter((item) => item.when))
}

/** @param {ClinicEntry} e */
function giveOver(e) {
  const c = calls.running && calls.conversation?.entry.id === e.id ? calls.conversation : undefined
  handOver.open(e, session.view?.staff.id ?? '', e.state !== 'waiting', async (to) => {
    if (c) await c.handOver(to.id)
    else await api.post(`/clinic/entries/${e.id}/transfer`, { to: to.id })
    await room.read()
    tell(t('handover.done', { navn: nameOf(e), til: to.name }))
  })
}

/** @param {import('./readback.js').Readback} r @param {import('../wire').Order} o */
function correct(r, o) {
  correction.open(o, (text) => r.correct(o, text))
}

/** Shows the still picture that there is, or asks the tablet for one. */
function still() {
  const x = calls.conversation?.exchange
  if (!x) return
  if (x.stills.all.length > 0) panel.openStill()
  else if (!x.stills.pending && !x.stills.ask('tablet')) say(t('still.no_way'))
}

/** @param {WireEvent} e */
function deliver(e) {
  if (e.room.startsWith('call:')) calls.conversation?.event(e)
  else if (e.type === 'clinic.changed') void readClinic()
  else if (e.type === 'guest.changed') calls.conversation?.party.heard(/** @type {import('../wire').GuestChanged} */ (e.data))
  else {
    if (e.type === 'order.changed') heardOrder(/** @type {import('../wire').OrderChanged} */ (e.data))
    calls.conversation?.heard(e)
    sayWithdrawn(/** @type {import('../wire').EntryChanged} */ (e.data ?? {}))
    reload()
  }
}

/** @param {import('../wire').OrderChanged} o */
function heardOrder({ entry }) {
  if (calls.conversation?.entry.id === entry) void calls.conversation.readback.read()
  orders.heard(entry)
}

/** Who has withdrawn the consent stands on the list no longer; the call of one who does says so itself. @param {import('../wire').EntryChanged} change */
function sayWithdrawn({ entry, reason }) {
  const e = room.find(entry)
  if (reason !== 'consent_withdrawn' || !e || calls.conversation?.entry.id === entry) return
  tell(t('cl.withdrawn', { navn: nameOf(e), n: e.number }))
}

async function readClinic() {
  try {
    session.view = await api.get('/clinic')
    show()
  } catch (err) {
    if (session.view && !session.away) say(sentence(err))
  }
}

/** @param {boolean} live */
function streamChanged(live) {
  lostAt = live ? 0 : Date.now()
  if (live) {
    void calls.conversation?.party.read()
    void calls.conversation?.readback.read()
    orders.heard()
  }
  show()
}

/** A call is over. @returns {boolean} whether the page goes with it */
function callOver() {
  if (!session.away) return false
  session.callOver()
  return true
}

function dismissed() {
  show()
  /** @type {HTMLElement | null} */
  const next = byId('list').querySelector('button:not([hidden])')
  ;(next ?? byId('toggle')).focus()
  reload()
}

/** @param {import('../wire').OpeningRequest} o */
function setOpening(o) {
  void press(async () => {
    session.view = await api.post('/clinic/opening', o)
  })
}

function openEquipment() {
  const own = calls.running ? calls.conversation?.own : undefined
  if (own) {
    void equipment.open({
      stream: () => own.stream, problem: () => own.problem, reopen: () => own.open(), speaker: () => panel.speaker(), close: () => {},
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
  if (session.view) show()
  else session.showSignIn('')
}

function tick() {
  const { view } = session
  if (!view) return
  if (room.expire()) show()
  list.tick(room.now)
  opening.show(view, room.waiting, room.now)
  letters.show(view)
  const until = Date.parse(calls.conversation?.entry.call?.ring_until ?? '')
  panel.tick(until ? Math.max(0, Math.ceil((until - room.now) / 1000)) : 0)
}

function surroundings() {
  return { me: session.view?.staff.id ?? '', here: calls.running ? calls.conversation?.id ?? '' : '', now: room.now }
}

function show() {
  const { view, away } = session
  const c = calls.conversation
  panel.show(c)
  guests.show(c)
  orders.show()
  cards.refresh((id) => room.find(id))
  list.show(room.entries, surroundings())
  const cut = lostAt > 0
  byId('room').classList.toggle('in-call', !!c)
  byId('list').classList.toggle('stale', cut)
  byId('again').hidden = !away
  byId('standing').hidden = away || !room.known
  byId('columns').hidden = room.entries.length === 0
  byId('list-loading').hidden = room.known || away
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
  const phase = calls.conversation?.phase
  if (phase === 'calling') document.title = `${t('cl.title_calling')} ${name}`
  else if (phase === 'connecting' || phase === 'talking') document.title = `${t('cl.title_call')} · ${name}`
  else document.title = name
}

printCards(() => cards.reader ?? (panel.cardOpen ? calls.conversation?.card : undefined))
setInterval(tick, 1000)
setInterval(() => calls.conversation?.tick(), 500)
await firstText()
fillText(document)
const why = query.get('login')
if (query.has('login')) history.replaceState(null, '', location.pathname)
await session.open(why)
