// Real-time text (T.140): what is written is on its way with the key. Each writer has a line that grows and shrinks while
// it is written, and lines that are done. What stands between two marks is all that its sender has written, and takes the
// place of what is there (docs/protocol.md), so nothing is lost with a connection.

import { format, Inflow, Outflow, parse } from './flow.js'

export const newLine = '\u2028'
const whole = '\ufeff' // begins all that was written
const wholeEnd = '\u0003'
const erase = '\u0008'
const longest = 500 // characters of a line that are kept
const mostLines = 100 // that are kept of each writer
const mostWaiting = 2 * mostLines * longest // characters that never went, until all that was written goes in their place
const leastPause = 20 // ms between two looks at what is due
const mostBuffered = 4096 // bytes that the browser has not sent, until more are put there

/** Whether a line can hold it. @param {string} c */
const shows = (c) => c >= ' ' && c !== '\u007f' && c !== whole

/**
 * What has to be sent so that the other side's line becomes this one, as far as a line can hold it.
 * @param {string} before @param {string} after
 */
export function change(before, after) {
  const [a, b] = [[...before], [...after].filter(shows)]
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same++
  return erase.repeat(a.length - same) + b.slice(same).join('')
}

/** One writer's text, bounded: the oldest lines give way. */
export class Script {
  /** @type {{text: string, at: number}[]} */
  done = []
  line = ''

  /** @type {Script | undefined} all of it anew, as far as it has come */
  #anew

  /** @param {string} text T.140 that goes on from what came before */
  take(text) {
    for (const c of text) {
      if (c === whole) this.#anew = new Script()
      else if (c === wholeEnd) this.#replace()
      else (this.#anew ?? this).#add(c)
    }
  }

  /** What has come of a whole that has not come to its end is worth nothing: another connection brings it. */
  restart() {
    this.#anew = undefined
  }

  /** All of it, as T.140 that takes the place of what the other side has. */
  get message() {
    return whole + this.done.map((l) => l.text + newLine).join('') + this.line + wholeEnd
  }

  #replace() {
    const now = this.#anew
    if (!now) return
    this.#anew = undefined
    for (const [i, l] of now.done.entries()) l.at = this.done[i]?.at ?? l.at
    this.done = now.done
    this.line = now.line
  }

  /** @param {string} c */
  #add(c) {
    if (c === erase) this.line = [...this.line].slice(0, -1).join('')
    else if (c === newLine || c === '\n') this.#end()
    else if (shows(c) && this.line.length < longest) this.line += c
  }

  #end() {
    if (this.line.trim() !== '') this.done.push({ text: this.line, at: Date.now() })
    if (this.done.length > mostLines) this.done.shift()
    this.line = ''
  }
}

/**
 * The text with one other, both ways, over whatever connections there are. Who comes later gets nothing of what was written
 * before.
 */
export class TextLine {
  #said = new Script()
  #wrote = false
  #out = new Outflow()
  #in = new Inflow()
  /** @type {RTCDataChannel | undefined} */
  #channel
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {RTCDataChannel} channel of a new connection @param {(text: string) => void} came what goes on from what came before */
  use(channel, came) {
    this.#channel = channel
    this.#out = new Outflow()
    this.#in = new Inflow()
    if (this.#wrote) this.#out.put(this.#said.message)
    channel.binaryType = 'arraybuffer'
    channel.onopen = () => this.#flush()
    channel.onmessage = (e) => {
      if (this.#channel === channel) this.#hear(e.data, came)
    }
  }

  /** @param {string} text */
  write(text) {
    this.#said.take(text)
    this.#wrote = true
    this.#out.put(text)
    if (this.#out.unsent > mostWaiting) {
      this.#out.retract()
      this.#out.put(this.#said.message)
    }
    this.#flush()
  }

  close() {
    clearTimeout(this.#timer)
    this.#channel = undefined
  }

  /** @param {unknown} data @param {(text: string) => void} came */
  #hear(data, came) {
    const m = parse(data)
    if (!m) return
    this.#out.heard(m.have)
    const news = this.#in.take(m.from, m.text)
    this.#flush()
    if (news) came(news)
  }

  /** Sends what is due, and comes back when there is more. */
  #flush() {
    clearTimeout(this.#timer)
    const channel = this.#channel
    if (channel?.readyState !== 'open') return
    const now = performance.now()
    while (channel.bufferedAmount <= mostBuffered) {
      const { from, text } = this.#out.next(now) ?? { from: 0, text: '' }
      if (text === '' && (this.#in.due ?? Infinity) > now) break
      channel.send(format({ have: this.#in.say(now), from, text }))
    }
    const due = Math.min(this.#out.due ?? Infinity, this.#in.due ?? Infinity)
    if (due < Infinity) this.#timer = setTimeout(() => this.#flush(), Math.max(due - now, leastPause))
  }
}
