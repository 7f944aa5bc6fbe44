// How much of the picture one receiver's way carries, by this end's own measurements: the browser lowers size and rate by
// itself, and this ladder takes first the movement and then the picture away where it would starve the sound, and gives
// it back with patience.

/** @typedef {'full' | 'lower' | 'still' | 'sound'} Rung still: a picture now and then */
/** @typedef {{available?: number, lost?: number, short: boolean, busy?: boolean}} Carried available: kbit/s; lost: of what was sent, 0–1; short: whether the browser has lowered the picture for want of bandwidth; busy: of this machine's time */

const least = { moving: 80, still: 45 } // kbit/s that a picture and the sound beside it need
const most = { moving: 0.25, still: 0.5 } // lost beyond which it comes too broken, or the sound needs all there is
const whole = { from: 900, to: 700 } // kbit/s from which the picture keeps its size and lets movement give way, and below which the size does
const calm = 30 // readings without a word of a busy machine
const bad = 3 // readings in a row, a second each, before the picture goes
const good = 15 // and before it is tried again
const longest = 120

/** @param {'moving' | 'still'} picture @param {Carried} c */
const starves = (picture, { available, lost = 0 }) => lost > most[picture] || (available !== undefined && available < least[picture])

export class Ladder {
  #bad = 0
  #good = 0
  #wait = good
  #busy = 0 // readings until a machine that had no time is asked for the whole again
  #since = 0 // readings since the picture came back

  /** @type {Rung} */
  rung = 'full'
  /** Whether the picture keeps its size: left to itself, a browser starts small and takes some 15 s to dare the whole, however much there is room for. */
  whole = false

  /** @param {Carried} c a reading of the last second @returns {Rung} */
  step(c) {
    this.#busy = c.busy ? calm : Math.max(0, this.#busy - 1)
    this.whole = this.#busy === 0 && (c.available ?? 0) >= (this.whole ? whole.to : whole.from)
    const moving = this.rung === 'full' || this.rung === 'lower'
    const starved = this.rung !== 'sound' && starves(moving ? 'moving' : 'still', c)
    this.#bad = starved ? this.#bad + 1 : 0
    this.#since++
    if (moving && this.#since > good) this.#wait = good
    if (this.#bad >= bad) this.#down(starves('still', c) ? 'sound' : 'still')
    else if (moving) this.rung = c.short ? 'lower' : 'full'
    else this.#up(starved ? 1 : c.lost ?? 0)
    return this.rung
  }

  /** @param {'still' | 'sound'} to */
  #down(to) {
    if (this.rung !== 'still' && this.#since <= good) this.#wait = Math.min(longest, this.#wait * 2)
    this.#bad = this.#good = this.#since = 0
    this.rung = to
  }

  /** Of what is sent, the sound and a picture now and then, only its losses tell whether more would get through. @param {number} lost */
  #up(lost) {
    this.#good = lost < 0.05 ? this.#good + 1 : 0
    if (this.#good < this.#wait) return
    this.#good = this.#since = 0
    this.rung = 'lower'
  }
}
