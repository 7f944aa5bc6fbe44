// The waiting room as a list: one row a patient, kept in place and changed only where it differs, so that focus,
// reading and pointer stay where they are when others come and go.

import { h, setLine, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */

/**
 * What the list needs to know besides the entries.
 * @typedef {{me: string, here: string, now: number}} Around
 * me: the employee who looks; here: the call that this page runs, if any; now: by the backend's clock
 */

const minute = 60_000
const late = 20 // minutes after which a wait is long

/** @param {ClinicEntry} e @param {number} now */
export function waited(e, now) {
  return Math.max(0, Math.floor((now - Date.parse(e.joined_at)) / minute))
}

export class List {
  #root
  #start
  #resume
  /** @type {Map<string, Row>} */
  #rows = new Map()

  /**
   * @param {HTMLElement} root
   * @param {(e: ClinicEntry) => Promise<void>} start
   * @param {(e: ClinicEntry) => Promise<void>} resume
   */
  constructor(root, start, resume) {
    this.#root = root
    this.#start = start
    this.#resume = resume
    root.addEventListener('keydown', (e) => this.#arrow(e))
  }

  /** @param {ClinicEntry[]} entries in the order in which they are to be seen @param {Around} around */
  show(entries, around) {
    const held = this.#focused()
    /** @type {Row[]} */
    const rows = []
    for (const e of entries) {
      const row = this.#rows.get(e.id) ?? new Row(this.#start, this.#resume)
      this.#rows.set(e.id, row)
      row.show(e, around)
      rows.push(row)
    }
    const old = [...this.#rows.values()]
    for (const [id, row] of this.#rows) {
      if (rows.includes(row)) continue
      this.#rows.delete(id)
      row.el.remove()
    }
    this.#arrange(rows, held)
    if (held && !this.#rows.has(held.id)) {
      const next = old.slice(old.indexOf(held)).concat(rows).find((r) => this.#rows.has(r.id) && r.focusable())
      ;(next?.focusable() ?? this.#root).focus()
    }
  }

  /** @param {Around} around */
  tick(around) {
    for (const row of this.#rows.values()) row.tick(around)
  }

  #focused() {
    return [...this.#rows.values()].find((r) => r.el.contains(document.activeElement))
  }

  /**
   * Puts the rows in order without ever moving the one that holds the focus: moving it would lose the focus.
   * @param {Row[]} rows @param {Row | undefined} held
   */
  #arrange(rows, held) {
    const at = held ? rows.indexOf(held) : -1
    for (let i = at - 1; i >= 0; i--) {
      const next = rows[i + 1].el
      if (next.previousSibling !== rows[i].el) this.#root.insertBefore(rows[i].el, next)
    }
    for (let i = at + 1; i < rows.length; i++) {
      const next = i === 0 ? this.#root.firstChild : rows[i - 1].el.nextSibling
      if (next !== rows[i].el) this.#root.insertBefore(rows[i].el, next)
    }
  }

  /** @param {KeyboardEvent} e */
  #arrow(e) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[e.key]
    if (step === undefined || e.altKey || e.ctrlKey || e.metaKey) return
    /** @type {HTMLElement[]} */
    const stops = [...this.#root.querySelectorAll('button')].filter((b) => !b.hidden)
    if (stops.length === 0) return
    const at = stops.findIndex((b) => b === document.activeElement)
    stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus()
    e.preventDefault()
  }
}

class Row {
  id = ''
  /** @type {ClinicEntry | undefined} */
  #entry
  #here = false
  #busy = false
  #number = h('span', { class: 'number', 'data-test': 'number' })
  #name = h('strong', { class: 'name', 'data-test': 'name' })
  #age = h('span', { 'data-test': 'age' })
  #masked = h('span', { class: 'muted', 'data-test': 'masked' })
  #source = h('span', { class: 'muted', 'data-test': 'source' })
  #mode = h('span', { class: 'muted', 'data-test': 'mode' })
  #reason = h('p', { class: 'reason', 'data-test': 'reason' })
  #minutes = h('span', { 'data-test': 'waited' })
  #late = h('strong', { class: 'late-word', 'data-test': 'late' })
  #helper = h('p', { class: 'helper', 'data-test': 'helper' })
  #place = h('p', { class: 'muted beside-place', 'data-test': 'place' })
  #presence = h('p', { class: 'presence', 'data-test': 'presence' })
  #mark = h('p', { class: 'mark', 'data-test': 'mark' })
  #state = h('p', { class: 'state', 'data-test': 'state' })
  #action = h('button', { class: 'button', type: 'button', 'data-test': 'start', onclick: () => void this.#press() })
  el = h('li', { class: 'row', 'data-test': 'row' },
    h('div', { class: 'cell-number' }, this.#number),
    h('p', { class: 'cell-who' }, this.#name, ' ', this.#age),
    h('div', { class: 'cell-facts' }, h('p', { class: 'facts' }, this.#masked, this.#source, this.#mode), this.#mark),
    h('div', { class: 'cell-reason' }, this.#reason),
    h('div', { class: 'cell-waited' }, h('p', {}, this.#minutes), this.#late),
    h('div', { class: 'cell-beside' }, this.#helper, this.#place, this.#presence),
    h('div', { class: 'cell-action' }, this.#state, this.#action))

  #start
  #resume

  /**
   * @param {(e: ClinicEntry) => Promise<void>} start
   * @param {(e: ClinicEntry) => Promise<void>} resume
   */
  constructor(start, resume) {
    this.#start = start
    this.#resume = resume
  }

  /** @param {ClinicEntry} e @param {Around} around */
  show(e, around) {
    this.id = e.id
    this.#entry = e
    this.#here = !!e.call && e.call.id === around.here
    this.el.dataset.entry = e.id
    this.el.dataset.state = e.state
    this.el.classList.toggle('here', this.#here)
    setText(this.#number, String(e.number))
    setText(this.#name, e.name)
    setText(this.#age, t('row.age', { alder: e.age }))
    setText(this.#masked, e.masked)
    setText(this.#source, sourceText(e))
    setText(this.#mode, e.mode === 'videokonference' ? t('row.conference') : t('row.consultation'))
    setText(this.#reason, e.reason || t('row.no_reason'))
    this.#reason.classList.toggle('muted', !e.reason)
    setLine(this.#helper, e.helper ? `${e.helper.name}, ${e.helper.title}` : '')
    setLine(this.#place, e.helper ? `${e.helper.place}, ${e.helper.municipality}` : '')
    const away = e.presence !== 'here'
    setText(this.#presence, presenceText(e))
    this.#presence.classList.toggle('away', away)
    setLine(this.#mark, markText(e, around.now))
    this.#showAction(e, around)
    this.tick(around)
  }

  /** @param {Around} around */
  tick(around) {
    const e = this.#entry
    if (!e) return
    const n = waited(e, around.now)
    const long = e.state === 'waiting' && n >= late
    setText(this.#minutes, t('row.minutes', { n }))
    setLine(this.#late, long ? t('row.late') : '')
    this.el.classList.toggle('late', long)
    setLine(this.#mark, markText(e, around.now))
  }

  /** What may take the focus in this row. */
  focusable() {
    return this.#action.hidden ? undefined : this.#action
  }

  /** @param {ClinicEntry} e @param {Around} around */
  #showAction(e, around) {
    const mine = e.call?.clinician.id === around.me
    const waiting = e.state === 'waiting'
    setLine(this.#state, waiting ? '' : stateText(e, mine))
    this.#action.hidden = !waiting && (!mine || this.#here)
    this.#action.classList.toggle('go', waiting && !around.here)
    const word = !waiting ? t('cl.continue') : e.no_answers ? t('cl.call_again') : t('cl.start')
    setText(this.#action, word)
    this.#action.setAttribute('aria-label', `${word}: ${e.name}, ${t('row.age', { alder: e.age })}`)
  }

  async #press() {
    const e = this.#entry
    if (!e || this.#busy) return
    this.#busy = true
    this.#action.setAttribute('aria-disabled', 'true')
    try {
      await (e.state === 'waiting' ? this.#start(e) : this.#resume(e))
    } finally {
      this.#busy = false
      this.#action.removeAttribute('aria-disabled')
    }
  }
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
function presenceText(e) {
  switch (e.presence) {
    case 'here': return t('row.here')
    case 'away': return t('row.away')
    default: return t('row.no_contact')
  }
}

/** @param {ClinicEntry} e @param {boolean} mine */
function stateText(e, mine) {
  const navn = e.call?.clinician.name ?? ''
  switch (e.state) {
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
