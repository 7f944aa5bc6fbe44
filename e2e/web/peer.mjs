// The tablet's media in these tests: a page that offers to each other participant, with a moving picture and a tone, and
// writes, points and sends still pictures, as docs/protocol.md says the tablet does. Its signals go through the lab, which
// carries them to the backend as that tablet.

import { createHash } from 'node:crypto'

/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @param {Page} page an empty page of the lab's
 * @param {object} way
 * @param {(signals: object[]) => Promise<void>} way.send
 * @param {() => Promise<RTCIceServer[]>} way.servers
 * @param {'all' | 'relay'} [way.policy]
 */
export async function offerFrom(page, { send, servers, policy = 'all' }) {
  await page.exposeFunction('toCall', send)
  await page.exposeFunction('iceServers', servers)
  await page.exposeFunction('sha256', (/** @type {string} */ bytes) => createHash('sha256').update(Buffer.from(bytes, 'base64')).digest('hex'))
  await page.evaluate((policy) => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    let n = 0
    let still = false
    setInterval(() => {
      if (still) return
      draw.fillStyle = `hsl(${(n++ * 7) % 360} 60% 40%)`
      draw.fillRect(0, 0, 640, 360)
      draw.fillStyle = '#fff'
      draw.fillRect((n * 11) % 600, 160, 40, 40)
    }, 66)
    const audio = new AudioContext()
    const tone = audio.createOscillator()
    const sink = audio.createMediaStreamDestination()
    tone.connect(sink)
    tone.start()
    const own = new MediaStream([...canvas.captureStream(15).getTracks(), ...sink.stream.getTracks()])
    const w = /** @type {any} */ (window)

    /** The connection with one other participant. @param {string} to */
    const line = (to) => {
      const video = document.createElement('video')
      video.muted = video.autoplay = true
      video.dataset.from = to
      document.body.append(video)
      /** @type {any} */
      const l = { to, video, answers: 0, pc: undefined, peer: '', text: '', points: [] }
      l.send = (/** @type {object} */ s) => w.toCall([{ to, ...s }])
      l.channels = (/** @type {RTCPeerConnection} */ pc) => {
        const t140 = pc.createDataChannel('text', { negotiated: true, id: 0, protocol: 'kontakt.text.1', ordered: false, maxRetransmits: 0 })
        /** @type {string[]} */
        const out = []
        let acked = 0
        let have = 0
        /** @type {string | undefined} */
        let anew
        const say = () => {
          if (t140.readyState === 'open') t140.send(acked < out.length ? `${have},${acked}:${out.slice(acked).join('')}` : `${have}`)
        }
        l.t140 = t140
        t140.onopen = say
        t140.onmessage = (/** @type {MessageEvent} */ e) => {
          const m = /^(\d+)(?:,(\d+):([^]+))?$/u.exec(e.data) ?? []
          acked = Math.max(acked, Number(m[1]))
          if (!m[3]) return
          const text = [...m[3]]
          const news = Number(m[2]) <= have ? text.slice(have - Number(m[2])) : []
          have += news.length
          for (const c of news) {
            if (c === '\ufeff') anew = ''
            else if (c === '\u0003') [l.text, anew] = [anew, undefined]
            else if (anew === undefined) l.text += c
            else anew += c
          }
          say()
        }
        l.write = (/** @type {string} */ text) => {
          out.push(...text)
          say()
        }
        setInterval(() => acked < out.length && say(), 100)
        l.still = pc.createDataChannel('still', { negotiated: true, id: 1, protocol: 'kontakt.still.1' })
        l.said = []
        l.still.onmessage = (/** @type {MessageEvent} */ e) => {
          const m = JSON.parse(e.data)
          l.said.push(m)
          if (m.kind === 'from') t.pieces(l, m.id, m.offset)
        }
        l.still.onopen = () => {
          for (const s of t.stills) if (!l.said.some((/** @type {any} */ m) => m.id === s.id && m.kind === 'have')) l.still.send(JSON.stringify(s.offer))
        }
        l.pointer = pc.createDataChannel('pointer', { negotiated: true, id: 2, protocol: 'kontakt.pointer.1', ordered: false, maxRetransmits: 0 })
        l.pointer.onmessage = (/** @type {MessageEvent} */ e) => l.points.push(JSON.parse(e.data))
      }
      l.offer = async () => {
        l.pc?.close()
        l.peer = crypto.randomUUID?.() ?? String(Math.random()).slice(2)
        const { peer } = l
        const pc = new RTCPeerConnection({ iceServers: await w.iceServers(), iceTransportPolicy: policy })
        l.pc = pc
        l.channels(pc)
        for (const track of own.getTracks()) pc.addTrack(track, own)
        pc.ontrack = (e) => {
          video.srcObject = e.streams[0] ?? new MediaStream([e.track])
        }
        pc.onicecandidate = ({ candidate: c }) => {
          if (c?.candidate) l.send({ kind: 'candidates', peer, candidates: [{ candidate: c.candidate, sdp_mid: c.sdpMid, sdp_mline_index: c.sdpMLineIndex }] })
        }
        await pc.setLocalDescription()
        await l.send({ kind: 'offer', peer, sdp: pc.localDescription?.sdp })
      }
      l.restart = async () => {
        l.pc.restartIce()
        await l.pc.setLocalDescription()
        await l.send({ kind: 'offer', peer: l.peer, sdp: l.pc.localDescription.sdp })
      }
      return l
    }

    /** @type {any} */
    const t = { told: [], lines: {}, stills: [], dropped: 0 }
    w.tablet = t
    t.line = (to = 'clinic') => (t.lines[to] ??= line(to))
    t.offer = (/** @type {string} */ to) => t.line(to).offer()
    t.restart = () => t.line().restart()
    t.freeze = (/** @type {boolean} */ on) => { still = on }
    t.take = async (/** @type {any} */ s) => {
      if (s.kind === 'state') t.told.push({ muted: s.muted, camera_off: s.camera_off, from: s.from })
      const l = t.line(s.from)
      if (s.kind === 'ready') await l.offer()
      if (s.peer !== l.peer) return
      if (s.kind === 'answer') {
        l.answers++
        await l.pc.setRemoteDescription({ type: 'answer', sdp: s.sdp })
      }
      if (s.kind === 'candidates') {
        for (const c of s.candidates) await l.pc.addIceCandidate({ candidate: c.candidate, sdpMid: c.sdp_mid, sdpMLineIndex: c.sdp_mline_index })
      }
    }
    /** A picture of noise, which is large, offered to all. @param {{width: number, height: number, wrong?: boolean, cutAt?: number}} opt */
    t.sendStill = async ({ width, height, wrong = false, cutAt = Infinity }) => {
      const c = new OffscreenCanvas(width, height)
      const g = /** @type {OffscreenCanvasRenderingContext2D} */ (c.getContext('2d'))
      const noise = g.createImageData(width, height)
      for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : (i * 2654435761) >>> 24
      g.putImageData(noise, 0, 0)
      g.fillStyle = '#b3261e'
      g.fillRect(width / 4, height / 4, width / 2, height / 2)
      const bytes = new Uint8Array(await (await c.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer())
      let binary = ''
      for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768))
      const id = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('')
      const sha256 = wrong ? '0'.repeat(64) : await w.sha256(btoa(binary))
      const s = { id, bytes, cutAt, offer: { kind: 'offer', id, type: 'image/jpeg', size: bytes.length, sha256, width, height } }
      t.stills.push(s)
      for (const l of Object.values(t.lines)) if (l.still?.readyState === 'open') l.still.send(JSON.stringify(s.offer))
      return { id, size: bytes.length }
    }
    /** @param {any} l @param {string} id @param {number} from */
    t.pieces = (l, id, from) => {
      const s = t.stills.find((/** @type {any} */ s) => s.id === id)
      s.from = from
      const most = 16384
      for (let at = from; at < Math.min(s.bytes.length, s.cutAt); at += most) {
        const data = s.bytes.subarray(at, Math.min(at + most, s.cutAt))
        const piece = new Uint8Array(20 + data.length)
        for (let i = 0; i < 16; i++) piece[i] = parseInt(id.slice(2 * i, 2 * i + 2), 16)
        new DataView(piece.buffer).setUint32(16, at)
        piece.set(data, 20)
        l.still.send(piece)
      }
      s.cutAt = Infinity // a break happens once
    }
  }, policy)
}
