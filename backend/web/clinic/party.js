// The guests of one place, as last read: who is invited, who stands outside, who takes part; and what the clinic does
// with them.

import { isOut } from '../shared/talk/call.js'
import { Reading } from './reading.js'

/** @typedef {import('../wire').Guest} Guest */
/** @typedef {import('../wire').Guests} Guests */
/** @typedef {import('../wire').InviteRequest} InviteRequest */
/** @typedef {import('../wire').InviteReply} InviteReply */

export class Party {
  #api
  #path
  #changed
  #reading = new Reading(async () => {
    /** @type {Guests} */
    const { guests } = await this.#api.get(this.#path)
    this.guests = guests
    this.#changed()
  })

  /** @type {Guest[]} */
  guests = []

  /** @param {import('../shared/api.js').Api} api @param {string} entry @param {() => void} changed */
  constructor(api, entry, changed) {
    this.#api = api
    this.#path = `/clinic/entries/${entry}/guests`
    this.#changed = changed
  }

  /** Those who take part, the first let in first. */
  get admitted() {
    return this.guests.filter((g) => g.state === 'admitted').sort((a, b) => Date.parse(a.admitted_at ?? '') - Date.parse(b.admitted_at ?? ''))
  }

  /** Those who stand outside. */
  get outside() {
    return this.guests.filter((g) => g.state === 'lobby')
  }

  /** @param {import('../wire').GuestChanged} c something has become of a guest */
  heard({ guest, state }) {
    if (isOut(state)) this.#gone(guest)
    void this.read()
  }

  /** Reads them afresh. */
  read() {
    return this.#reading.read()
  }

  /** @param {InviteRequest} who @returns {Promise<InviteReply>} */
  async invite(who) {
    const reply = await this.#api.post(this.#path, who)
    await this.read()
    return reply
  }

  /** @param {string} guest */
  async admit(guest) {
    await this.#api.post(`${this.#path}/${guest}/admit`, undefined)
    await this.read()
  }

  /** Shows somebody out, or takes the link back. @param {string} guest */
  async remove(guest) {
    await this.#api.post(`${this.#path}/${guest}/remove`, undefined)
    this.#gone(guest)
    await this.read()
  }

  /** Somebody is out, whatever can be read just now: the connection ends at once. @param {string} guest */
  #gone(guest) {
    this.guests = this.guests.filter((g) => g.id !== guest)
    this.#changed()
  }
}
