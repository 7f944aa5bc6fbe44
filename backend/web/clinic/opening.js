// The line that says how the room stands, and opening and closing it.

import { byId, h, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { waited } from './list.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Clinic} Clinic */

export class Opening {
  #line = byId('opening')
  #toggle = byId('toggle')
  #title = h('h2', { id: 'closing-title' })
  #stay = h('p')
  #label = h('span')
  #reason = h('input', { type: 'text', maxlength: '120', autocomplete: 'off', 'data-test': 'close-reason' })
  #do = h('button', { class: 'button primary', 'data-test': 'close-do' })
  #cancel = h('button', { class: 'button', type: 'button', 'data-test': 'close-cancel' })
  #dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'closing-title', 'data-test': 'close-dialog' },
    h('form', { method: 'dialog' }, this.#title, this.#stay, h('label', { class: 'field' }, this.#label, this.#reason),
      h('div', { class: 'choices' }, this.#do, this.#cancel)))
  #open = false

  /** @param {(open: boolean, reason: string) => void} set */
  constructor(set) {
    byId('room').append(this.#dialog)
    this.#toggle.onclick = () => {
      if (!this.#open) set(true, '')
      else this.#ask()
    }
    this.#cancel.onclick = () => this.#dialog.close()
    this.#dialog.addEventListener('submit', () => set(false, this.#reason.value.trim()))
  }

  /** @param {Clinic} clinic @param {ClinicEntry[]} waiting @param {number} now by the backend's clock */
  show(clinic, waiting, now) {
    this.#open = clinic.open
    setText(this.#line, [status(clinic), ...queue(waiting, now)].join(' · '))
    this.#line.classList.toggle('closed', !clinic.open)
    setText(this.#toggle, clinic.open ? t('cl.close') : t('cl.open'))
  }

  #ask() {
    setText(this.#title, t('close.title'))
    setText(this.#stay, t('close.stay'))
    setText(this.#label, t('close.reason'))
    setText(this.#do, t('close.do'))
    setText(this.#cancel, t('close.cancel'))
    this.#reason.value = ''
    this.#dialog.showModal()
  }
}

/** @param {Clinic} c */
function status(c) {
  if (!c.open) return c.closed ? t('cl.closed_why', { grund: c.closed }) : t('cl.is_closed')
  return c.closes_at ? t('cl.open_until', { tid: clock(c.closes_at) }) : t('cl.is_open')
}

/** @param {ClinicEntry[]} waiting @param {number} now */
function queue(waiting, now) {
  if (waiting.length === 0) return [t('cl.none_waiting')]
  const longest = Math.max(...waiting.map((e) => waited(e, now)))
  return [t('cl.waiting', { n: waiting.length }), t('cl.longest', { n: longest })]
}
