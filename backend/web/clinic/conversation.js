// One call with one patient, from Start to its end, as this page lives it. The waiting room's entry is the truth about
// where the call stands; the media follow it, and this page tells the backend when they are lost and when they are back.

import { openDevices } from './devices.js'
import { Outbox } from './outbox.js'
import { Peer } from './peer.js'
import { judge, read } from './quality.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').StartReply} StartReply */
/** @typedef {import('../wire').Signal} Signal */
/** @typedef {import('../wire').CallEnded} CallEnded */
/** @typedef {import('../wire').Event} WireEvent */
/** @typedef {import('./quality.js').Quality} Quality */
/** @typedef {import('./quality.js').Reading} Reading */

const patience = 6_000 // for an offer, before this page asks for one again
const cut = 2_000 // without media, before the backend is told
const renew = 20_000 // without media, before a fresh connection is asked for
const why = 500 // for the reason of an end to arrive
const remembered = 'kontakt.call'

/** This page among others of the same person; stands in its "ready". */
const page = crypto.randomUUID()

/** The call that this tab ran before it was loaded again. */
export function runningHere() {
  return sessionStorage.getItem(remembered) ?? ''
}

export class Conversation {
  #api
  #stream
  #changed
  #reload
  #outbox
  #peer
  #room
  #reason = '' // why the backend says that it ended
  #askedWhy = false
  #asked = 0 // when an offer was last due
  #offered = false
  #lostAt = 0 // since when the media are gone; 0 while they are there
  #toldLost = false
  #renewedAt = 0
  #opening = 0
  /** @type {Reading | undefined} */
  #reading
  #ticks = 0

  /** @type {ClinicEntry} */
  entry
  /** @type {'calling' | 'connecting' | 'talking' | 'over'} */
  phase
  since = Date.now() // when the phase began
  talkingSince = 0
  /** @type {Quality | ''} */
  quality = ''
  muted = false
  cameraOff = false
  remoteMuted = false
  remoteCameraOff = false
  own = new MediaStream()
  problem = '' // key of what is wrong with the devices
  outcome = '' // key of how it ended, when it was not this page that ended it

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   stream: import('../shared/stream.js').Stream,
   *   reply: StartReply,
   *   relayOnly: boolean,
   *   changed: () => void,
   *   reload: () => void,
   * }} opt changed: show it again; reload: read the waiting room again
   */
  constructor({ api, stream, reply, relayOnly, changed, reload }) {
    const call = reply.entry.call
    if (!call) throw new Error('a call without a call')
    this.#api = api
    this.#stream = stream
    this.#changed = changed
    this.#reload = reload
    this.id = call.id
    this.entry = reply.entry
    this.phase = reply.entry.state === 'called' ? 'calling' : 'connecting'
    this.#room = `call:${call.id}`
    this.#outbox = new Outbox(api, call.id)
    this.#peer = new Peer({
      relay: reply.relay,
      relayOnly,
      send: (s) => this.#outbox.send(s),
      freshRelay: () => api.get('/relay'),
      changed: (state) => this.#connection(state),
    })
    sessionStorage.setItem(remembered, call.id)
    stream.read(reply.cursor)
    if (this.phase === 'connecting') this.#ready()
    void this.reopen()
  }

  /** What comes from the tablet. */
  get remote() {
    return this.#peer.remote
  }

  /** Whether the media are gone, after they have been there or where the backend says so. */
  get interrupted() {
    return this.phase !== 'over' && (this.entry.state === 'interrupted' || this.#lostAt > 0)
  }

  /** Since when they are gone. */
  get gone() {
    return this.#lostAt || this.since
  }

  /** @param {WireEvent} e of this call's room */
  event(e) {
    if (e.room !== this.#room || this.phase === 'over') return
    if (e.type === 'call.signal') this.#signal(/** @type {Signal} */ (e.data))
    if (e.type === 'call.ended') {
      this.#reason = /** @type {CallEnded} */ (e.data).reason
      this.#hangUp()
      this.#reload()
    }
  }

  /** @param {ClinicEntry[]} entries the waiting room, read afresh */
  refresh(entries) {
    if (this.phase === 'over') return
    const e = entries.find((e) => e.id === this.entry.id)
    if (e && e.version < this.entry.version) return
    if (!e || e.call?.id !== this.id) {
      if (this.#reason === '' && !this.#askedWhy) {
        this.#askedWhy = true
        setTimeout(this.#reload, why) // the call's own log says why, and may be a moment behind
        return
      }
      this.#over(this.#howItEnded(e))
      if (e) this.entry = e
    } else {
      this.entry = e
      if (this.phase === 'calling' && e.state !== 'called') this.#enter('connecting')
    }
    this.#changed()
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted
    this.#apply()
    this.#tellState()
  }

  /** @param {boolean} off */
  turnCamera(off) {
    this.cameraOff = off
    this.#apply()
    this.#tellState()
  }

  /** Opens camera and microphone, again where they were open. */
  async reopen() {
    const turn = ++this.#opening
    stop(this.own)
    const { stream, problem } = await openDevices()
    if (turn !== this.#opening || this.phase === 'over') {
      stop(stream)
      return
    }
    this.own = stream
    this.problem = problem
    for (const track of stream.getTracks()) track.onended = () => void this.reopen()
    this.#apply()
    await this.#peer.own(stream)
    this.#tellState()
  }

  /** The call is not answered: the patient goes back to the same place. */
  async noAnswer() {
    await this.#api.post(`/clinic/entries/${this.entry.id}/no-answer`, undefined)
    this.leave('')
  }

  /** @param {string} reason of wire.EndRequest */
  async end(reason) {
    await this.#api.post(`/clinic/entries/${this.entry.id}/end`, { reason })
    this.leave('')
  }

  /** @param {string} to the colleague who goes on */
  async handOver(to) {
    await this.#api.post(`/clinic/entries/${this.entry.id}/transfer`, { to })
    this.leave('')
  }

  /** @param {string} outcome key of a sentence to leave standing, or empty */
  leave(outcome) {
    this.#over(outcome)
    this.#changed()
  }

  /** Once a second. */
  tick() {
    if (this.phase === 'calling' || this.phase === 'over') return
    const now = Date.now()
    if (!this.#offered && now - this.#asked > patience) this.#ready()
    if (this.#lostAt > 0) {
      if (!this.#toldLost && now - this.#lostAt > cut) this.#tellMedia('lost')
      if (now - Math.max(this.#lostAt, this.#renewedAt) > renew) {
        this.#renewedAt = now
        this.#ready()
      }
    } else if (this.phase === 'talking' && ++this.#ticks % 2 === 0) {
      void this.#measure()
    }
  }

  /** @param {Signal} s */
  #signal(s) {
    if (s.from === 'clinic') {
      if (s.kind === 'ready' && s.peer !== page) this.leave('over.elsewhere')
      return
    }
    if (s.kind === 'offer') {
      this.#offered = true
      this.#tellState()
    }
    if (s.kind === 'state') {
      this.remoteMuted = s.muted ?? this.remoteMuted
      this.remoteCameraOff = s.camera_off ?? this.remoteCameraOff
      this.#changed()
    }
    this.#peer.handle(s)
  }

  /** Asks the tablet for an offer. */
  #ready() {
    this.#asked = Date.now()
    this.#outbox.send({ kind: 'ready', peer: page })
  }

  #tellState() {
    if (this.phase !== 'over' && this.#offered) {
      this.#outbox.send({ kind: 'state', muted: this.#silent(), camera_off: this.#unseen() })
    }
    this.#changed()
  }

  #silent() {
    return this.muted || this.own.getAudioTracks().length === 0
  }

  #unseen() {
    return this.cameraOff || this.own.getVideoTracks().length === 0
  }

  #apply() {
    for (const track of this.own.getAudioTracks()) track.enabled = !this.muted
    for (const track of this.own.getVideoTracks()) track.enabled = !this.cameraOff
  }

  /** @param {RTCPeerConnectionState} state */
  #connection(state) {
    if (this.phase === 'over') return
    if (state === 'connected') {
      this.#lostAt = 0
      this.#renewedAt = 0
      this.#reading = undefined
      if (this.phase !== 'talking') this.#enter('talking')
      this.talkingSince ||= Date.now()
      if (this.#toldLost || this.entry.state === 'interrupted') this.#tellMedia('live')
    } else if ((state === 'disconnected' || state === 'failed') && this.#lostAt === 0) {
      this.#lostAt = Date.now()
      this.quality = ''
    }
    this.#changed()
  }

  /** @param {'lost' | 'live'} media */
  #tellMedia(media) {
    this.#toldLost = media === 'lost'
    this.#api.post(`/calls/${this.id}/media`, { media }).catch(() => {
      // The other end has said the same, or the backend is away: the entry tells the rest.
    })
  }

  async #measure() {
    const report = await this.#peer.stats()
    if (!report) return
    const now = read(report, performance.now())
    const before = this.#reading
    this.#reading = now
    if (!before || now.received < before.received || this.#lostAt > 0) return
    const quality = judge(before, now, !this.remoteCameraOff)
    if (quality === this.quality) return
    this.quality = quality
    this.#changed()
  }

  /** @param {ClinicEntry | undefined} e the entry after it, if it still has a place */
  #howItEnded(e) {
    if (this.#reason === 'transfer') return 'over.handed'
    if (this.#reason === 'removed') return 'over.removed'
    if (this.phase === 'calling') {
      if (!e) return 'over.left'
      return e.no_answers === this.entry.no_answers && this.#reason !== 'no_answer' ? 'over.not_now' : 'over.no_answer'
    }
    if (e) return 'over.lost'
    return this.#reason === 'tablet' ? 'over.by_tablet' : 'over.ended'
  }

  /** @param {'connecting' | 'talking'} phase */
  #enter(phase) {
    this.phase = phase
    this.since = Date.now()
    if (phase === 'connecting') this.#asked = Date.now()
  }

  /** @param {string} outcome */
  #over(outcome) {
    this.#hangUp()
    this.phase = 'over'
    this.since = Date.now()
    this.outcome = outcome
    this.#stream.drop(this.#room)
    if (runningHere() === this.id) sessionStorage.removeItem(remembered)
  }

  #hangUp() {
    this.#outbox.close()
    this.#peer.close()
    stop(this.own)
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) {
    track.onended = null
    track.stop()
  }
}
