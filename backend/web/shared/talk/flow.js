// Real-time text on a channel that loses and reorders (docs/protocol.md): characters have places, counted from the
// beginning of the connection, and go again with those that come after them until the other side says that it has them.
// Nothing here knows what they mean, or sends anything: the time comes from outside, in milliseconds.

const gather = 120 // over which characters become one message, after one that went at once
const repeatFirst = 250 // until the last characters go again when nothing comes back
const repeatLast = 1000 // ... after many times in vain
const unheard = 2000 // that nothing has come back, until new characters go no sooner than that
const answerPause = 200 // between two messages that say nothing but what came
const mostBytes = 900 // of text in a message, so that it is one packet
const mostPieces = 4 // on their way at once, where there is more than one
const longest = 2048 // characters of a message that is read

/** @typedef {{have: number, from: number, text: string}} Message text may be empty: then it only says what came */

/** @param {Message} m */
export const format = ({ have, from, text }) => (text === '' ? `${have}` : `${have},${from}:${text}`)

/** @param {unknown} data as it came @returns {Message | undefined} */
export function parse(data) {
  const text = typeof data === 'string' ? data : decoded(data)
  if (text.length > longest) return undefined
  const m = /^(\d{1,10})(?:,(\d{1,10}):([^]+))?$/u.exec(text)
  return m ? { have: Number(m[1]), from: Number(m[2] ?? 0), text: m[3] ?? '' } : undefined
}

/** @param {unknown} data */
function decoded(data) {
  if (!(data instanceof ArrayBuffer)) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data)
  } catch {
    return ''
  }
}

/** @param {string} c a character */
function size(c) {
  const code = c.codePointAt(0) ?? 0
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** What goes to the other side on one connection. */
export class Outflow {
  #acked = 0 // characters that the other side has
  /** @type {string[]} those from there on */
  #tail = []
  #sent = 0 // up to where they went; back where they go again
  #ever = 0 // up to where they went at least once
  #pieces = 1 // that may be on their way, where the tail is more than one
  #at = -Infinity // when the last message went
  /** @type {number | undefined} when the first one went that nothing came back after */
  #since
  #repeat = repeatFirst

  /** @param {string} text */
  put(text) {
    for (const c of text) this.#tail.push(c)
  }

  /** Characters that never went. */
  get unsent() {
    return this.#acked + this.#tail.length - this.#ever
  }

  /** Takes back what never went. */
  retract() {
    this.#tail.length = this.#ever - this.#acked
  }

  /** Takes what the other side says that it has; whoever says what can't be is not believed. @param {number} have */
  heard(have) {
    if (have < this.#acked || have > this.#ever) return
    this.#since = undefined
    if (have === this.#acked) return
    this.#tail.splice(0, have - this.#acked)
    this.#acked = have
    this.#sent = Math.max(this.#sent, have)
    this.#pieces = Math.min(2 * this.#pieces, mostPieces)
    this.#repeat = repeatFirst
  }

  /** When there is something to send next, if nothing is added or heard before. @returns {number | undefined} */
  get due() {
    return this.#plan()?.at
  }

  /** What is to be sent now. @param {number} now @returns {{from: number, text: string} | undefined} */
  next(now) {
    const plan = this.#plan()
    if (!plan || now < plan.at) return undefined
    const { from, again } = plan
    if (again) {
      this.#repeat = Math.min(this.#repeat * 1.5, repeatLast)
      this.#pieces = 1
    }
    const text = this.#piece(from)
    this.#sent = from + text.length
    this.#ever = Math.max(this.#ever, this.#sent)
    this.#at = now
    this.#since ??= now
    return { from, text: text.join('') }
  }

  /** @returns {{at: number, from: number, again: boolean} | undefined} from where on, and whether because nothing came back */
  #plan() {
    if (this.#tail.length === 0) return undefined
    const end = this.#acked + this.#tail.length
    const first = this.#piece(this.#acked).length
    const unanswered = this.#since !== undefined && this.#at - this.#since > unheard
    if (this.#sent === end || unanswered || (first < this.#tail.length && this.#sent - this.#acked >= this.#pieces * first)) {
      return { at: this.#at + this.#repeat, from: this.#acked, again: true }
    }
    if (first === this.#tail.length) return { at: this.#at + gather, from: this.#acked, again: false }
    const full = this.#sent + this.#piece(this.#sent).length < end // no more goes into that one
    return { at: full ? this.#at : this.#at + gather, from: this.#sent, again: false }
  }

  /** Those that go into one message. @param {number} from */
  #piece(from) {
    const first = from - this.#acked
    let bytes = 0
    let n = first
    while (n < this.#tail.length && (bytes += size(this.#tail[n])) <= mostBytes) n++
    return this.#tail.slice(first, n)
  }
}

/** What comes from the other side on one connection. */
export class Inflow {
  #have = 0
  #owed = false // the other side is to hear of it
  #told = -Infinity

  /** What is new of a text and goes on from what is here; what comes before its time comes again. @param {number} from @param {string} text */
  take(from, text) {
    this.#owed ||= text !== '' // nobody answers an answer
    const all = [...text]
    if (from > this.#have || from + all.length <= this.#have) return ''
    const news = all.slice(this.#have - from)
    this.#have += news.length
    return news.join('')
  }

  /** When the other side is to be told, if nothing else is said. @returns {number | undefined} */
  get due() {
    return this.#owed ? this.#told + answerPause : undefined
  }

  /** What is here: the other side is told. @param {number} now */
  say(now) {
    this.#owed = false
    this.#told = now
    return this.#have
  }
}
