// What a call carries besides sound and picture: text with each key, still pictures, and pointing at them. The channels
// are agreed on beforehand (docs/protocol.md), made anew with each connection, and nothing outlives the call.

import { Stills } from './stills.js'
import { change, newLine, Script, TextLine } from './t140.js'

const fades = 3_000 // ms after which a finger that is no longer told of is taken away
const pointing = 50 // ms between two words of where this end points

/** @typedef {{id: string, x: number, y: number, at: number}} Finger */

export class Exchange {
  #me
  #changed
  /** @type {Map<string, TextLine>} by participant */
  #texts = new Map()
  /** @type {Map<string, RTCDataChannel>} */
  #pointers = new Map()
  #pointedAt = 0
  #closed = false

  /** @type {Map<string, Script>} what each has written, this end too */
  scripts = new Map()
  /** @type {Map<string, Finger>} who points where */
  fingers = new Map()
  stills

  /** @param {{me: string, changed: () => void}} opt */
  constructor({ me, changed }) {
    this.#me = me
    this.#changed = changed
    this.stills = new Stills(changed)
    this.scripts.set(me, new Script())
  }

  /** @param {string} id @param {RTCPeerConnection} pc a new connection with that participant, before it is negotiated */
  open(id, pc) {
    const text = pc.createDataChannel('text', { negotiated: true, id: 0, protocol: 'kontakt.text.1', ordered: false, maxRetransmits: 0 })
    this.scripts.get(id)?.restart()
    this.#text(id).use(text, (news) => this.#wrote(id, news))
    this.stills.use(id, pc.createDataChannel('still', { negotiated: true, id: 1, protocol: 'kontakt.still.1' }))
    const pointer = pc.createDataChannel('pointer', { negotiated: true, id: 2, protocol: 'kontakt.pointer.1', ordered: false, maxRetransmits: 0 })
    pointer.onmessage = (e) => this.#pointed(id, e.data)
    this.#pointers.set(id, pointer)
  }

  /** @param {string[]} people who take part: the rest are forgotten */
  keep(people) {
    for (const [id, text] of this.#texts) {
      if (!people.includes(id)) text.close()
    }
    for (const all of [this.#texts, this.#pointers, this.fingers]) {
      for (const id of all.keys()) {
        if (!people.includes(id)) all.delete(id)
      }
    }
    for (const id of people) this.#text(id)
    this.stills.keep(people)
  }

  /** This end's line is this now. @param {string} line */
  type(line) {
    const mine = this.#mine
    this.#write(change(mine.line, line))
  }

  /** This end's line is done. */
  endLine() {
    this.#write(newLine)
  }

  /** @param {string} still @param {number} x 0–1 @param {number} y 0–1 */
  point(still, x, y) {
    const now = Date.now()
    if (now - this.#pointedAt < pointing) return
    this.#pointedAt = now
    this.#tell({ id: still, x, y })
  }

  /** @param {string} still that is not pointed at any more */
  pointNoMore(still) {
    this.#pointedAt = 0
    this.#tell({ id: still })
  }

  close() {
    this.#closed = true
    for (const text of this.#texts.values()) text.close()
    this.stills.close()
    this.scripts.clear()
    this.scripts.set(this.#me, new Script())
    this.fingers.clear()
  }

  /** @param {string} id */
  #text(id) {
    const text = this.#texts.get(id) ?? new TextLine()
    this.#texts.set(id, text)
    return text
  }

  get #mine() {
    return /** @type {Script} */ (this.scripts.get(this.#me))
  }

  /** @param {string} text */
  #write(text) {
    if (text === '' || this.#closed) return
    this.#mine.take(text)
    for (const t of this.#texts.values()) t.write(text)
    this.#changed()
  }

  /** @param {string} from @param {string} text that goes on from what came before */
  #wrote(from, text) {
    if (this.#closed) return
    const script = this.scripts.get(from) ?? new Script()
    this.scripts.set(from, script)
    script.take(text)
    this.#changed()
  }

  /** @param {string} from @param {unknown} data */
  #pointed(from, data) {
    /** @type {any} */
    let m
    try {
      m = JSON.parse(String(data))
    } catch {
      return
    }
    if (!this.stills.all.some((s) => s.id === m?.id)) return
    const on = [m.x, m.y].every((n) => typeof n === 'number' && n >= 0 && n <= 1)
    if (on) {
      this.fingers.set(from, { id: m.id, x: m.x, y: m.y, at: Date.now() })
      setTimeout(() => this.#fade(from), fades)
    } else {
      this.fingers.delete(from)
    }
    this.#changed()
  }

  /** @param {string} from */
  #fade(from) {
    const f = this.fingers.get(from)
    if (!f || Date.now() - f.at < fades - 50) return
    this.fingers.delete(from)
    this.#changed()
  }

  /** @param {object} message */
  #tell(message) {
    for (const p of this.#pointers.values()) {
      if (p.readyState === 'open') p.send(JSON.stringify(message))
    }
  }
}
