// The tablet's media in these tests: a page that offers, with a moving picture and a tone, as docs/protocol.md says the
// tablet does. Its signals go through the lab, which carries them to the backend as that tablet.

/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @param {Page} page an empty page of the lab's
 * @param {object} way
 * @param {(signals: object[]) => Promise<void>} way.send
 * @param {() => Promise<RTCIceServer[]>} way.servers
 * @param {'all' | 'relay'} [way.policy]
 */
export async function offerFrom(page, { send, servers, policy = 'all' }) {
  await page.exposeFunction('toClinic', send)
  await page.exposeFunction('iceServers', servers)
  await page.evaluate((policy) => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    let n = 0
    setInterval(() => {
      draw.fillStyle = `hsl(${(n++ * 7) % 360} 60% 40%)`
      draw.fillRect(0, 0, 640, 360)
      draw.fillStyle = '#fff'
      draw.fillRect((n * 11) % 600, 160, 40, 40)
    }, 33)
    const audio = new AudioContext()
    const tone = audio.createOscillator()
    const sink = audio.createMediaStreamDestination()
    tone.connect(sink)
    tone.start()
    const own = new MediaStream([...canvas.captureStream(30).getTracks(), ...sink.stream.getTracks()])
    const video = document.createElement('video')
    video.muted = video.autoplay = true
    document.body.append(video)

    /** @type {any} */
    const t = { told: [], answers: 0, pc: undefined, peer: '' }
    const w = /** @type {any} */ (window)
    w.tablet = t
    t.offer = async () => {
      t.pc?.close()
      const peer = crypto.randomUUID?.() ?? String(Math.random()).slice(2)
      t.peer = peer
      const pc = new RTCPeerConnection({ iceServers: await w.iceServers(), iceTransportPolicy: policy })
      t.pc = pc
      for (const track of own.getTracks()) pc.addTrack(track, own)
      pc.ontrack = (e) => {
        video.srcObject = e.streams[0] ?? new MediaStream([e.track])
      }
      pc.onicecandidate = ({ candidate: c }) => {
        if (c?.candidate) w.toClinic([{ kind: 'candidates', peer, candidates: [{ candidate: c.candidate, sdp_mid: c.sdpMid, sdp_mline_index: c.sdpMLineIndex }] }])
      }
      await pc.setLocalDescription()
      await w.toClinic([{ kind: 'offer', peer, sdp: pc.localDescription?.sdp }])
    }
    t.restart = async () => {
      t.pc.restartIce()
      await t.pc.setLocalDescription()
      await w.toClinic([{ kind: 'offer', peer: t.peer, sdp: t.pc.localDescription.sdp }])
    }
    t.take = async (/** @type {any} */ s) => {
      if (s.kind === 'state') t.told.push({ muted: s.muted, camera_off: s.camera_off })
      if (s.kind === 'ready') await t.offer()
      if (s.peer !== t.peer) return
      if (s.kind === 'answer') {
        t.answers++
        await t.pc.setRemoteDescription({ type: 'answer', sdp: s.sdp })
      }
      if (s.kind === 'candidates') {
        for (const c of s.candidates) await t.pc.addIceCandidate({ candidate: c.candidate, sdpMid: c.sdp_mid, sdpMLineIndex: c.sdp_mline_index })
      }
    }
  }, policy)
}
