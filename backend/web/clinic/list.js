// The waiting room as a list: one row a patient, kept in place and changed only where it differs, so that focus,
// reading and pointer stay where they are when others come and go. While somebody moves a patient the order is held as
// it was; the backend's order comes back with the release.

import { belowLine, movable, Row } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('./row.js').Around} Around */

export class List {
  #root
  #wishes
  /** @type {Map<string, Row>} */
  #rows = new Map()
  /** @type {ClinicEntry[]} in the backend's order */
  #entries = []
  /** @type {string[]} as shown */
  #order = []
  #held = false
  /** @type {ClinicEntry[]} as they stood when the order was held */
  #base = []
  /** @type {Omit<Around, 'line'>} */
  #around = { me: '', here: '', now: 0 }

  /** @param {HTMLElement} root @param {import('./row.js').Wishes} wishes */
  constructor(root, wishes) {
    this.#root = root
    this.#wishes = wishes
    root.addEventListener('keydown', (e) => this.#arrow(e))
  }

  /** @param {ClinicEntry[]} entries in the order in which they are to be seen @param {Omit<Around, 'line'>} around */
  show(entries, around) {
    this.#entries = entries
    this.#around = around
    const held = this.#focused()
    const kind = focusedKind()
    const old = this.#order.flatMap((id) => this.#rows.get(id) ?? [])
    const near = { ...around, line: lineAt(entries) }
    for (const e of entries) {
      const row = this.#rows.get(e.id) ?? new Row(this.#wishes)
      this.#rows.set(e.id, row)
      row.show(e, near)
    }
    const ids = entries.map((e) => e.id)
    for (const [id, row] of this.#rows) {
      if (ids.includes(id)) continue
      this.#rows.delete(id)
      row.el.remove()
    }
    this.#order = this.#held ? [...this.#order.filter((id) => ids.includes(id)), ...ids.filter((id) => !this.#order.includes(id))] : this.#stay(ids)
    this.#arrange(held && this.#rows.has(held.id) ? held : undefined)
    if (!held || this.#rows.has(held.id)) return
    const next = old.slice(old.indexOf(held)).concat(old).find((r) => this.#rows.has(r.id))
    ;(next?.focusable(kind) ?? this.#root).focus()
  }

  /** @param {number} now by the backend's clock */
  tick(now) {
    const near = { ...this.#around, now, line: lineAt(this.#entries) }
    for (const row of this.#rows.values()) row.tick(near)
  }

  /** Whether somebody moves a patient, so that the order stands still. */
  get held() {
    return this.#held
  }

  /** Those whose place can be changed, in the order in which they are shown. */
  get movable() {
    return this.#order.flatMap((id) => this.#entries.filter((e) => e.id === id && movable(e)))
  }

  /** @param {string} id */
  row(id) {
    return this.#rows.get(id)
  }

  hold() {
    if (this.#held) return
    this.#held = true
    this.#base = this.#entries
  }

  /** What the order was, by the backend, when it was held. */
  get base() {
    return this.#base
  }

  /** Goes back to the backend's order. */
  release() {
    this.#held = false
    this.show(this.#entries, this.#around)
  }

  /** While held: shows a patient before another; before none, it is shown after all others that can be moved. @param {string} id @param {string} before */
  put(id, before) {
    const others = this.movable.filter((e) => e.id !== id)
    const rest = this.#order.filter((other) => other !== id)
    const at = before ? rest.indexOf(before) : rest.indexOf(others.at(-1)?.id ?? '') + 1
    rest.splice(at, 0, id)
    this.#order = rest
    this.#arrange(this.#rows.get(id))
  }

  /** @param {string} id @param {string} [kind] of button */
  focus(id, kind) {
    this.#rows.get(id)?.focusable(kind)?.focus()
  }

  /** One who was removed stands where the patient stood as long as that can be taken back. @param {string[]} ids in the backend's order */
  #stay(ids) {
    const order = [...ids]
    for (const { id, restorable } of this.#entries) {
      const at = this.#order.indexOf(id)
      if (!restorable || at < 0) continue
      order.splice(order.indexOf(id), 1)
      const above = this.#order.slice(0, at).findLast((other) => order.includes(other))
      order.splice(above ? order.indexOf(above) + 1 : 0, 0, id)
    }
    return order
  }

  #focused() {
    return [...this.#rows.values()].find((r) => r.el.contains(document.activeElement))
  }

  /**
   * Puts the rows in order without ever moving the held one: moving it would lose its focus and its pointer.
   * @param {Row | undefined} held
   */
  #arrange(held) {
    const rows = this.#order.flatMap((id) => this.#rows.get(id) ?? [])
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

  /** Arrows walk from row to row, to the same kind of button. @param {KeyboardEvent} e */
  #arrow(e) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[e.key]
    if (step === undefined || e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return
    const kind = focusedKind()
    const stops = this.#order.flatMap((id) => this.#rows.get(id)?.focusable(kind) ?? [])
    if (stops.length === 0) return
    const here = this.#focused()
    const at = stops.findIndex((b) => here?.el.contains(b))
    stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus()
    e.preventDefault()
  }
}

/** Which of a row's buttons has the focus. */
function focusedKind() {
  return document.activeElement instanceof HTMLElement ? document.activeElement.dataset.test : undefined
}

/** @param {ClinicEntry[]} entries @returns {string} the first below the line */
function lineAt(entries) {
  return entries.find((e) => e.state === 'waiting' && (e.no_answers ?? 0) >= belowLine)?.id ?? ''
}
