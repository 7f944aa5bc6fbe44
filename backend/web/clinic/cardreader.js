// What the nurse tells about one patient, as last read: read afresh whenever the list says that there is another.

import { Problem } from '../shared/api.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Card} Card */

const between = 3_000 // ms, before a reading that failed is tried again

export class CardReader {
  #api
  #changed
  #reading = false

  /** @type {ClinicEntry | undefined} whom it is about */
  entry
  /** @type {Card | undefined} none while nothing was written, or read */
  card
  /** Whether what is written can't be read just now. */
  failed = false

  /** @param {import('../shared/api.js').Api} api @param {() => void} changed */
  constructor(api, changed) {
    this.#api = api
    this.#changed = changed
  }

  /** Whether there is a card that has not been read. */
  get coming() {
    return this.#wanted > (this.card?.version ?? 0)
  }

  /** @param {ClinicEntry | undefined} e as the list has the patient now; none: leaves nothing behind */
  follow(e) {
    if (e?.id !== this.entry?.id) {
      this.card = undefined
      this.failed = false
    }
    this.entry = e
    if (this.coming) void this.#read()
  }

  get #wanted() {
    return this.entry?.card?.version ?? 0
  }

  async #read() {
    if (this.#reading) return
    this.#reading = true
    while (this.coming && await this.#readOnce());
    this.#reading = false
  }

  /** @returns {Promise<boolean>} whether it can be read */
  async #readOnce() {
    const id = this.entry?.id
    try {
      /** @type {Card} */
      const card = await this.#api.get(`/clinic/entries/${id}/card`)
      if (id === this.entry?.id) {
        this.card = card
        this.failed = false
        this.#changed()
      }
      return true
    } catch (err) {
      if (!(err instanceof Problem)) throw err
      if (id !== this.entry?.id) return true
      this.failed = true
      this.#changed()
      setTimeout(() => this.follow(this.entry), between)
      return false
    }
  }
}
