// The media of one call: a connection with each other participant, by the rule of who offers, and what each has said of
// itself. Nothing here knows the waiting room or who may take part.

import { spend } from './budget.js'
import { Outbox } from './outbox.js'
import { Peer } from './peer.js'
import { Ladder } from './ladder.js'
import { Watch } from './quality.js'

/** @typedef {import('../../wire').Signal} Signal */
/** @typedef {import('../../wire').Participant} Participant */
/** @typedef {import('./relay.js').Credentials} Credentials */
/** @typedef {import('./own.js').Own} Own */

const patience = 6_000 // for an offer, before one is asked for again
const renew = 20_000 // without media, before a new connection is asked for
const deaf = 4_000 // on a connection that claims to stand while nothing comes, before another is made
const cut = 2_000 // without media, before a change of network asks for one

const moving = ['', 'full', 'lower'] // rungs on which pictures follow each other
const nothing = { audio: null, video: null }

/** This page among others of the same person; stands in its "ready". */
const page = crypto.randomUUID()

/** Another participant of the call. */
export class Remote {
  watch = new Watch()
  ladder = new Ladder()
  /** @type {'joining' | 'live' | 'lost'} */
  state = 'joining'
  muted = false
  cameraOff = false
  rung = '' // as it said
  offered = false // it has offered, or has been offered to
  asked = Date.now() // when an offer was last due
  since = Date.now() // when the state began
  renewedAt = 0
  givenUpAt = 0 // when a connection was replaced that claimed to stand

  /** @param {Participant} who @param {Peer} peer */
  constructor(who, peer) {
    this.who = who
    this.peer = peer
  }

  get id() {
    return this.who.id
  }

  get stream() {
    return this.peer.remote
  }

  /** How loud it is now, 0–1. */
  get level() {
    const ear = this.peer.connection?.getReceivers().find((r) => r.track.kind === 'audio')
    return Math.min(1, (ear?.getSynchronizationSources()[0]?.audioLevel ?? 0) * 2)
  }

  /**
   * What is to be seen of it: its picture, or a card that says why there is none.
   * @returns {'joining' | 'lost' | 'phone' | 'text' | 'off' | 'sound' | 'picture'}
   */
  get look() {
    if (this.state !== 'live') return this.state
    if (this.watch.dry) return 'lost'
    if (this.rung === 'phone' || this.rung === 'text') return this.rung
    if (this.cameraOff) return 'off'
    return this.rung === 'sound' || this.watch.frozen ? 'sound' : 'picture'
  }
}

export class Call {
  #me
  #relay
  #relayOnly
  #own
  #changed
  #elsewhere
  #opened
  #held // the tablet rings: the connection with it is made, and it gets nothing of this end
  #outbox
  #told = '' // state, as the others know it
  #telling = 0
  #ticks = 0
  #closed = false
  #network = new AbortController()

  /** @type {Map<string, Remote>} in the order of the call */
  remotes = new Map()

  /**
   * @param {{
   *   api: import('../api.js').Api,
   *   id: string,
   *   me: Participant,
   *   relay: Credentials,
   *   relayOnly: boolean,
   *   own: Own,
   *   changed: (r?: Remote) => void,
   *   elsewhere: () => void,
   *   opened: (r: Remote, pc: RTCPeerConnection) => void,
   *   held?: boolean,
   * }} opt elsewhere: another page of the same person takes the call; opened: a new connection, before it is negotiated;
   *   held: the tablet has not answered yet
   */
  constructor({ api, id, me, relay, relayOnly, own, changed, elsewhere, opened, held = false }) {
    this.#me = me
    this.#relay = relay
    this.#relayOnly = relayOnly
    this.#own = own
    this.#changed = changed
    this.#elsewhere = elsewhere
    this.#opened = opened
    this.#held = held
    this.#outbox = new Outbox(api, id)
    addEventListener('online', () => this.#moved(), { signal: this.#network.signal })
  }

  /** @param {Participant[]} others those who take part now, in the order of the call */
  join(others) {
    for (const [id, r] of this.remotes) {
      if (others.some((who) => who.id === id)) continue
      r.peer.close()
      this.remotes.delete(id)
    }
    const before = this.remotes
    this.remotes = new Map(others.map((who) => [who.id, before.get(who.id) ?? this.#meet(who)]))
    for (const who of others) {
      const r = /** @type {Remote} */ (this.remotes.get(who.id))
      r.who = who
      if (before.has(who.id)) continue
      void r.peer.own(this.#tracksFor(r))
      if (r.peer.offers) r.peer.begin()
    }
    this.#changed()
  }

  /** Asks all who offer to this page for an offer. */
  ask() {
    for (const r of this.remotes.values()) {
      if (!r.peer.offers) this.#ready(r)
    }
  }

  /** @param {Signal} s of the call's log */
  signal(s) {
    if (s.from === this.#me.id) {
      if (s.kind === 'ready' && s.peer !== page) this.#elsewhere()
      return
    }
    const r = this.remotes.get(s.from ?? '')
    if (!r || (s.to && s.to !== this.#me.id)) return
    if (s.kind === 'state') {
      r.muted = s.muted ?? r.muted
      r.cameraOff = s.camera_off ?? r.cameraOff
      r.rung = s.rung ?? r.rung
      this.#changed(r)
      return
    }
    if (s.kind === 'offer') r.offered = true
    r.peer.handle(s)
  }

  /** What this end holds back has changed, or its devices have. */
  async ownChanged() {
    await Promise.all([...this.remotes.values()].map((r) => r.peer.own(this.#tracksFor(r))))
    this.#spendAll()
    this.#tellState()
  }

  /** The tablet has answered: it gets picture and sound from now on. */
  answered() {
    if (!this.#held) return
    this.#held = false
    for (const r of this.remotes.values()) {
      r.since = r.asked = Date.now()
      r.watch.reset()
    }
    void this.ownChanged()
  }

  /** Twice a second. */
  tick() {
    const now = Date.now()
    const measure = ++this.#ticks % 2 === 0
    for (const r of this.remotes.values()) {
      if (r.state === 'live') void this.#measure(r, measure)
      if (r.state === 'live' && r.watch.dry && now - r.watch.drySince > deaf && now - r.givenUpAt > renew) this.#giveUp(r, now)
      if (r.peer.offers) continue
      if (!r.offered && now - r.asked > patience) this.#ready(r)
      if (r.state === 'lost' && now - Math.max(r.since, r.renewedAt) > renew) {
        r.renewedAt = now
        this.#ready(r)
      }
    }
  }

  close() {
    this.#closed = true
    this.#network.abort()
    clearTimeout(this.#telling)
    this.#outbox.close()
    for (const r of this.remotes.values()) r.peer.close()
  }

  /** @param {Remote} r */
  #tracksFor(r) {
    return this.#held && r.id === 'tablet' ? nothing : this.#own.tracks
  }

  /** @param {Participant} who */
  #meet(who) {
    /** @type {Remote} */
    const r = new Remote(who, new Peer({
      offers: offers(this.#me, who),
      relay: this.#relay,
      relayOnly: this.#relayOnly,
      send: (s) => this.#outbox.send({ ...s, to: who.id }),
      forget: (peer) => this.#outbox.forget(peer),
      changed: (state) => this.#connection(r, state),
      opened: (pc) => {
        r.offered = true
        this.#told = '' // who stands anew knows nothing of this end
        this.#tellSoon()
        this.#opened(r, pc)
      },
    }))
    return r
  }

  /** A connection whose two ends send on different ways, as after a restart that one of them missed, never says so itself. @param {Remote} r @param {number} now */
  #giveUp(r, now) {
    r.givenUpAt = now
    if (r.peer.offers) r.peer.begin()
    else this.#ready(r)
  }

  /** @param {Remote} r */
  #ready(r) {
    r.asked = Date.now()
    this.#outbox.send({ kind: 'ready', to: r.id, peer: page })
  }

  /** @param {Remote} r @param {RTCPeerConnectionState} state */
  #connection(r, state) {
    const now = Date.now()
    if (state === 'connected') {
      if (r.state !== 'live') r.since = now
      r.state = 'live'
      r.renewedAt = 0
      r.watch.reset()
      this.#spendAll()
    } else if ((state === 'disconnected' || state === 'failed') && r.state === 'live') {
      r.state = this.#held ? 'joining' : 'lost' // nobody has talked yet
      r.since = now
      r.watch.reset()
    }
    this.#changed(r)
  }

  #moved() {
    const now = Date.now()
    for (const r of this.remotes.values()) {
      r.peer.moved()
      if (r.peer.offers || r.state !== 'lost' || now - r.since < cut) continue
      r.renewedAt = now
      this.#ready(r)
    }
  }

  /** @param {Remote} r @param {boolean} climb whether a second has gone */
  async #measure(r, climb) {
    const pc = r.peer.connection
    if (!pc) return
    const before = `${r.look} ${r.watch.quality}`
    const picture = !r.cameraOff && moving.includes(r.rung)
    await r.watch.look(pc, { picture, any: picture || !r.muted })
    if (this.#closed || r.state !== 'live') return
    if (climb) this.#climb(r)
    if (`${r.look} ${r.watch.quality}` !== before) this.#changed(r)
  }

  /** @param {Remote} r */
  #climb(r) {
    const { available, lostUp, short, busy } = r.watch.figures
    const { rung, whole } = r.ladder
    r.ladder.step({ available, lost: lostUp, short: !!short, busy })
    if (r.ladder.rung === rung && r.ladder.whole === whole) return
    this.#spendAll()
    this.#tellState()
  }

  #spendAll() {
    const live = [...this.remotes.values()].filter((r) => r.state === 'live')
    for (const r of live) {
      if (r.peer.connection) void spend(r.peer.connection, live.length, r.ladder)
    }
  }

  #tellSoon() {
    clearTimeout(this.#telling)
    this.#telling = setTimeout(() => this.#tellState(), 0)
  }

  /** One word for all where all get the same, and one for each where they do not. */
  #tellState() {
    if (this.#closed) return
    const all = [...this.remotes.values()]
    if (!all.some((r) => r.offered)) return
    const own = { kind: 'state', muted: this.#own.silent, camera_off: this.#own.unseen }
    const same = all.every((r) => r.ladder.rung === all[0].ladder.rung)
    const signals = same ? [{ ...own, rung: all[0].ladder.rung }] : all.map((r) => ({ ...own, rung: r.ladder.rung, to: r.id }))
    const told = JSON.stringify(signals)
    if (told === this.#told) return
    this.#told = told
    for (const s of signals) this.#outbox.send(s)
  }
}

/** Whether a guest takes part no more, and will not again. @param {string} state */
export function isOut(state) {
  return state === 'removed' || state === 'left' || state === 'expired'
}

const first = ['tablet', 'clinic']

/** Whether me offers to other: tablet, clinic, guests in the order in which they were let in. @param {Participant} me @param {Participant} other */
export function offers(me, other) {
  const [a, b] = [me, other].map((p) => (first.includes(p.id) ? first.indexOf(p.id) : first.length))
  if (a !== b) return a < b
  const [x, y] = [Date.parse(me.admitted_at ?? '') || 0, Date.parse(other.admitted_at ?? '') || 0]
  return x === y ? me.id < other.id : x < y
}
