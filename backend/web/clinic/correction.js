// The dialog in which the doctor corrects an order: another is written in its place, and the old one stays to be seen.

import { h, setLine, setText } from '../shared/dom.js'
import { sentence, t } from '../shared/text.js'

/** @typedef {import('../wire').Order} Order */
/** @typedef {import('../wire').OrderText} OrderText */

/** @type {[keyof OrderText, () => string][]} the lines in the order in which they are read aloud, with their names */
const lines = [
  ['what', () => t('ord.what')], ['dose', () => t('ord.dose')], ['how_often', () => t('ord.how_often')], ['from', () => t('ord.begin')], ['until', () => t('ord.end')],
]

export class Correction {
  #title = h('h2', { id: 'correction-title' })
  #text = h('p')
  #fields = lines.map(([line, name]) => ({
    line, name, label: h('span'), input: h('input', { type: 'text', maxlength: '120', autocomplete: 'off', 'data-test': `correct-${line}` }),
  }))
  #problem = h('p', { class: 'missing', role: 'alert', 'data-test': 'correct-problem' })
  #do = h('button', { class: 'button primary', 'data-test': 'correct-do' })
  #cancel = h('button', { class: 'button', type: 'button', 'data-test': 'correct-cancel', onclick: () => this.#dialog.close() })
  #dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'correction-title', 'data-test': 'correct-dialog', onclose: () => this.#fill({ what: '' }) },
    h('form', { novalidate: true, onsubmit: (/** @type {Event} */ e) => this.#submit(e) }, this.#title, this.#text,
      ...this.#fields.map(({ label, input }) => h('label', { class: 'field' }, label, input)), this.#problem,
      h('div', { class: 'choices' }, this.#do, this.#cancel)))
  /** @type {(text: OrderText) => Promise<void>} */
  #correct = async () => {}

  constructor() {
    document.body.append(this.#dialog)
  }

  /** @param {Order} o @param {(text: OrderText) => Promise<void>} correct */
  open(o, correct) {
    this.#correct = correct
    this.#words()
    this.#fill(o.text)
    this.#dialog.showModal()
  }

  /** A refusal stands in the dialog, with what was written. @param {Event} e */
  async #submit(e) {
    e.preventDefault()
    if (this.#do.disabled) return
    setLine(this.#problem, '')
    this.#do.disabled = true
    try {
      await this.#correct(this.#written())
      this.#dialog.close()
    } catch (err) {
      setLine(this.#problem, sentence(err))
    } finally {
      this.#do.disabled = false
    }
  }

  /** @returns {OrderText} */
  #written() {
    return { what: '', ...Object.fromEntries(this.#fields.map(({ line, input }) => [line, input.value])) }
  }

  /** Nothing about a patient stays behind. @param {OrderText} text */
  #fill(text) {
    for (const { line, input } of this.#fields) input.value = text[line] ?? ''
    setLine(this.#problem, '')
  }

  #words() {
    setText(this.#title, t('ord.correct_title'))
    setText(this.#text, t('ord.correct_text'))
    for (const { name, label } of this.#fields) setText(label, name())
    setText(this.#do, t('ord.correct_do'))
    setText(this.#cancel, t('ask.cancel'))
  }
}
