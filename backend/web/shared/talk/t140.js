// Real-time text (RFC 8865 over T.140): what is written is on its way with the key. Each writer has a line that grows and
// shrinks while it is written, and lines that are done. A message that begins with a mark holds all that its sender has
// written and takes the place of what is there (docs/protocol.md), so nothing is lost with a connection.

export const newLine = '\u2028'
const whole = '\ufeff'
const erase = '\u0008'
const longest = 500 // characters of a line that are kept
const mostLines = 100 // that are kept of each writer

/**
 * What has to be sent so that the other side's line becomes this one.
 * @param {string} before @param {string} after
 */
export function change(before, after) {
  const [a, b] = [[...before], [...after]]
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same++
  return erase.repeat(a.length - same) + b.slice(same).join('')
}

/** One writer's text, bounded: the oldest lines give way. */
export class Script {
  /** @type {{text: string, at: number}[]} */
  done = []
  line = ''

  /** @param {string} text a message of T.140 */
  take(text) {
    if (text.startsWith(whole)) this.#replace(text.slice(1))
    else this.#add(text)
  }

  /** All of it, as one message that takes the place of what the other side has. */
  get message() {
    const all = this.done.map((l) => l.text + newLine).join('') + this.line
    return all && whole + all
  }

  /** @param {string} text */
  #replace(text) {
    const before = this.done
    this.done = []
    this.line = ''
    this.#add(text)
    for (const [i, l] of this.done.entries()) l.at = before[i]?.at ?? l.at
  }

  /** @param {string} text */
  #add(text) {
    for (const c of text) {
      if (c === erase) this.line = [...this.line].slice(0, -1).join('')
      else if (c === newLine || c === '\n') this.#end()
      else if (c >= ' ' && c !== '\u007f' && c !== whole && this.line.length < longest) this.line += c
    }
  }

  #end() {
    if (this.line.trim() !== '') this.done.push({ text: this.line, at: Date.now() })
    if (this.done.length > mostLines) this.done.shift()
    this.line = ''
  }
}

/** What is written here to one other. Who comes later gets nothing of what was written before. */
export class Writer {
  #said = new Script()
  #waiting = ''
  /** @type {RTCDataChannel | undefined} */
  #channel

  /** @param {RTCDataChannel} channel of a new connection */
  use(channel) {
    this.#channel = channel
    channel.onopen = () => {
      this.#waiting = this.#said.message
      this.flush()
    }
  }

  /** @param {string} text */
  write(text) {
    this.#said.take(text)
    this.#waiting += text
  }

  flush() {
    if (this.#waiting === '' || this.#channel?.readyState !== 'open') return
    this.#channel.send(this.#waiting)
    this.#waiting = ''
  }
}
