// Who is signed in at this PC. It is shared: a session that ends takes everything about citizens off the page at once. What
// the nurse had written and not saved stays in the page's memory, until she has signed in again in another tab.

import { Problem } from '../shared/api.js'

/** @typedef {import('../wire').SessionReply} SessionReply */

/**
 * @typedef {object} Around
 * @property {import('../shared/api.js').Api} api
 * @property {() => void} left nobody is signed in any more
 * @property {(same: boolean) => void} again somebody is: the same person or another
 * @property {() => boolean} waits something unsaved is held
 * @property {() => void} close this tab has done its work
 */

export class Session {
  #around
  #others = new BroadcastChannel('kontakt.sygepleje')
  #timer = 0
  /** @type {SessionReply['employee'] | undefined} */
  person
  away = false // was signed in, and is not now

  /** @param {Around} around */
  constructor(around) {
    this.#around = around
    this.#others.onmessage = (/** @type {MessageEvent<string>} */ e) => {
      if (e.data === 'signed in' && this.away) void this.look()
      if (e.data === 'go back' && !this.#around.waits()) this.#around.close()
    }
    addEventListener('focus', () => {
      if (this.away) void this.look()
    })
  }

  /** @returns {Promise<boolean>} whether somebody is signed in */
  async open() {
    try {
      /** @type {SessionReply} */
      const me = await this.#around.api.get('/me')
      this.#take(me)
      this.#others.postMessage('signed in')
      return true
    } catch (err) {
      if (err instanceof Problem && err.status === 401) return false
      throw err
    }
  }

  /** After a sign-in elsewhere in this browser. */
  async look() {
    /** @type {SessionReply} */
    let me
    try {
      me = await this.#around.api.get('/me')
    } catch {
      return // still nobody: the way in stands
    }
    if (!this.away) return
    const same = me.employee.id === this.person?.id
    this.#take(me)
    this.#others.postMessage('go back')
    this.#around.again(same)
  }

  /** The backend no longer knows the session, or its time is up. */
  ended() {
    if (!this.person || this.away) return
    clearTimeout(this.#timer)
    this.away = true
    this.#around.left()
  }

  /** @param {SessionReply} me */
  #take(me) {
    this.person = me.employee
    this.away = false
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.ended(), me.expires_in * 1000)
  }
}
