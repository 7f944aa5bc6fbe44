// The card of a patient in the list, large, in a dialog of its own; and on paper, from there or from beside the call.

import { byId, h, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { CardReader } from './cardreader.js'
import { CardView } from './cardview.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */

export class CardDialog {
  #title = h('h2', { id: 'card-title', 'data-test': 'card-title' })
  #view = new CardView('h3')
  #print = h('button', { class: 'button', type: 'button', 'data-test': 'card-print', onclick: () => print() })
  #close = h('button', { class: 'button primary', type: 'button', 'data-test': 'card-close', autofocus: true, onclick: () => this.#dialog.close() })
  #dialog = h('dialog', { class: 'dialog card-dialog', 'aria-labelledby': 'card-title', 'data-test': 'card-dialog', onclose: () => this.#closed() },
    this.#title, h('div', { class: 'card-scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'card-title' }, this.#view.el),
    h('div', { class: 'choices' }, this.#close, this.#print))
  #reader

  /** @param {import('../shared/api.js').Api} api */
  constructor(api) {
    this.#reader = new CardReader(api, () => this.#show())
    byId('room').append(this.#dialog)
  }

  /** @param {ClinicEntry} e */
  open(e) {
    this.#reader.follow(e)
    this.#show()
    this.#dialog.showModal()
  }

  /** What is read here, where it is open. */
  get reader() {
    return this.#dialog.open ? this.#reader : undefined
  }

  /** @param {(id: string) => ClinicEntry | undefined} find how the patient stands in the list now; one who has gone is still read about */
  refresh(find) {
    const e = this.#reader.entry
    if (!e) return
    this.#reader.follow(find(e.id) ?? e)
    this.#show()
  }

  #show() {
    const e = this.#reader.entry
    setText(this.#title, e ? t('card.title', { navn: nameOf(e) }) : '')
    setText(this.#close, t('card.close'))
    setText(this.#print, t('card.print'))
    this.#view.show(this.#reader)
  }

  /** Nothing about a patient stays behind. */
  #closed() {
    this.#reader.follow(undefined)
    this.#show()
  }
}

/**
 * Puts the card that is looked at on paper, and nothing else, for as long as the browser prints.
 * @param {() => CardReader | undefined} looked
 */
export function printCards(looked) {
  const paper = byId('paper')
  addEventListener('beforeprint', () => {
    const reader = looked()
    if (!reader?.entry) return
    const view = new CardView('h2')
    view.show(reader)
    paper.replaceChildren(h('h1', {}, t('card.title', { navn: nameOf(reader.entry) })), view.el)
  })
  addEventListener('afterprint', () => paper.replaceChildren())
}
