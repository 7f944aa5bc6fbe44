// Handing a patient over to a colleague: who, and then it is done.

import { h } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { Ask } from './ask.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Employee} Employee */
/** @typedef {import('../wire').Staff} Staff */

export class HandOver {
  #api
  #press
  #legend = h('legend')
  #choices = h('div', { class: 'colleagues' })
  #fields = h('fieldset', { 'data-test': 'colleagues' }, this.#legend, this.#choices)
  #ask = new Ask('handover', this.#fields)
  #chosen = ''

  /**
   * @param {import('../shared/api.js').Api} api
   * @param {(act: () => Promise<void>) => Promise<void>} press does what is asked for and says so when it fails
   */
  constructor(api, press) {
    this.#api = api
    this.#press = press
  }

  /**
   * @param {ClinicEntry} e
   * @param {string} me
   * @param {boolean} talking whether a call ends with it
   * @param {(to: Employee) => Promise<void>} give
   */
  open(e, me, talking, give) {
    void this.#press(async () => {
      /** @type {Staff} */
      const { staff } = await this.#api.get('/clinic/staff')
      this.#show(e, staff.filter((p) => p.id !== me), talking, give)
    })
  }

  /** @param {ClinicEntry} e @param {Employee[]} colleagues @param {boolean} talking @param {(to: Employee) => Promise<void>} give */
  #show(e, colleagues, talking, give) {
    this.#chosen = ''
    this.#legend.textContent = t('handover.who')
    this.#fields.hidden = colleagues.length === 0
    this.#choices.replaceChildren(...colleagues.map((p) => h('label', { class: 'colleague' },
      h('input', { type: 'radio', name: 'colleague', value: p.id, 'data-test': 'colleague', onchange: () => this.#choose(p) }),
      h('span', {}, p.name), h('span', { class: 'muted' }, p.title))))
    this.#ask.open({
      title: t('handover.title', { navn: nameOf(e) }),
      text: colleagues.length === 0 ? t('handover.nobody') : talking ? t('handover.ends') : t('handover.keeps'),
      act: colleagues.length === 0 ? '' : t('handover.do'),
      complete: () => this.#complete(),
      run: () => {
        const to = colleagues.find((p) => p.id === this.#chosen)
        if (to) void this.#press(async () => give(to))
      },
    })
  }

  /** @param {Employee} p */
  #choose(p) {
    this.#chosen = p.id
    this.#ask.name(t('handover.to', { navn: p.name }))
  }

  #complete() {
    if (this.#chosen !== '') return true
    this.#ask.need(t('handover.choose'))
    this.#choices.querySelector('input')?.focus()
    return false
  }
}
