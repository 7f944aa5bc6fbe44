// The dialogs of this page: one asks one thing before something is done. Title, what happens, fields, two buttons.

import { byId, h, setLine, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} [text] what happens then
 * @property {string} act on the button that does it; empty where there is nothing to do
 * @property {string} [cancel] on the button that does not
 * @property {boolean} [danger] whether it takes something from a patient
 * @property {() => boolean} [complete] whether all that is needed is there; it says what is not
 * @property {() => void} run
 * @property {() => void} [closed] without having run
 */

export class Ask {
  #title
  #text
  #do
  #cancel
  #dialog
  /** @type {Question | undefined} */
  #question

  /** @param {string} name of the dialog @param {...HTMLElement} fields */
  constructor(name, ...fields) {
    this.#title = h('h2', { id: `${name}-title` })
    this.#text = h('p', { 'data-test': `${name}-text` })
    this.#do = h('button', { class: 'button primary', 'data-test': `${name}-do` })
    this.#cancel = h('button', { class: 'button', type: 'button', 'data-test': `${name}-cancel`, onclick: () => this.#dialog.close() })
    this.#dialog = h('dialog', { class: 'dialog', 'aria-labelledby': `${name}-title`, 'data-test': `${name}-dialog`, onclose: () => this.#closed() },
      h('form', { method: 'dialog', novalidate: true, onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
        this.#title, this.#text, ...fields, h('div', { class: 'choices' }, this.#do, this.#cancel)))
    byId('room').append(this.#dialog)
  }

  get isOpen() {
    return this.#dialog.open
  }

  /** @param {Question} q */
  open(q) {
    if (this.#dialog.open) return
    this.#question = q
    setText(this.#title, q.title)
    this.say(q.text ?? '')
    setLine(this.#do, q.act)
    this.#do.classList.toggle('primary', !q.danger)
    this.#do.classList.toggle('danger', !!q.danger)
    setText(this.#cancel, q.cancel ?? t('ask.cancel'))
    this.#dialog.showModal()
  }

  /** @param {string} text what happens then */
  say(text) {
    setLine(this.#text, text)
    this.#text.classList.remove('missing')
  }

  /** @param {string} text what is needed first */
  need(text) {
    this.say(text)
    this.#text.classList.add('missing')
  }

  /** @param {string} act on the button that does it */
  name(act) {
    setLine(this.#do, act)
  }

  close() {
    this.#dialog.close()
  }

  /** @param {Event} e */
  #submit(e) {
    const q = this.#question
    if (!q || q.act === '' || q.complete && !q.complete()) {
      e.preventDefault()
      return
    }
    this.#question = undefined
    q.run()
  }

  /** Nothing about a patient stays behind. */
  #closed() {
    const q = this.#question
    this.#question = undefined
    setText(this.#title, '')
    this.say('')
    q?.closed?.()
  }
}
