// The guest's page: a link, a name, leave for camera and microphone, the lobby, the call, the end. One screen at a time.

import { Api, pause } from '../shared/api.js'
import { byId, setLine, setText } from '../shared/dom.js'
import { Stream } from '../shared/stream.js'
import { canTalk } from '../shared/talk/devices.js'
import { Equipment } from '../shared/talk/equipment.js'
import { chosenLanguage, fillText, language, loadText, t } from '../shared/text.js'
import { devicesScreen, nameScreen, overScreen } from './door.js'
import { RoomScreen } from './room.js'
import { Visit } from './visit.js'

const linkKept = 'kontakt.link' // until it is opened, in this tab alone
const devicesAsked = 'kontakt.devices'

/** The secret of the link leaves the address, where others could read it, before anything else is done. */
function takeToken() {
  const fresh = location.hash.slice(1)
  if (location.hash) history.replaceState(null, '', location.pathname + location.search)
  if (fresh) {
    sessionStorage.setItem(linkKept, fresh)
    sessionStorage.removeItem(devicesAsked)
  }
  return sessionStorage.getItem(linkKept) ?? ''
}

const token = takeToken()
const relayOnly = new URLSearchParams(location.search).get('relay') === 'only' // shows that the relay carries a call alone

const api = new Api(() => {}, 'guest')
/** @type {Stream} */
const stream = new Stream({
  api, deliver: (e) => visit.event(e), resync: () => visit.read(),
  changed: (live) => setLine(byId('stream'), live || visit.phase === 'over' ? '' : t('stream.lost')),
})
/** @type {Visit} */
const visit = new Visit({ api, stream, token, relayOnly, changed: show })
const equipment = new Equipment()
/** @type {RoomScreen | undefined} */
let room
let shown = ''
let asking = sessionStorage.getItem(devicesAsked) === null

addEventListener('hashchange', () => location.reload()) // another link was opened in this tab
byId('language').onclick = () => void speak(language() === 'da' ? 'en' : 'da')

/** @param {string} name */
async function enter(name) {
  await visit.enter(name)
  sessionStorage.removeItem(linkKept)
}

/** @param {boolean} open */
function devicesChosen(open) {
  asking = false
  sessionStorage.setItem(devicesAsked, open ? 'open' : 'without')
  if (open) void visit.own.open()
  show()
}

function openEquipment() {
  const { own } = visit
  void equipment.open({
    stream: () => own.stream, problem: () => own.problem, reopen: () => own.open(), speaker: () => room?.speaker(), close: () => {},
  }, own.tracks.audio !== null || own.tracks.video !== null)
}

/** Which screen it is now; a screen is made once and then only changed. */
function show() {
  if (visit.phase === 'start') return
  setText(byId('clinic'), visit.view?.clinic ?? '')
  setText(byId('language'), t('in.other_language'))
  document.title = t('page.title')
  const inside = visit.phase === 'lobby' || visit.phase === 'call'
  const screen = inside && asking ? 'devices' : inside ? 'room' : visit.phase
  if (screen === 'over') setLine(byId('stream'), '')
  if (screen !== shown) put(screen)
  room?.show()
}

/** @param {string} screen */
function put(screen) {
  shown = screen
  room?.close()
  room = undefined
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  document.body.dataset.screen = screen
  byId('page').replaceChildren(make(screen))
  byId('page').focus()
}

/** @param {string} screen @returns {HTMLElement} */
function make(screen) {
  if (screen === 'name') return nameScreen(enter)
  if (screen === 'over') return over()
  if (screen === 'devices') {
    return devicesScreen(visit.view?.clinic ?? '', { open: () => devicesChosen(true), without: () => devicesChosen(false) })
  }
  room = new RoomScreen(visit, { equipment: openEquipment, retry: () => void visit.own.open(), leave: () => void visit.leave() })
  void keepAwake()
  return room.el
}

function over() {
  sessionStorage.removeItem(linkKept)
  const tlf = visit.view?.phone ?? visit.said.tlf ?? ''
  const klinik = visit.view?.clinic ?? visit.said.klinik ?? ''
  return overScreen(t(visit.outcome, { klinik, tlf }), what(visit.outcome, klinik), tlf)
}

/** @param {string} outcome @param {string} klinik */
function what(outcome, klinik) {
  switch (outcome) {
    case 'over.removed': return t('over.removed_what', { klinik })
    case 'over.ended': return t('over.ended_what', { klinik })
    case 'over.self': return t('over.self_what')
    case 'over.elsewhere': return t('over.elsewhere_what')
    case 'over.no_link': return t('over.no_link_what')
    case 'over.unsupported': return t('over.unsupported_what')
    default: return ''
  }
}

/** A telephone's screen stays on while its owner waits and talks. */
async function keepAwake() {
  try {
    await navigator.wakeLock?.request('screen')
  } catch {
    // Refused, as with a battery that is low.
  }
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && room) void keepAwake()
})

/** @param {string} wanted */
async function speak(wanted) {
  try {
    await loadText(wanted)
  } catch {
    return // the backend is away: the language stays
  }
  fillText(document)
  shown = ''
  show()
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

setInterval(() => visit.tick(), 500)
setInterval(() => room?.tick(), 1000)
await firstText()
fillText(document)
if (canTalk && !asking && sessionStorage.getItem(devicesAsked) === 'open') void visit.own.open()
if (canTalk) await visit.open()
else visit.cannot() // before the link is opened: it stays good for another browser
