// The card beside the video. It opens by itself when the nurse has written one, unless the clinician has closed it.

import { h, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { CardView } from './cardview.js'

/** @typedef {import('./cardreader.js').CardReader} CardReader */

export class CardBeside {
  #title = h('h3', { id: 'beside-title' })
  #print = h('button', { class: 'button quiet', type: 'button', 'data-test': 'beside-print', onclick: () => print() })
  #view = new CardView('h4')
  #asked = false
  #wanted = false // what was asked for

  el = h('section', { class: 'card-beside', 'aria-labelledby': 'beside-title', 'data-test': 'card-beside', tabindex: '0', hidden: true },
    h('header', {}, this.#title, this.#print), this.#view.el)

  /** Another call. */
  reset() {
    this.#asked = false
  }

  get open() {
    return !this.el.hidden
  }

  toggle() {
    this.#wanted = !this.open
    this.#asked = true
  }

  /** @param {CardReader} reader */
  show(reader) {
    this.el.hidden = this.#asked ? !this.#wanted : !reader.card
    setText(this.#title, t('cl.isbar'))
    setText(this.#print, t('card.print'))
    this.#view.show(reader)
  }
}
