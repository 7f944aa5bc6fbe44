// Signals on their way to a call's log: in order, one request at a time, each tried until it is through or the call is
// over. A failure that will not pass on its own drops that request alone.

import { pause, Problem } from '../api.js'

/** @typedef {import('../../wire').Signal} Signal */

const most = 64 // signals in one request
const between = 2000

export class Outbox {
  #api
  #path
  /** @type {Signal[]} */
  #waiting = []
  #busy = false
  #closed = false

  /** @param {import('../api.js').Api} api @param {string} call */
  constructor(api, call) {
    this.#api = api
    this.#path = `/calls/${call}/signals`
  }

  /** @param {Signal} s */
  send(s) {
    this.#waiting.push(s)
    if (!this.#busy) void this.#run()
  }

  /** Lets go of what still waits for a connection that is over. @param {string} peer */
  forget(peer) {
    this.#waiting = this.#waiting.filter((s) => s.peer !== peer)
  }

  close() {
    this.#closed = true
  }

  async #run() {
    this.#busy = true
    while (this.#waiting.length > 0 && !this.#closed) {
      await this.#deliver(this.#waiting.splice(0, most))
    }
    this.#busy = false
  }

  /** @param {Signal[]} signals */
  async #deliver(signals) {
    const key = crypto.randomUUID()
    while (!this.#closed) {
      try {
        await this.#api.post(this.#path, { signals }, { key })
        return
      } catch (err) {
        // Signed out is worth the wait too: the person signs in again while the call goes on.
        if (!(err instanceof Problem) || !(err.transient || err.status === 401)) return
      }
      await pause(between)
    }
  }
}
