// The orders of one place, as last read, and what the doctor of its call does with them: each is confirmed or corrected as
// it stood on this page, which the backend holds against what it is by then.

import { Reading } from './reading.js'

/** @typedef {import('../wire').Order} Order */
/** @typedef {import('../wire').Orders} Orders */
/** @typedef {import('../wire').OrderText} OrderText */
/** @typedef {import('../wire').ConfirmRequest} ConfirmRequest */
/** @typedef {import('../wire').CorrectRequest} CorrectRequest */

/** @param {Order} o whether it counts, and the doctor has not confirmed it */
export function isUnconfirmed(o) {
  return o.state === 'written' || o.state === 'read_back'
}

export class Readback {
  #api
  #path
  #changed
  #reading = new Reading(async () => {
    this.#take(await this.#api.get(this.#path))
  })

  /** @type {Order[]} in the order in which they were written */
  orders = []
  /** @type {import('../wire').Employee | undefined} who alone confirms */
  clinician
  until = Infinity // until when, in ms by the backend's clock

  /** @param {import('../shared/api.js').Api} api @param {string} entry @param {() => void} changed */
  constructor(api, entry, changed) {
    this.#api = api
    this.#path = `/clinic/entries/${entry}/orders`
    this.#changed = changed
  }

  get unconfirmed() {
    return this.orders.filter(isUnconfirmed).length
  }

  /** Reads them afresh. */
  read() {
    return this.#reading.read()
  }

  /** Says "rigtigt forstået". @param {Order} o as it was shown */
  async confirm(o) {
    /** @type {ConfirmRequest} */
    const seen = { version: o.version }
    await this.#change(`${o.id}/confirm`, seen)
  }

  /** Puts another in its place. @param {Order} o as it was shown @param {OrderText} text */
  async correct(o, text) {
    /** @type {CorrectRequest} */
    const instead = { version: o.version, text }
    await this.#change(`${o.id}/correct`, instead)
  }

  /** What a refusal says is about what stands there now. @param {string} what @param {object} body */
  async #change(what, body) {
    try {
      await this.#api.post(`${this.#path}/${what}`, body)
    } finally {
      await this.read()
    }
  }

  /** @param {Orders} all */
  #take({ orders, clinician, until }) {
    this.orders = orders
    this.clinician = clinician
    this.until = until ? Date.parse(until) : Infinity
    this.#changed()
  }
}
