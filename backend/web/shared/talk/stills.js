// Still pictures from another participant: offered, fetched in pieces, checked by their hash; after a break the one who
// has them offers them again (docs/protocol.md). They live in this page's memory alone and are gone with the call.

const largest = 20 << 20 // bytes
const head = 20 // bytes of a piece before its data: id and offset
const most = 3 // kept; the oldest makes room
const mostComing = 2 // at the same time from one sender
const patience = 20_000 // ms for an answer, before one may ask again
const fades = 15_000 // ms after which "not now" has been read

/**
 * @typedef {object} Still
 * @property {string} id
 * @property {string} from
 * @property {number} size
 * @property {string} sha256
 * @property {number} width
 * @property {number} height
 * @property {number} have bytes
 * @property {Uint8Array<ArrayBuffer>} data
 * @property {Blob | undefined} picture when it is whole and right
 * @property {number} at
 */

/** @param {unknown} m an offer @returns {boolean} whether it may be one of ours */
function sane(m) {
  const o = /** @type {any} */ (m)
  const whole = (/** @type {unknown} */ n, /** @type {number} */ max) => Number.isInteger(n) && Number(n) > 0 && Number(n) <= max
  return /^[0-9a-f]{32}$/.test(o.id) && o.type === 'image/jpeg' && /^[0-9a-f]{64}$/.test(o.sha256) &&
    whole(o.size, largest) && whole(o.width, 32_768) && whole(o.height, 32_768)
}

/** @param {ArrayBuffer} bytes */
function hex(bytes) {
  return [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export class Stills {
  #changed
  /** @type {Map<string, RTCDataChannel>} by participant */
  #channels = new Map()
  #asked = '' // who was asked last
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @type {Still[]} oldest first */
  all = []
  /** @type {'' | 'asked' | 'declined' | 'failed'} how the last question stands; failed: what came could not be used */
  answer = ''
  pending = false // a question is on its way, and it is too soon for another

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed
  }

  /** @param {string} from @param {RTCDataChannel} channel of a new connection */
  use(from, channel) {
    this.#channels.set(from, channel)
    channel.binaryType = 'arraybuffer'
    channel.onmessage = (e) => this.#message(from, channel, e.data)
  }

  /** Asks somebody for one. @param {string} from @returns {boolean} whether the question is on its way */
  ask(from) {
    const sent = this.#send(from, { kind: 'ask' })
    this.#asked = from
    this.#answered(sent ? 'asked' : '')
    if (sent) {
      this.pending = true
      this.#later(patience, () => { this.pending = false })
    }
    this.#changed()
    return sent
  }

  /** Both ends forget it. @param {string} id */
  drop(id) {
    const s = this.all.find((s) => s.id === id)
    if (!s) return
    this.#send(s.from, { kind: 'drop', id })
    this.#forget(s)
  }

  /** @param {string[]} people who still take part */
  keep(people) {
    for (const from of this.#channels.keys()) {
      if (!people.includes(from)) this.#channels.delete(from)
    }
    for (const s of this.all.filter((s) => !s.picture && !people.includes(s.from))) this.#forget(s)
  }

  close() {
    clearTimeout(this.#timer)
    this.#channels.clear()
    this.all = []
  }

  /** @param {string} to @param {object} message */
  #send(to, message) {
    const channel = this.#channels.get(to)
    if (channel?.readyState !== 'open') return false
    channel.send(JSON.stringify(message))
    return true
  }

  /** @param {string} from @param {RTCDataChannel} channel @param {unknown} data */
  #message(from, channel, data) {
    if (channel !== this.#channels.get(from)) return
    if (data instanceof ArrayBuffer) {
      void this.#piece(from, data)
      return
    }
    /** @type {any} */
    let m
    try {
      m = JSON.parse(String(data))
    } catch {
      return
    }
    if (m?.kind === 'offer') this.#offered(from, m)
    if (m?.kind === 'decline') this.#declined(from)
    if (m?.kind === 'drop') {
      const s = this.#find(from, m.id)
      if (s) this.#forget(s)
    }
  }

  /** Whoever was asked says "not now"; from anybody else it means nothing. @param {string} from */
  #declined(from) {
    if (this.answer !== 'asked' || from !== this.#asked) return
    this.#answered('declined')
    this.#later(fades, () => this.#answered(''))
    this.#changed()
  }

  /** @param {'' | 'asked' | 'declined' | 'failed'} answer */
  #answered(answer) {
    clearTimeout(this.#timer)
    this.answer = answer
    this.pending = false
  }

  /** @param {number} ms @param {() => void} act */
  #later(ms, act) {
    this.#timer = setTimeout(() => {
      act()
      this.#changed()
    }, ms)
  }

  /** @param {string} from @param {any} m */
  #offered(from, m) {
    const known = this.#find(from, m.id)
    const coming = this.all.filter((s) => s.from === from && !s.picture).length
    this.#answered('')
    if (!sane(m) || (!known && coming >= mostComing)) {
      if (/^[0-9a-f]{32}$/.test(m.id)) this.#send(from, { kind: 'bad', id: m.id })
      this.#answered('failed')
      this.#changed()
      return
    }
    if (known?.picture) {
      this.#send(from, { kind: 'have', id: m.id })
      return
    }
    if (!known) this.#expect(from, m)
    this.#send(from, { kind: 'from', id: m.id, offset: known?.have ?? 0 })
    this.#changed()
  }

  /** @param {string} from @param {any} m */
  #expect(from, m) {
    while (this.all.length >= most) this.#forget(this.all[0])
    this.all.push({
      id: m.id, from, size: m.size, sha256: m.sha256, width: m.width, height: m.height, have: 0, data: new Uint8Array(m.size),
      picture: undefined, at: Date.now(),
    })
  }

  /** @param {string} from @param {ArrayBuffer} bytes */
  async #piece(from, bytes) {
    if (bytes.byteLength <= head) return
    const s = this.#find(from, hex(bytes.slice(0, 16)))
    const offset = new DataView(bytes).getUint32(16)
    const data = new Uint8Array(bytes, head)
    if (!s || s.picture || offset !== s.have || offset + data.length > s.size) return
    s.data.set(data, offset)
    s.have += data.length
    if (s.have === s.size) await this.#check(s)
    this.#changed()
  }

  /** @param {Still} s */
  async #check(s) {
    const right = hex(await crypto.subtle.digest('SHA-256', s.data)) === s.sha256
    if (!this.all.includes(s)) return
    this.#send(s.from, { kind: right ? 'have' : 'bad', id: s.id })
    if (right) {
      s.picture = new Blob([s.data], { type: 'image/jpeg' })
      s.data = new Uint8Array()
    } else {
      this.#answered('failed')
      this.#forget(s)
    }
  }

  /** @param {string} from @param {unknown} id */
  #find(from, id) {
    return this.all.find((s) => s.from === from && s.id === id)
  }

  /** @param {Still} s */
  #forget(s) {
    this.all = this.all.filter((x) => x !== s)
    this.#changed()
  }
}
