// How much of the picture one receiver's way carries, by this end's own measurements: the browser lowers size and rate by
// itself, and this ladder takes the picture away where it would starve the sound, and gives it back with patience.

/** @typedef {'full' | 'lower' | 'sound'} Rung */
/** @typedef {{available?: number, lost?: number, short: boolean}} Carried available: kbit/s; lost: of what was sent, 0–1; short: whether the browser has lowered the picture for want of bandwidth */

const least = 80 // kbit/s that a picture and the sound beside it need
const most = 0.25 // lost beyond which the sound needs all there is
const bad = 3 // readings in a row, a second each, before the picture goes
const good = 15 // and before it is tried again
const longest = 120

export class Ladder {
  #bad = 0
  #good = 0
  #wait = good
  #since = 0 // readings since the picture came back

  /** @type {Rung} */
  rung = 'full'

  /** @param {Carried} c a reading of the last second @returns {Rung} */
  step({ available, lost = 0, short }) {
    if (this.rung === 'sound') return this.#up(lost)
    const starved = lost > most || (available !== undefined && available < least)
    this.#bad = starved ? this.#bad + 1 : 0
    this.#since++
    if (this.#since > good) this.#wait = good
    if (this.#bad >= bad) this.#down()
    else this.rung = short ? 'lower' : 'full'
    return this.rung
  }

  #down() {
    if (this.#since <= good) this.#wait = Math.min(longest, this.#wait * 2)
    this.#bad = this.#good = this.#since = 0
    this.rung = 'sound'
  }

  /** What is sent is the sound alone, so only its losses tell whether more would get through. @param {number} lost */
  #up(lost) {
    this.#good = lost < 0.05 ? this.#good + 1 : 0
    if (this.#good >= this.#wait) {
      this.#since = 0
      this.rung = 'lower'
    }
    return this.rung
  }
}
