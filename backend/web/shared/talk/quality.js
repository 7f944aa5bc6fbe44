// How one connection fares, from the browser's own statistics: what is told to the person (quality, a picture that
// stands still, nothing coming at all), what the ladder climbs by, and the figures of the overlay.

/**
 * @typedef {object} Reading
 * @property {number} at ms
 * @property {number} received packets
 * @property {number} lost packets
 * @property {number} frames decoded
 * @property {number} sound packets
 * @property {number} down bytes
 * @property {number} up bytes
 */
/** @typedef {'good' | 'weak' | 'stalled'} Quality */
/**
 * @typedef {object} Figures those of the overlay; what a browser does not tell is left out
 * @property {number} [rtt] ms
 * @property {number} [jitter] ms
 * @property {number} [down] kbit/s
 * @property {number} [up] kbit/s
 * @property {number} [available] kbit/s that the way there carries
 * @property {number} [lostDown] 0–1
 * @property {number} [lostUp] 0–1
 * @property {string} [path]
 * @property {string} [seen] size and rate of the picture that comes
 * @property {string} [sent] of the one that goes
 * @property {boolean} [short] whether it is lowered for want of bandwidth
 * @property {boolean} [busy] whether it is for want of this machine's time
 */

const still = 2_000 // ms without a new picture or without anything
const between = 1_000 // ms from one reading to the next at least

/** @param {RTCStatsReport} report @param {number} at ms @returns {Reading} */
function read(report, at) {
  const r = { at, received: 0, lost: 0, frames: 0, sound: 0, down: 0, up: 0 }
  report.forEach((s) => {
    if (s.type === 'outbound-rtp') r.up += s.bytesSent ?? 0
    if (s.type !== 'inbound-rtp') return
    r.received += s.packetsReceived ?? 0
    r.lost += s.packetsLost ?? 0
    r.down += s.bytesReceived ?? 0
    if (s.kind === 'video') r.frames += s.framesDecoded ?? 0
    else r.sound += s.packetsReceived ?? 0
  })
  return r
}

/**
 * @param {Reading} before
 * @param {Reading} now
 * @param {boolean} picture whether a picture is expected
 * @returns {Quality}
 */
function judge(before, now, picture) {
  const received = now.received - before.received
  const lost = Math.max(0, now.lost - before.lost)
  const rate = (now.frames - before.frames) / ((now.at - before.at) / 1000)
  if (picture && rate === 0) return 'stalled'
  if (lost > 0.03 * (received + lost) || (picture && rate < 8)) return 'weak'
  return 'good'
}

/** Watches one connection, from reading to reading. */
export class Watch {
  /** @type {Reading | undefined} */
  #before
  #pictureAt = 0
  #anythingAt = 0
  #soundAt = 0
  #readAt = 0
  #last = { frames: 0, sound: 0, received: 0 }

  /** @type {Quality | ''} */
  quality = ''
  frozen = false // sound comes, and no new picture
  dry = false // nothing comes
  drySince = 0 // the time of that, as Date.now()
  /** @type {Figures} */
  figures = {}

  /** A new connection, or one that has just come back: what was read before says nothing about it. */
  reset() {
    this.#before = undefined
    this.#pictureAt = this.#anythingAt = this.#soundAt = 0
    this.quality = ''
    this.frozen = this.dry = false
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {{picture: boolean, any: boolean}} expected whether a picture is due, and whether anything is
   */
  async look(pc, expected) {
    const report = await pc.getStats()
    const at = performance.now()
    const now = read(report, at)
    const before = this.#before
    if (!before || now.received < before.received) {
      this.#before = this.#last = now
      this.#pictureAt = this.#anythingAt = this.#soundAt = at
      return
    }
    this.#still(now, expected)
    if (at - this.#readAt < between) return
    this.#readAt = at
    this.quality = judge(before, now, expected.picture)
    this.figures = figures(report, before, now)
    this.#before = now
  }

  /** @param {Reading} now @param {{picture: boolean, any: boolean}} expected */
  #still(now, expected) {
    if (now.frames > this.#last.frames) this.#pictureAt = now.at
    if (now.sound > this.#last.sound) this.#soundAt = now.at
    if (now.received > this.#last.received) this.#anythingAt = now.at
    this.#last = now
    this.frozen = expected.picture && now.at - this.#pictureAt > still && now.at - this.#soundAt < still
    const dry = expected.any && now.at - this.#anythingAt > still
    if (dry && !this.dry) this.drySince = Date.now()
    this.dry = dry
  }
}

/** @param {RTCStatsReport} report @param {Reading} before @param {Reading} now @returns {Figures} */
function figures(report, before, now) {
  const seconds = (now.at - before.at) / 1000
  const got = now.received - before.received
  const lost = Math.max(0, now.lost - before.lost)
  /** @type {Figures} */
  const f = {
    down: (now.down - before.down) * 8 / 1000 / seconds, up: (now.up - before.up) * 8 / 1000 / seconds,
    lostDown: got + lost > 0 ? lost / (got + lost) : 0,
  }
  report.forEach((s) => {
    if (s.type === 'inbound-rtp' && s.kind === 'audio' && s.jitter !== undefined) f.jitter = s.jitter * 1000
    if (s.type === 'inbound-rtp' && s.kind === 'video' && s.frameWidth) f.seen = picture(s)
    if (s.type === 'outbound-rtp' && s.kind === 'video') {
      f.short = s.qualityLimitationReason === 'bandwidth'
      f.busy = s.qualityLimitationReason === 'cpu'
    }
    if (s.type === 'outbound-rtp' && s.kind === 'video' && s.frameWidth) f.sent = picture(s)
    if (s.type === 'remote-inbound-rtp' && s.fractionLost !== undefined) f.lostUp = Math.max(f.lostUp ?? 0, s.fractionLost)
    if (s.type === 'remote-inbound-rtp' && s.roundTripTime !== undefined) f.rtt ??= s.roundTripTime * 1000
    if (s.type === 'candidate-pair' && chosen(report, s)) {
      if (s.availableOutgoingBitrate) f.available = s.availableOutgoingBitrate / 1000
      if (s.currentRoundTripTime !== undefined) f.rtt = s.currentRoundTripTime * 1000
      f.path = path(report, s)
    }
  })
  return f
}

/** @param {RTCStatsReport} report @param {any} pair */
function chosen(report, pair) {
  let id = ''
  report.forEach((s) => {
    if (s.type === 'transport' && s.selectedCandidatePairId) id = s.selectedCandidatePairId
  })
  return id ? pair.id === id : !!pair.selected || (pair.nominated && pair.state === 'succeeded')
}

/** @param {RTCStatsReport} report @param {any} pair */
function path(report, pair) {
  const [own, other] = [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)]
  if (!own || !other) return ''
  const way = own.candidateType === 'relay' ? `relay/${own.relayProtocol ?? own.protocol}` : `${own.candidateType}/${own.protocol}`
  return `${way} → ${other.candidateType}`
}

/** @param {any} s */
function picture(s) {
  return `${s.frameWidth}×${s.frameHeight} · ${Math.round(s.framesPerSecond ?? 0)}/s`
}
