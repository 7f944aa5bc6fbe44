// One patient in the list: what is so, in words, and what can be done. It changes only where the patient differs, and
// keeps its height: what is long stands in one line here and in full in its dialog.

import { h, icon, setLine, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */

/**
 * What a row needs to know besides its entry.
 * @typedef {{me: string, here: string, now: number, line: string}} Around
 * me: the employee who looks; here: the call that this page runs, if any; now: by the backend's clock; line: the first
 * entry below the line of those who did not answer, if any
 */

/**
 * What a row's buttons ask for.
 * @typedef {object} Wishes
 * @property {(e: ClinicEntry) => Promise<void>} start
 * @property {(e: ClinicEntry) => Promise<void>} resume
 * @property {(e: ClinicEntry) => Promise<void>} restore
 * @property {(e: ClinicEntry) => void} orders
 * @property {(e: ClinicEntry) => void} card
 * @property {(e: ClinicEntry, button: HTMLElement) => void} menu
 */

const minute = 60_000
const late = 20 // minutes after which a wait is long

/** Unanswered calls after which the backend lets a place stand below all others. */
export const belowLine = 3

/** @param {ClinicEntry} e @param {number} now */
export function waited(e, now) {
  return Math.max(0, Math.floor((now - Date.parse(e.joined_at)) / minute))
}

/** @type {Record<string, string>} who can be in the room besides the patient and the helper */
const inRoom = { relative: 'room.relative', colleague: 'room.colleague', interpreter: 'room.interpreter' }

/** @param {string | undefined} room as the nurse has told it: roles with a space between */
export function roomText(room) {
  const who = (room ?? '').split(' ').flatMap((role) => inRoom[role] ?? []).map((key) => t(key))
  return who.length > 0 ? t('row.room', { hvem: who.join(', ') }) : ''
}

/** @param {ClinicEntry} e how many minutes the patient was told at the most */
function told(e) {
  return Math.round((Date.parse(e.told_until ?? '') - Date.parse(e.joined_at)) / minute)
}

/** @param {ClinicEntry} e @returns {string} the patient's name; the registry could not tell all of them */
export function nameOf(e) {
  return e.name || t('row.no_name')
}

/** @param {ClinicEntry} e that 112 was called beside the patient, and when */
export function emergencyText(e) {
  return e.emergency_at ? t('row.emergency', { tid: clock(e.emergency_at) }) : ''
}

/** @param {ClinicEntry} e whether its place in the order can be changed */
export function movable(e) {
  return e.state === 'waiting'
}

export class Row {
  /** @type {ClinicEntry | undefined} */
  #entry
  #wishes
  #here = false
  #busy = false
  #divider = h('p', { class: 'divider', 'data-test': 'below' })
  #number = h('span', { class: 'number', 'data-test': 'number' })
  #name = h('strong', { class: 'name', 'data-test': 'name' })
  #age = h('span', { 'data-test': 'age' })
  #urgent = h('strong', { class: 'flag urgent', 'data-test': 'urgent' })
  #emergency = h('strong', { class: 'flag emergency', 'data-test': 'emergency' })
  #handed = h('strong', { class: 'flag warn', 'data-test': 'handed' })
  #planned = h('span', { class: 'flag', 'data-test': 'planned' })
  #booking = h('span', { class: 'flag warn', 'data-test': 'no-booking' })
  #attachment = h('span', { class: 'flag', 'data-test': 'attachment' })
  #isbar = h('strong', { class: 'flag told', 'data-test': 'isbar-flag' }, 'ISBAR')
  #tobs = h('strong', { class: 'flag told', 'data-test': 'tobs-flag' })
  #masked = h('span', { class: 'muted', 'data-test': 'masked' })
  #source = h('span', { class: 'muted', 'data-test': 'source' })
  #mode = h('span', { class: 'muted', 'data-test': 'mode' })
  #reason = h('p', { 'data-test': 'row-reason' })
  #room = h('p', { 'data-test': 'row-room' })
  #card = h('button', { class: 'button quiet card-open', type: 'button', 'data-test': 'card-open', 'aria-haspopup': 'dialog', onclick: () => this.#entry && this.#wishes.card(this.#entry) })
  #minutes = h('span', { 'data-test': 'waited' })
  #late = h('strong', { class: 'late-word', 'data-test': 'late' })
  #helper = h('p', { class: 'helper', 'data-test': 'helper' })
  #place = h('p', { class: 'muted beside-place', 'data-test': 'place' })
  #presence = h('p', { class: 'presence', 'data-test': 'presence' })
  #mark = h('p', { class: 'mark', 'data-test': 'mark' })
  #orders = h('p', { class: 'mark', 'data-test': 'ring-back' })
  #moved = h('p', { class: 'note', 'data-test': 'moved' })
  #message = h('p', { class: 'note message', 'data-test': 'message-line' })
  #state = h('p', { class: 'state', 'data-test': 'state' })
  #action = h('button', { class: 'button', type: 'button', 'data-test': 'start', onclick: () => void this.#press() })
  #menu = h('button', {
    class: 'button menu-button', type: 'button', 'data-test': 'menu-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: () => this.#entry && this.#wishes.menu(this.#entry, this.#menu),
  }, icon('more'))
  handle = h('button', { class: 'handle', type: 'button', 'data-test': 'handle', 'aria-describedby': 'handle-help' }, icon('grip'))
  el = h('li', { class: 'row', 'data-test': 'row' }, this.#divider,
    h('div', { class: 'cell-number' }, this.handle, this.#number),
    h('p', { class: 'cell-who' }, this.#name, ' ', this.#age),
    h('div', { class: 'cell-facts' },
      h('p', { class: 'facts' }, this.#emergency, this.#urgent, this.#handed, this.#planned, this.#booking, this.#attachment, this.#isbar, this.#tobs,
        this.#masked, this.#source, this.#mode)),
    h('div', { class: 'cell-reason' }, this.#reason, this.#card),
    h('div', { class: 'cell-waited' }, h('p', {}, this.#minutes), this.#late),
    h('div', { class: 'cell-beside' }, this.#helper, this.#room, this.#place, this.#presence),
    h('div', { class: 'cell-notes' }, this.#mark, this.#orders, this.#moved, this.#message),
    h('div', { class: 'cell-action' }, this.#state, h('div', { class: 'buttons' }, this.#action, this.#menu)))

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.#wishes = wishes
  }

  get id() {
    return this.#entry?.id ?? ''
  }

  /** @param {ClinicEntry} e @param {Around} around */
  show(e, around) {
    this.#entry = e
    this.#here = !!e.call && e.call.id === around.here
    this.el.dataset.entry = e.id
    this.el.dataset.state = e.state
    this.el.classList.toggle('here', this.#here)
    this.el.classList.toggle('removed', !!e.restorable)
    this.el.classList.toggle('ended', e.state === 'ended')
    setLine(this.#divider, e.id === around.line ? t('row.below') : '')
    setText(this.#number, String(e.number))
    setText(this.#name, nameOf(e))
    setText(this.#age, t('row.age', { alder: e.age }))
    this.#showFlags(e, around)
    setText(this.#masked, e.masked)
    setText(this.#source, sourceText(e))
    setText(this.#mode, e.mode === 'videokonference' ? t('row.conference') : t('row.consultation'))
    setText(this.#reason, e.reason || t('row.no_reason'))
    this.#reason.classList.toggle('muted', !e.reason)
    setLine(this.#helper, e.helper?.name ? `${e.helper.name}, ${e.helper.title}` : '')
    setLine(this.#room, roomText(e.room))
    setLine(this.#place, e.helper ? `${e.helper.place}, ${e.helper.municipality}` : '')
    setText(this.#presence, presenceText(e))
    this.#presence.classList.toggle('away', e.presence !== 'here')
    setLine(this.#moved, e.moved ? t(e.urgent ? 'row.urgent_by' : 'row.moved', { navn: e.moved.by.name, grund: e.moved.reason }) : '')
    setLine(this.#message, messageText(e))
    setLine(this.#orders, e.unconfirmed && (e.state === 'waiting' || e.state === 'ended') ? t('row.ring_back') : '')
    this.#showActions(e, around)
    this.tick(around)
  }

  /** @param {Around} around */
  tick(around) {
    const e = this.#entry
    if (!e) return
    const n = waited(e, around.now)
    const beyond = !!e.told_until && around.now > Date.parse(e.told_until)
    const long = e.state === 'waiting' && (beyond || n >= late)
    setText(this.#minutes, e.state === 'ended' ? '' : t('row.minutes', { n }))
    setLine(this.#late, !long ? '' : beyond ? t('row.beyond', { n: told(e) }) : t('row.late'))
    this.el.classList.toggle('late', long)
    setLine(this.#mark, markText(e, around.now))
    if (e.restorable) {
      setText(this.#action, t('row.restore_in', { n: Math.max(0, Math.ceil((Date.parse(e.restore_until ?? '') - around.now) / 1000)) }))
    }
  }

  /** What may take the focus in this row, the kind of button that had it elsewhere first. @param {string} [kind] */
  focusable(kind = 'start') {
    const all = [this.#action, this.#card, this.handle, this.#menu].filter((b) => !b.hidden)
    return all.find((b) => b.dataset.test === kind) ?? all[0]
  }

  /** @param {ClinicEntry} e @param {Around} around */
  #showFlags(e, around) {
    setLine(this.#emergency, emergencyText(e))
    setLine(this.#urgent, e.urgent ? t('row.urgent') : '')
    setLine(this.#handed, handedText(e, around.me))
    setLine(this.#planned, e.planned_at ? t('row.planned', { tid: clock(e.planned_at) }) : '')
    setLine(this.#booking, e.no_booking ? t('row.no_booking') : '')
    setLine(this.#attachment, attachmentText(e))
    this.#attachment.classList.toggle('warn', e.attachment === 'unchecked')
    this.#isbar.hidden = !e.card?.isbar
    setLine(this.#tobs, tobsText(e))
  }

  /** @param {ClinicEntry} e @param {Around} around */
  #showActions(e, around) {
    const mine = e.call?.clinician.id === around.me
    const waiting = e.state === 'waiting'
    const whom = `${nameOf(e)}, ${t('row.age', { alder: e.age })}`
    setLine(this.#state, waiting ? '' : stateText(e, mine))
    this.#action.hidden = !waiting && !e.restorable && e.state !== 'ended' && (!mine || this.#here)
    this.#action.classList.toggle('go', waiting && !around.here)
    const word = actionText(e)
    if (!e.restorable) setText(this.#action, word)
    this.#action.setAttribute('aria-label', `${word}: ${whom}`)
    this.#menu.hidden = !!e.restorable || e.state === 'ended' || (!waiting && e.state !== 'called' && !mine && !e.unconfirmed)
    this.#menu.setAttribute('aria-label', t('row.menu', { navn: whom }))
    this.#card.hidden = !e.card?.isbar && !e.card?.tobs
    setText(this.#card, t('card.open'))
    this.#card.setAttribute('aria-label', `${t('card.open')}: ${whom}`)
    this.handle.hidden = !movable(e)
    this.handle.setAttribute('aria-label', t('row.handle', { navn: nameOf(e) }))
  }

  async #press() {
    const e = this.#entry
    if (!e || this.#busy) return
    if (e.state === 'ended') {
      this.#wishes.orders(e)
      return
    }
    this.#busy = true
    this.#action.setAttribute('aria-disabled', 'true')
    try {
      if (e.restorable) await this.#wishes.restore(e)
      else await (e.state === 'waiting' ? this.#wishes.start(e) : this.#wishes.resume(e))
    } finally {
      this.#busy = false
      this.#action.removeAttribute('aria-disabled')
    }
  }
}

/** @param {ClinicEntry} e what its first button does */
function actionText(e) {
  if (e.restorable) return t('row.restore')
  if (e.state === 'ended') return t('row.orders')
  if (e.state !== 'waiting') return t('cl.continue')
  return e.no_answers ? t('cl.call_again') : t('cl.start')
}

/** @param {ClinicEntry} e */
function sourceText(e) {
  switch (e.source) {
    case 'tablet': return t('cl.source_tablet')
    case 'min_laege': return t('cl.source_app')
    case 'sms': return t('cl.source_sms')
    case 'passant': return t('cl.source_passant')
    default: return ''
  }
}

/** @param {ClinicEntry} e */
function attachmentText(e) {
  switch (e.attachment) {
    case 'cover': return t('row.cover')
    case 'unchecked': return t('row.unchecked')
    default: return ''
  }
}

/** @param {ClinicEntry} e the total where it is one; it orders nothing */
function tobsText({ card }) {
  if (!card?.tobs) return ''
  return card.total === undefined ? t('row.tobs_incomplete') : t('row.tobs', { n: card.total })
}

/** @param {ClinicEntry} e @param {string} me */
function handedText(e, me) {
  if (!e.handed_to) return ''
  const fra = e.handed_by?.name ?? ''
  if (e.handed_to.id === me) return fra ? t('row.handed_to_you', { navn: fra }) : t('row.handed_you')
  return t('row.handed_to', { navn: e.handed_to.name })
}

/** @param {ClinicEntry} e */
function presenceText(e) {
  const tablets = e.holders > 1 ? ` · ${t('row.tablets', { n: e.holders })}` : ''
  switch (e.presence) {
    case 'here': return t('row.here') + tablets
    case 'away': return t('row.away') + tablets
    default: return t('row.no_contact') + tablets
  }
}

/** @param {ClinicEntry} e the last word to this place, and whether it has been read */
function messageText(e) {
  const m = e.messages?.at(-1)
  if (!m) return ''
  const read = m.read_at ? t('row.read', { tid: clock(m.read_at) }) : t('row.unread')
  return `${t('row.message', { tid: clock(m.at), tekst: m.text })} · ${read}`
}

/** @param {ClinicEntry} e @param {boolean} mine */
function stateText(e, mine) {
  const navn = e.call?.clinician.name ?? ''
  switch (e.state) {
    case 'left': return t('row.removed')
    case 'ended': return t('row.ended')
    case 'called': return mine ? t('cl.calling_you') : t('cl.calling_by', { navn })
    case 'interrupted': return t('row.interrupted')
    default: return mine ? t('cl.talking_you') : t('cl.talking_by', { navn })
  }
}

/** @param {ClinicEntry} e @param {number} now */
function markText(e, now) {
  if (e.postponed_to && Date.parse(e.postponed_to) > now) return t('row.postponed', { tid: clock(e.postponed_to) })
  if (e.no_answer_at && e.no_answers) {
    const tid = clock(e.no_answer_at)
    return e.no_answers === 1 ? t('row.no_answer_once', { tid }) : t('row.no_answer_times', { n: e.no_answers, tid })
  }
  return ''
}
