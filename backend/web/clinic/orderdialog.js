// The orders of a place outside its call: a colleague looks at them, and the doctor who has rung back confirms.

import { h, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { OrderList } from './orderlist.js'
import { Readback } from './readback.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Order} Order */

export class OrderDialog {
  #around
  /** @type {Readback | undefined} */
  #readback
  #entry = ''
  #title = h('h2', { id: 'orders-title' })
  #list
  #close = h('button', { class: 'button', type: 'button', 'data-test': 'orders-close', onclick: () => this.#dialog.close() })
  #dialog

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   correct: (r: Readback, o: Order) => void,
   *   me: () => string,
   *   now: () => number,
   * }} around
   */
  constructor(around) {
    this.#around = around
    this.#list = new OrderList({
      confirm: async (o) => this.#readback?.confirm(o),
      correct: (o) => this.#readback && around.correct(this.#readback, o),
    })
    this.#dialog = h('dialog', { class: 'dialog wide', 'aria-labelledby': 'orders-title', 'data-test': 'orders-dialog', onclose: () => this.#forget() },
      this.#title, this.#list.el, h('div', { class: 'choices' }, this.#close))
    document.body.append(this.#dialog)
  }

  /** @param {ClinicEntry} e */
  open(e) {
    this.#entry = e.id
    this.#readback = new Readback(this.#around.api, e.id, () => this.show())
    setText(this.#title, nameOf(e))
    setText(this.#close, t('dev.close'))
    this.#dialog.showModal()
    void this.#readback.read()
  }

  /** @param {string} [entry] whose orders are others now; without: all may be */
  heard(entry = this.#entry) {
    if (entry === this.#entry) void this.#readback?.read()
  }

  show() {
    if (!this.#readback || !this.#dialog.open) return
    this.#list.el.hidden = false
    this.#list.show(this.#readback, this.#around.me(), this.#around.now())
  }

  /** Nothing about a patient stays behind. */
  #forget() {
    this.#readback = undefined
    this.#entry = ''
    this.#list.el.hidden = true
    this.#list.clear()
    setText(this.#title, '')
  }
}
