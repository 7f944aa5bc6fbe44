// One stream of events over all the rooms that a page reads. Each event is delivered once and in its room's order,
// whatever happens to the connection: the stream keeps its own cursor, reconnects with it, and says when it is cut.

/** @typedef {import('../wire').Event} WireEvent */
/** @typedef {import('../wire').Events} WireEvents */

const silence = 38_000 // the backend says something every 15 s
const opening = 10_000 // an answer that does not even begin within this is held back by something on the way
const firstPause = 500
const longestPause = 5_000

export class Stream {
  #api
  #deliver
  #changed
  #resync
  /** @type {Map<string, number>} room → last Seq delivered */
  #at = new Map()
  /** @type {EventSource | undefined} */
  #source
  /** @type {AbortController | undefined} */
  #poll
  #heard = 0
  #open = false // whether this connection has begun to answer
  #spoke = false // whether it has said anything
  #buffered = false // whether something on the way holds events back, so that only polling gets through
  #running = false
  #live = false
  #attempt = 0
  #syncing = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry
  #watchdog = 0

  /**
   * @param {{
   *   api: import('./api.js').Api,
   *   deliver: (e: WireEvent) => void,
   *   changed: (live: boolean) => void,
   *   resync: () => Promise<void>,
   * }} opt resync runs before each reconnect: it reads afresh what the page shows and fails while the backend does
   */
  constructor({ api, deliver, changed, resync }) {
    this.#api = api
    this.#deliver = deliver
    this.#changed = changed
    this.#resync = resync
    addEventListener('online', () => this.#wake())
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#wake()
    })
  }

  /** @param {string} cursor of the rooms to read; rooms already read keep their place */
  read(cursor) {
    let fresh = false
    for (const part of cursor.split(',')) {
      const cut = part.lastIndexOf('=')
      const room = part.slice(0, cut)
      if (cut < 0 || this.#at.has(room)) continue
      this.#at.set(room, Number(part.slice(cut + 1)))
      fresh = true
    }
    if (fresh || !this.#running) {
      this.#running = true
      this.#connect()
    }
  }

  /** @param {string} room no longer of interest; its events stop when the next connection is made */
  drop(room) {
    this.#at.delete(room)
  }

  /** @param {string[]} rooms all that are of interest; the others are dropped */
  only(rooms) {
    for (const room of this.#at.keys()) {
      if (!rooms.includes(room)) this.#at.delete(room)
    }
  }

  /** Ends the reading; a later read goes on from where each room was. */
  stop() {
    this.#running = false
    this.#live = false
    this.#disconnect()
  }

  #cursor() {
    return [...this.#at].map(([room, seq]) => `${room}=${seq}`).sort().join(',')
  }

  #connect() {
    this.#disconnect()
    this.#heard = Date.now()
    this.#open = this.#spoke = false
    if (this.#buffered) {
      void this.#longPoll()
    } else {
      const source = new EventSource(this.#api.address(`/stream?at=${encodeURIComponent(this.#cursor())}`))
      this.#source = source
      source.onopen = () => {
        this.#open = true
        this.#said()
      }
      source.onmessage = (e) => {
        this.#said()
        this.#spoke = true
        this.#take(JSON.parse(e.data))
      }
      source.addEventListener('heartbeat', () => {
        this.#said()
        this.#spoke = true
      })
      source.onerror = () => this.#cut()
    }
    this.#watchdog = setInterval(() => {
      if (Date.now() - this.#heard < (this.#open || this.#buffered ? silence : opening)) return
      this.#buffered = !this.#buffered && !this.#spoke
      this.#cut()
    }, 1000)
  }

  async #longPoll() {
    const poll = new AbortController()
    this.#poll = poll
    try {
      while (!poll.signal.aborted) {
        /** @type {WireEvents} */
        const reply = await this.#api.get(`/stream?at=${encodeURIComponent(this.#cursor())}&wait=25`, { signal: poll.signal, once: true })
        this.#said()
        for (const e of reply.events) this.#take(e)
      }
    } catch {
      if (poll.signal.aborted) return
      this.#buffered = false
      this.#cut()
    }
  }

  /** @param {WireEvent} e */
  #take(e) {
    const last = this.#at.get(e.room)
    if (last === undefined || e.seq <= last) return
    this.#at.set(e.room, e.seq)
    this.#deliver(e)
  }

  #said() {
    this.#heard = Date.now()
    this.#attempt = 0
    this.#tell(true)
  }

  #cut() {
    this.#disconnect()
    if (!this.#running) return
    this.#tell(false)
    const most = Math.min(longestPause, firstPause * 2 ** this.#attempt++)
    this.#retry = setTimeout(() => void this.#again(), most * (0.5 + Math.random() / 2))
  }

  async #again() {
    if (this.#syncing) return
    this.#syncing = true
    try {
      await this.#resync()
      if (this.#running) this.#connect()
    } catch {
      this.#cut()
    } finally {
      this.#syncing = false
    }
  }

  #wake() {
    if (!this.#running) return
    if (!this.#live) {
      clearTimeout(this.#retry)
      this.#attempt = 0
      void this.#again()
    } else if (Date.now() - this.#heard > silence) {
      this.#cut()
    }
  }

  /** @param {boolean} live */
  #tell(live) {
    if (live === this.#live) return
    this.#live = live
    this.#changed(live)
  }

  #disconnect() {
    clearTimeout(this.#retry)
    clearInterval(this.#watchdog)
    this.#source?.close()
    this.#source = undefined
    this.#poll?.abort()
    this.#poll = undefined
  }
}
