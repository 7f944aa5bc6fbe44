// One end of a call's media. The tablet offers, this page answers. Each life of a connection has a Peer id made by the
// tablet: the same id renegotiates or restarts ICE, another id replaces the connection. Steps run one at a time, in the
// order of the call's log.

/** @typedef {import('../wire').Signal} Signal */
/** @typedef {import('../wire').Candidate} Candidate */
/** @typedef {import('../wire').Relay} Relay */

const coalesce = 100 // ms over which candidates are gathered into one signal

export class Peer {
  #relay
  #relayOnly
  #send
  #freshRelay
  #changed
  #relayGoodUntil
  /** @type {RTCPeerConnection | undefined} */
  #pc
  #peer = ''
  /** @type {Map<string, Candidate[]>} candidates that came before the offer they belong to */
  #early = new Map()
  /** @type {Candidate[]} ours, not yet sent */
  #found = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gather
  #steps = Promise.resolve()
  /** @type {MediaStream | undefined} */
  #own
  #closed = false

  /** What comes from the other side. */
  remote = new MediaStream()

  /**
   * @param {{
   *   relay: Relay,
   *   relayOnly: boolean,
   *   send: (s: Signal) => void,
   *   freshRelay: () => Promise<Relay>,
   *   changed: (state: RTCPeerConnectionState) => void,
   * }} opt
   */
  constructor({ relay, relayOnly, send, freshRelay, changed }) {
    this.#relay = relay
    this.#relayOnly = relayOnly
    this.#send = send
    this.#freshRelay = freshRelay
    this.#changed = changed
    this.#relayGoodUntil = Date.now() + relay.expires_in * 500
  }

  /** @param {Signal} s from the tablet */
  handle(s) {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return
      try {
        if (s.kind === 'offer') await this.#answer(s.peer ?? '', s.sdp ?? '')
        if (s.kind === 'candidates') await this.#add(s.peer ?? '', s.candidates ?? [])
      } catch (err) {
        console.warn('call: a signal could not be used', s.kind, err)
      }
    })
  }

  /** @param {MediaStream} own camera and microphone, or what there is of them */
  async own(own) {
    this.#own = own
    await this.#attach()
  }

  /** @returns {Promise<RTCStatsReport | undefined>} */
  async stats() {
    return this.#pc?.getStats()
  }

  close() {
    this.#closed = true
    this.#drop()
  }

  #drop() {
    clearTimeout(this.#gather)
    this.#found = []
    const pc = this.#pc
    this.#pc = undefined
    if (!pc) return
    pc.onicecandidate = pc.onconnectionstatechange = pc.ontrack = null
    pc.close()
  }

  /** @param {string} peer @param {string} sdp */
  async #answer(peer, sdp) {
    if (Date.now() > this.#relayGoodUntil) {
      this.#relay = await this.#freshRelay()
      this.#relayGoodUntil = Date.now() + this.#relay.expires_in * 500
      this.#pc?.setConfiguration(this.#configuration())
    }
    const pc = peer === this.#peer && this.#pc ? this.#pc : this.#connect(peer)
    await pc.setRemoteDescription({ type: 'offer', sdp })
    for (const tr of pc.getTransceivers()) {
      if (tr.direction === 'stopped') continue
      tr.direction = 'sendrecv'
      if (tr.receiver.track.kind === 'video') preferVP8(tr)
      if ('jitterBufferTarget' in tr.receiver) tr.receiver.jitterBufferTarget = 0
    }
    await this.#attach()
    await pc.setLocalDescription()
    this.#send({ kind: 'answer', peer, sdp: pc.localDescription?.sdp ?? '' })
    const early = this.#early.get(peer) ?? []
    this.#early.clear()
    await this.#add(peer, early)
  }

  #configuration() {
    /** @type {RTCConfiguration} */
    const c = { iceServers: this.#relay.servers, iceTransportPolicy: this.#relayOnly ? 'relay' : 'all', bundlePolicy: 'max-bundle' }
    return c
  }

  /** @param {string} peer */
  #connect(peer) {
    this.#drop()
    this.#peer = peer
    const pc = new RTCPeerConnection(this.#configuration())
    this.#pc = pc
    for (const track of this.remote.getTracks()) this.remote.removeTrack(track)
    pc.ontrack = (e) => this.remote.addTrack(e.track)
    pc.onconnectionstatechange = () => this.#changed(pc.connectionState)
    pc.onicecandidate = (e) => {
      if (e.candidate?.candidate) this.#tell(e.candidate)
    }
    return pc
  }

  /** @param {RTCIceCandidate} c */
  #tell(c) {
    this.#found.push({ candidate: c.candidate, sdp_mid: c.sdpMid, sdp_mline_index: c.sdpMLineIndex })
    if (this.#found.length > 1) return
    const peer = this.#peer
    this.#gather = setTimeout(() => {
      this.#send({ kind: 'candidates', peer, candidates: this.#found })
      this.#found = []
    }, coalesce)
  }

  /** @param {string} peer @param {Candidate[]} candidates */
  async #add(peer, candidates) {
    if (peer !== this.#peer || !this.#pc) {
      this.#early.set(peer, [...(this.#early.get(peer) ?? []), ...candidates])
      return
    }
    for (const c of candidates) {
      await this.#pc.addIceCandidate({ candidate: c.candidate, sdpMid: c.sdp_mid, sdpMLineIndex: c.sdp_mline_index })
    }
  }

  async #attach() {
    if (!this.#pc || !this.#own) return
    for (const tr of this.#pc.getTransceivers()) {
      if (tr.direction === 'stopped') continue
      const track = this.#own.getTracks().find((track) => track.kind === tr.receiver.track.kind) ?? null
      if (tr.sender.track !== track) await tr.sender.replaceTrack(track)
    }
  }
}

/** @param {RTCRtpTransceiver} tr */
function preferVP8(tr) {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? []
  const first = codecs.filter((c) => c.mimeType === 'video/VP8')
  if (first.length > 0) tr.setCodecPreferences([...first, ...codecs.filter((c) => c.mimeType !== 'video/VP8')])
}
