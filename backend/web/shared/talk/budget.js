// What is sent to each receiver. Every receiver has a connection and an estimate of its own, so a weak one costs the
// others nothing; what all share is this machine, which gets at most the work of two full pictures. Sound goes first.

/** @type {Record<number, {rate: number, scale: number}>} by how many receive; kbit/s and how much smaller each way */
const shares = { 1: { rate: 2_000, scale: 1 }, 2: { rate: 1_500, scale: 1 }, 3: { rate: 1_000, scale: 1.25 } }
const sound = 32 // kbit/s
const still = { rate: 30, scale: 2, fps: 1 } // of the picture that only shows how things stand; Chromium takes whole numbers, and none for 0.5

/**
 * @param {RTCPeerConnection} pc
 * @param {number} receivers how many pictures leave this machine
 * @param {Pick<import('./ladder.js').Ladder, 'rung' | 'whole'>} way what this one's carries
 */
export async function spend(pc, receivers, { rung, whole }) {
  const share = shares[Math.min(3, Math.max(1, receivers))]
  const { rate, scale, fps } = rung === 'still' ? { ...still, scale: share.scale * still.scale } : { ...share, fps: undefined }
  for (const sender of pc.getSenders()) {
    if (!sender.track) continue
    hint(sender.track)
    if (sender.track.kind === 'video') {
      await set(sender, { maxBitrate: rate * 1000, scaleResolutionDownBy: scale, maxFramerate: fps, active: rung !== 'sound', priority: 'low', networkPriority: 'low' }, whole ? 'maintain-resolution' : 'maintain-framerate')
    } else {
      await set(sender, { maxBitrate: sound * 1000, active: true, priority: 'high', networkPriority: 'high' }, '')
    }
  }
}

/** What each sender keeps: not every browser tells. @type {WeakMap<RTCRtpSender, string>} */
const kept = new WeakMap()

/** @param {MediaStreamTrack} track */
function hint(track) {
  if ('contentHint' in track) track.contentHint = track.kind === 'video' ? 'motion' : 'speech'
}

/**
 * Sets what differs. Priorities and what gives way first are not every browser's: without them the rest still holds.
 * @param {RTCRtpSender} sender @param {RTCRtpEncodingParameters} wanted @param {string} keeps what gives way last, of a picture
 */
async function set(sender, wanted, keeps) {
  const { priority, networkPriority, ...plain } = wanted
  for (const encoding of [wanted, plain]) {
    const p = sender.getParameters()
    if (!p.encodings?.length) return // not negotiated yet
    const now = p.encodings[0]
    if (Object.entries(encoding).every(([name, value]) => /** @type {any} */ (now)[name] === value) && kept.get(sender) === keeps) return
    Object.assign(now, encoding)
    if (keeps && encoding === wanted) /** @type {any} */ (p).degradationPreference = keeps
    try {
      await sender.setParameters(p)
      kept.set(sender, keeps)
      return
    } catch (err) {
      if (err instanceof DOMException && err.name === 'InvalidStateError') return // closed, or renegotiated meanwhile: it is set again
    }
  }
}
