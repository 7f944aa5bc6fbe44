// A connection with one other participant. Of the two the one that comes first in the call offers, the other answers
// (docs/protocol.md). Each life of a connection has an id made by who offers: the same id renegotiates or restarts ICE,
// another id replaces the connection. Steps run one at a time, in the order of the call's log.

import { Rescue } from './rescue.js'

/** @typedef {import('../../wire').Signal} Signal */
/** @typedef {import('../../wire').Candidate} Candidate */
/** @typedef {import('./relay.js').Credentials} Credentials */
/** @typedef {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null}} Tracks */

const coalesce = 100 // ms over which candidates are gathered into one signal
const mostEarly = 256 // candidates kept for a description that has not come
const mostLives = 4 // connections that they are kept for

export class Peer {
  #offers
  #relay
  #relayOnly
  #send
  #forget
  #changed
  #opened
  #rescue
  /** @type {RTCPeerConnection | undefined} */
  #pc
  #id = ''
  /** @type {Map<string, Candidate[]>} candidates that came before the description they belong to */
  #early = new Map()
  /** @type {Candidate[]} ours, not yet sent */
  #found = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gather
  #steps = Promise.resolve()
  /** @type {Tracks} */
  #own = { audio: null, video: null }
  #closed = false

  /** What comes from the other side. */
  remote = new MediaStream()

  /**
   * @param {{
   *   offers: boolean,
   *   relay: Credentials,
   *   relayOnly: boolean,
   *   send: (s: Signal) => void,
   *   forget: (peer: string) => void,
   *   changed: (state: RTCPeerConnectionState) => void,
   *   opened: (pc: RTCPeerConnection) => void,
   * }} opt forget: what has not been sent for that id is worth nothing any more; opened: a new connection, before it
   *   is negotiated
   */
  constructor({ offers, relay, relayOnly, send, forget, changed, opened }) {
    this.#offers = offers
    this.#relay = relay
    this.#relayOnly = relayOnly
    this.#send = send
    this.#forget = forget
    this.#changed = changed
    this.#opened = opened
    this.#rescue = new Rescue({
      restartable: () => this.#pc?.signalingState === 'stable' && this.#pc.connectionState !== 'new',
      answered: () => this.#pc?.signalingState === 'stable',
      restart: () => this.#step('restart', () => this.#restart()),
      begin: (only) => this.begin(only && this.#relay.servers.length > 0),
    })
  }

  get offers() {
    return this.#offers
  }

  /** Offers a new connection. @param {boolean} [relayOnly] */
  begin(relayOnly = false) {
    this.#step('begin', async () => {
      await this.#relay.renew()
      const pc = this.#connect(crypto.randomUUID(), relayOnly)
      for (const kind of /** @type {('audio' | 'video')[]} */ (['audio', 'video'])) {
        const tr = pc.addTransceiver(this.#own[kind] ?? kind, { direction: 'sendrecv' })
        prepare(tr)
      }
      await this.#offer(pc)
    })
  }

  /** @param {Signal} s from the other */
  handle(s) {
    this.#step(s.kind, async () => {
      if (s.kind === 'offer' && !this.#offers) await this.#answer(s.peer ?? '', s.sdp ?? '')
      if (s.kind === 'answer' && this.#offers) await this.#answered(s.peer ?? '', s.sdp ?? '')
      if (s.kind === 'candidates') await this.#add(s.peer ?? '', s.candidates ?? [])
      if (s.kind === 'ready' && this.#offers) this.begin()
    })
  }

  /** The network here has changed. */
  moved() {
    if (this.#offers && this.#pc) this.#rescue.moved()
  }

  /** @param {Tracks} own camera and microphone, or what there is of them */
  async own(own) {
    this.#own = own
    await this.#attach()
  }

  get connection() {
    return this.#pc
  }

  close() {
    this.#closed = true
    this.#rescue.stop()
    this.#drop()
  }

  /** @param {string} what @param {() => Promise<void>} act */
  #step(what, act) {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return
      try {
        await act()
      } catch (err) {
        console.warn('call: a step of a connection failed', what, err)
      }
    })
  }

  #drop() {
    clearTimeout(this.#gather)
    this.#found = []
    const pc = this.#pc
    this.#pc = undefined
    if (!pc) return
    this.#forget(this.#id)
    pc.onicecandidate = pc.onconnectionstatechange = pc.ontrack = null
    pc.close()
  }

  /** @param {RTCPeerConnection} pc */
  async #offer(pc) {
    await pc.setLocalDescription()
    this.#send({ kind: 'offer', peer: this.#id, sdp: pc.localDescription?.sdp ?? '' })
  }

  async #restart() {
    const pc = this.#pc
    if (!pc || pc.signalingState !== 'stable') return
    if (await this.#relay.renew()) pc.setConfiguration(this.#configuration(this.#relayOnly))
    pc.restartIce()
    await this.#offer(pc)
  }

  /** @param {string} peer @param {string} sdp */
  async #answered(peer, sdp) {
    const pc = this.#pc
    if (!pc || peer !== this.#id || pc.signalingState !== 'have-local-offer') return
    await pc.setRemoteDescription({ type: 'answer', sdp })
    if (pc.connectionState !== 'connected') this.#rescue.answered()
    await this.#addEarly(peer)
  }

  /** @param {string} peer @param {string} sdp */
  async #answer(peer, sdp) {
    if (await this.#relay.renew()) this.#pc?.setConfiguration(this.#configuration(this.#relayOnly))
    const pc = peer === this.#id && this.#pc ? this.#pc : this.#connect(peer, false)
    await pc.setRemoteDescription({ type: 'offer', sdp })
    for (const tr of pc.getTransceivers()) {
      if (tr.direction === 'stopped') continue
      tr.direction = 'sendrecv'
      prepare(tr)
    }
    await this.#attach()
    await pc.setLocalDescription()
    this.#send({ kind: 'answer', peer, sdp: pc.localDescription?.sdp ?? '' })
    await this.#addEarly(peer)
  }

  /** @param {boolean} relayOnly @returns {RTCConfiguration} */
  #configuration(relayOnly) {
    return { iceServers: this.#relay.servers, iceTransportPolicy: relayOnly ? 'relay' : 'all', bundlePolicy: 'max-bundle' }
  }

  /** @param {string} id @param {boolean} relayOnly */
  #connect(id, relayOnly) {
    this.#drop()
    this.#id = id
    const pc = new RTCPeerConnection(this.#configuration(relayOnly || this.#relayOnly))
    this.#pc = pc
    const stream = new MediaStream() // another for each connection: not every browser plays on where its tracks change
    pc.ontrack = (e) => {
      stream.addTrack(e.track)
      this.remote = stream
    }
    pc.onconnectionstatechange = () => this.#moved(pc.connectionState)
    pc.onicecandidate = (e) => {
      if (e.candidate?.candidate) this.#tell(e.candidate)
    }
    this.#opened(pc)
    return pc
  }

  /** @param {RTCPeerConnectionState} state */
  #moved(state) {
    if (state === 'connected') this.#rescue.connected()
    else if (this.#offers && (state === 'disconnected' || state === 'failed')) this.#rescue.lost()
    this.#changed(state)
  }

  /** @param {RTCIceCandidate} c */
  #tell(c) {
    this.#found.push({ candidate: c.candidate, sdp_mid: c.sdpMid, sdp_mline_index: c.sdpMLineIndex })
    if (this.#found.length > 1) return
    const peer = this.#id
    this.#gather = setTimeout(() => {
      this.#send({ kind: 'candidates', peer, candidates: this.#found })
      this.#found = []
    }, coalesce)
  }

  /** @param {string} peer @param {Candidate[]} candidates */
  async #add(peer, candidates) {
    if (peer !== this.#id || !this.#pc?.remoteDescription) {
      if (this.#early.size >= mostLives) this.#early.clear()
      this.#early.set(peer, [...(this.#early.get(peer) ?? []), ...candidates].slice(0, mostEarly))
      return
    }
    for (const c of candidates) {
      await this.#pc.addIceCandidate({ candidate: c.candidate, sdpMid: c.sdp_mid, sdpMLineIndex: c.sdp_mline_index })
    }
  }

  /** @param {string} peer */
  async #addEarly(peer) {
    const early = this.#early.get(peer) ?? []
    this.#early.clear()
    await this.#add(peer, early)
  }

  async #attach() {
    if (!this.#pc) return
    for (const tr of this.#pc.getTransceivers()) {
      if (tr.direction === 'stopped') continue
      const track = tr.receiver.track.kind === 'audio' ? this.#own.audio : this.#own.video
      if (tr.sender.track !== track) await tr.sender.replaceTrack(track)
    }
  }
}

/** VP8 first, which every end of ours has, and a picture shown as soon as it is there. @param {RTCRtpTransceiver} tr */
function prepare(tr) {
  if ('jitterBufferTarget' in tr.receiver) tr.receiver.jitterBufferTarget = 0
  if (tr.receiver.track.kind !== 'video' || !('setCodecPreferences' in tr)) return
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? []
  const first = codecs.filter((c) => c.mimeType === 'video/VP8')
  if (first.length > 0) tr.setCodecPreferences([...first, ...codecs.filter((c) => c.mimeType !== 'video/VP8')])
}
