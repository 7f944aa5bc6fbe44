// When the one who offers looks for a way again (docs/protocol.md): an ICE restart 2 s after a loss, then a new
// connection, over the relay alone where the other side has answered and yet no way came up.

/**
 * @typedef {object} Rescued the connection that is looked after
 * @property {() => boolean} restartable
 * @property {() => boolean} answered whether the other side has answered its last offer
 * @property {() => void} restart
 * @property {(relayOnly: boolean) => void} begin
 */

const patience = { restart: 2_000, relay: 6_000, again: 8_000, connect: 8_000 } // ms

export class Rescue {
  #line
  #lived = false
  #attempt = 0
  #relayOnly = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {Rescued} line */
  constructor(line) {
    this.#line = line
  }

  connected() {
    this.#lived = true
    this.#attempt = 0
    this.stop()
  }

  /** The way is gone. */
  lost() {
    this.#after(patience.restart)
  }

  /** The other side has answered, so a way is due. */
  answered() {
    this.#after(patience.connect)
  }

  /** The network here has changed: what was tried before says nothing any more. */
  moved() {
    this.#attempt = 0
    this.#restore()
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** @param {number} ms */
  #after(ms) {
    this.stop()
    this.#timer = setTimeout(() => this.#restore(), ms)
  }

  #restore() {
    this.#attempt++
    if (this.#attempt === 1 && this.#lived && this.#line.restartable()) {
      this.#line.restart()
      this.#after(patience.relay)
      return
    }
    this.#relayOnly = this.#line.answered() && !this.#relayOnly
    this.#line.begin(this.#relayOnly)
    if (this.#lived) this.#after(patience.again)
    else this.stop()
  }
}
