// Reading something afresh whenever it may have changed: never twice at once, and again where it failed.

import { Problem } from '../shared/api.js'

const between = 3_000 // ms, before a reading that failed is tried again

export class Reading {
  #take
  #under = false
  #again = false

  /** @param {() => Promise<void>} take reads it */
  constructor(take) {
    this.#take = take
  }

  /** Calls made while it reads become one more reading. */
  async read() {
    if (this.#under) {
      this.#again = true
      return
    }
    this.#under = true
    do {
      this.#again = false
      try {
        await this.#take()
      } catch (err) {
        // Signed out in a call: it goes on, and the person signs in again.
        if (err instanceof Problem && (err.transient || err.status === 401)) setTimeout(() => void this.read(), between)
      }
    } while (this.#again)
    this.#under = false
  }
}
