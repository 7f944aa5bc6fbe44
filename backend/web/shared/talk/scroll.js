// Text written and read while the call goes on: each one's lines, those being written too, and one's own line below.

import { h, setLine, setText } from '../dom.js'
import { clock, t } from '../text.js'

/** @typedef {import('./exchange.js').Exchange} Exchange */

const most = 300 // characters of a line

export class Scroll {
  #title = h('h3', { class: 'unseen', id: 'scroll-title' })
  #lines = h('ol')
  #log = h('div', { class: 'scroll-log', role: 'log', tabindex: '0', 'aria-labelledby': 'scroll-title', 'data-test': 'written' }, this.#lines)
  #live = h('ul', { class: 'scroll-live', 'data-test': 'writing' })
  #label = h('span', { class: 'unseen' })
  #field = h('input', { type: 'text', maxlength: String(most), autocomplete: 'off', 'data-test': 'write' })
  #done = h('button', { class: 'button', type: 'submit', 'data-test': 'write-done' })
  #form = h('form', { class: 'scroll-own' }, h('label', { class: 'field' }, this.#label, this.#field), this.#done)
  #hint = h('p', { class: 'muted', id: 'scroll-hint' })
  #name
  #me
  #drawn = ''
  /** @type {Exchange | undefined} */
  #exchange

  el = h('section', { class: 'scroll', 'aria-labelledby': 'scroll-title', 'data-test': 'scroll' }, this.#title, this.#log, this.#live, this.#form, this.#hint)

  /** @param {{me: string, name: (id: string) => string}} opt how each is called */
  constructor({ me, name }) {
    this.#me = me
    this.#name = name
    this.#field.setAttribute('aria-describedby', 'scroll-hint')
    this.#field.addEventListener('input', () => this.#exchange?.type(this.#field.value))
    this.#form.addEventListener('submit', (e) => {
      e.preventDefault()
      if (this.#field.value.trim() !== '') this.#exchange?.endLine()
      this.#field.value = ''
    })
  }

  focus() {
    this.#field.focus()
  }

  /** @param {Exchange} x */
  show(x) {
    if (x !== this.#exchange) {
      this.#exchange = x
      this.#field.value = ''
    }
    setText(this.#title, t('write.title'))
    setText(this.#label, t('write.label'))
    setText(this.#done, t('write.done'))
    setText(this.#hint, t('write.hint'))
    this.#field.placeholder = t('write.label')
    this.#showDone(x)
    this.#showLive(x)
  }

  /** Whether anybody but this end has written anything. @param {Exchange} x */
  static count(x, me = 'clinic') {
    let n = 0
    for (const [id, s] of x.scripts) {
      if (id !== me) n += s.done.length + (s.line === '' ? 0 : 1)
    }
    return n
  }

  /** @param {Exchange} x */
  #showDone(x) {
    const all = [...x.scripts].flatMap(([id, s]) => s.done.map((line) => ({ id, ...line }))).sort((a, b) => a.at - b.at)
    const drawn = JSON.stringify(all)
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#lines.replaceChildren(...all.map((line) => this.#line(line.id, line.text, clock(line.at))))
    this.#log.scrollTop = this.#log.scrollHeight
  }

  /** The lines being written are no part of the log: a screen reader would say each letter. @param {Exchange} x */
  #showLive(x) {
    const now = [...x.scripts].filter(([id, s]) => id !== this.#me && s.line !== '')
    const before = /** @type {HTMLElement[]} */ ([...this.#live.children])
    for (const el of before) {
      if (!now.some(([id]) => id === el.dataset.from)) el.remove()
    }
    for (const [id, s] of now) {
      const el = before.find((el) => el.dataset.from === id)
      if (el) setText(/** @type {Element} */ (el.lastElementChild), s.line)
      else this.#live.append(this.#line(id, s.line, t('write.writing')))
    }
    setLine(this.#hint, now.length > 0 ? '' : t('write.hint'))
  }

  /** @param {string} id @param {string} text @param {string} when */
  #line(id, text, when) {
    const own = id === this.#me
    const el = h('li', { class: own ? 'said-own' : 'said-other' },
      h('span', { class: 'said-who' }, `${own ? t('write.you') : this.#name(id)} · ${when}`), h('span', { class: 'said-text' }, text))
    el.dataset.from = id
    return el
  }
}
