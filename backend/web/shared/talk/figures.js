// The figures of a call for who wants to know why it looks as it does: one column a participant, over the picture, by
// Ctrl+Alt+S.

import { h } from '../dom.js'
import { t } from '../text.js'

/** @typedef {import('./call.js').Remote} Remote */
/** @typedef {import('./quality.js').Figures} Figures */

/** @type {[string, (f: Figures, r: Remote) => string][]} */
const lines = [
  ['stats.rtt', (f) => unit(f.rtt, 'ms')],
  ['stats.down', (f) => unit(f.down, 'kbit/s')],
  ['stats.up', (f) => unit(f.up, 'kbit/s')],
  ['stats.available', (f) => unit(f.available, 'kbit/s')],
  ['stats.lost', (f) => `${percent(f.lostDown)} / ${percent(f.lostUp)}`],
  ['stats.jitter', (f) => unit(f.jitter, 'ms')],
  ['stats.path', (f) => f.path ?? '–'],
  ['stats.seen', (f) => f.seen ?? '–'],
  ['stats.sent', (f) => f.sent ?? '–'],
  ['stats.rung', (_, r) => `${r.rung || '–'} / ${r.ladder.rung}`],
]

/** @param {number | undefined} n @param {string} of */
function unit(n, of) {
  return n === undefined ? '–' : `${Math.round(n)} ${of}`
}

/** @param {number | undefined} n 0–1 */
function percent(n) {
  return n === undefined ? '–' : `${(n * 100).toFixed(1)} %`
}

export class FiguresTable {
  el = h('div', { class: 'figures', 'data-test': 'stats', hidden: true })

  #keys = new AbortController()

  constructor() {
    addEventListener('keydown', (e) => {
      if (!e.ctrlKey || !e.altKey || e.code !== 'KeyS') return
      e.preventDefault()
      this.el.hidden = !this.el.hidden
    }, { signal: this.#keys.signal })
  }

  close() {
    this.#keys.abort()
  }

  /** @param {Remote[]} remotes @param {(r: Remote) => string} name */
  show(remotes, name) {
    if (this.el.hidden) return
    this.el.replaceChildren(h('table', {},
      h('thead', {}, h('tr', {}, h('td'), ...remotes.map((r) => h('th', { scope: 'col' }, name(r))))),
      h('tbody', {}, ...lines.map(([key, of]) => h('tr', {}, h('th', { scope: 'row' }, t(key)),
        ...remotes.map((r) => h('td', {}, of(r.watch.figures, r))))))))
  }
}
