// A text that a person writes or picks: a field, suggestions that fill it with one press, and a sentence when it is
// needed and missing.

import { h, setLine, setText } from '../shared/dom.js'

export class Words {
  #label = h('span')
  #field
  #missing
  #picks = h('div', { class: 'picks' })
  #need = ''
  el

  /** @param {string} name @param {number} most characters @param {boolean} [lines] whether it may have several lines */
  constructor(name, most, lines = false) {
    const props = { autofocus: true, maxlength: String(most), autocomplete: 'off', 'data-test': name, 'aria-describedby': `${name}-missing`, oninput: () => this.#changed() }
    this.#field = lines ? h('textarea', { rows: '4', ...props }) : h('input', { type: 'text', ...props })
    this.#missing = h('p', { class: 'missing', id: `${name}-missing`, role: 'alert', 'data-test': `${name}-missing` })
    this.el = h('div', { class: 'words-field' }, h('label', { class: 'field' }, this.#label, this.#field), this.#missing, this.#picks)
  }

  get text() {
    return this.#field.value.trim()
  }

  /**
   * @param {string} label
   * @param {string[]} picks suggestions
   * @param {string} [need] the sentence that asks for it; without, it may be left out
   */
  reset(label, picks, need = '') {
    setText(this.#label, label)
    this.#need = need
    this.#field.value = ''
    this.#picks.replaceChildren(...picks.map((text) => h('button', {
      class: 'button pick', type: 'button', 'data-test': 'pick', 'aria-pressed': 'false', onclick: () => this.#pick(text),
    }, text)))
    this.#changed()
  }

  /** Whether what is needed is there; if not, it is asked for. */
  complete() {
    if (this.#need === '' || this.text !== '') return true
    setLine(this.#missing, this.#need)
    this.#field.setAttribute('aria-invalid', 'true')
    this.#field.focus()
    return false
  }

  /** @param {string} text */
  #pick(text) {
    this.#field.value = text
    this.#changed()
  }

  #changed() {
    setLine(this.#missing, '')
    this.#field.removeAttribute('aria-invalid')
    for (const b of this.#picks.children) b.setAttribute('aria-pressed', String(b.textContent === this.text))
  }
}
