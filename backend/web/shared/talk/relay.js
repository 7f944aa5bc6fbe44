// The relay's credentials, shared by all connections of a call and fetched again before they run out.

/** @typedef {import('../../wire').Relay} Relay */

export class Credentials {
  #relay
  #fetch
  #goodUntil

  /** @param {Relay} relay @param {() => Promise<Relay>} fetch */
  constructor(relay, fetch) {
    this.#relay = relay
    this.#fetch = fetch
    this.#goodUntil = Date.now() + relay.expires_in * 500
  }

  get servers() {
    return this.#relay.servers
  }

  /** Renews them past half their life. @returns {Promise<boolean>} whether they are others now */
  async renew() {
    if (Date.now() < this.#goodUntil) return false
    try {
      this.#relay = await this.#fetch()
    } catch {
      return false // those at hand may still do, and a way without a relay needs none
    }
    this.#goodUntil = Date.now() + this.#relay.expires_in * 500
    return true
  }
}
