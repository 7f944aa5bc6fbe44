// How the call fares, from two readings of the browser's own statistics.

/** @typedef {{at: number, received: number, lost: number, frames: number, sound: number}} Reading */
/** @typedef {'good' | 'weak' | 'stalled'} Quality */

/** @param {RTCStatsReport} report @param {number} at ms @returns {Reading} */
export function read(report, at) {
  const r = { at, received: 0, lost: 0, frames: 0, sound: 0 }
  report.forEach((s) => {
    if (s.type !== 'inbound-rtp') return
    r.received += s.packetsReceived ?? 0
    r.lost += s.packetsLost ?? 0
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
export function judge(before, now, picture) {
  const received = now.received - before.received
  const lost = Math.max(0, now.lost - before.lost)
  const rate = (now.frames - before.frames) / ((now.at - before.at) / 1000)
  if (picture && rate === 0) return 'stalled'
  if (lost > 0.03 * (received + lost) || (picture && rate < 8)) return 'weak'
  return 'good'
}
