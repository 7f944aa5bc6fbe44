// This end's camera and microphone for the length of a call: what is held back, and devices that come and go. A device
// that goes away is replaced while everything else goes on.

import { adrift, openDevices, openOne, onDeviceChange, present } from './devices.js'

/** @typedef {'audio' | 'video'} Kind */
/** @typedef {import('./devices.js').Facing} Facing */

const settle = 300 // ms in which a headset has shown all its parts

export class Own {
  #changed
  #closed = false
  #turn = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling
  #forget
  /** @type {Facing} the side that was turned to, instead of the chosen camera */
  #turned = ''
  #cameras = 0

  stream = new MediaStream()
  problem = '' // key of what is wrong with the devices
  muted = false
  cameraOff = false

  /** @param {() => void} changed called when tracks or what is held back have changed */
  constructor(changed) {
    this.#changed = changed
    this.#forget = onDeviceChange(() => {
      clearTimeout(this.#settling)
      this.#settling = setTimeout(() => void this.#devicesChanged(), settle)
    })
  }

  get tracks() {
    return { audio: this.stream.getAudioTracks()[0] ?? null, video: this.stream.getVideoTracks()[0] ?? null }
  }

  /** Which side of a telephone its camera is on, where it says so. @returns {Facing} */
  get facing() {
    const facing = this.tracks.video?.getSettings().facingMode
    return facing === 'user' || facing === 'environment' ? facing : ''
  }

  /** Whether there is a camera on the other side. */
  get flippable() {
    return this.#cameras > 1 && this.facing !== ''
  }

  /** Whether nothing is heard of this end, for whatever reason. */
  get silent() {
    return this.muted || !flows(this.tracks.audio)
  }

  /** Whether nothing is seen of it. */
  get unseen() {
    return this.cameraOff || !flows(this.tracks.video)
  }

  /**
   * Opens camera and microphone, again where they were open: the new ones first, so that nothing breaks off, unless this
   * machine opens one camera at a time, as telephones do.
   */
  async open() {
    const turn = ++this.#turn
    let { stream, problem } = await openDevices()
    if (problem && turn === this.#turn && this.stream.getTracks().length > 0) {
      stop([...this.stream.getTracks(), ...stream.getTracks()])
      ;({ stream, problem } = await openDevices())
    }
    if (turn !== this.#turn || this.#closed) {
      stop(stream.getTracks())
      return
    }
    const before = this.stream
    this.problem = problem
    this.#turned = ''
    this.#take(stream)
    stop(before.getTracks())
    if (problem) return
    await this.#settle()
    this.#changed() // how many cameras there are is known now
  }

  /** The camera of the other side; where it does not open, the one of before again. A telephone opens one at a time. */
  async flip() {
    if (!this.flippable) return
    const before = this.#turned
    this.#turned = this.facing === 'user' ? 'environment' : 'user'
    stop(this.stream.getVideoTracks())
    await this.#replace('video')
    if (this.tracks.video || this.#closed) return
    this.#turned = before
    await this.#replace('video')
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted
    this.#apply()
    this.#changed()
  }

  /** @param {boolean} off */
  turnCamera(off) {
    this.cameraOff = off
    this.#apply()
    this.#changed()
  }

  close() {
    this.#closed = true
    this.#forget()
    clearTimeout(this.#settling)
    stop(this.stream.getTracks())
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    this.stream = stream
    for (const track of stream.getTracks()) {
      track.onended = () => void this.#replace(/** @type {Kind} */ (track.kind))
      track.onmute = track.onunmute = () => this.#changed()
    }
    this.#apply()
    this.#changed()
  }

  /** One device for another; the other one goes on untouched. @param {Kind} kind */
  async #replace(kind) {
    const turn = ++this.#turn
    const { tracks, problem } = await openOne(kind, this.#turned)
    if (turn !== this.#turn || this.#closed) {
      stop(tracks)
      return
    }
    const [gone, stays] = [this.stream.getTracks().filter((t) => t.kind === kind), this.stream.getTracks().filter((t) => t.kind !== kind)]
    this.problem = stays.length > 0 || tracks.length === 0 ? problem : this.problem
    this.#take(new MediaStream([...stays, ...tracks]))
    stop(gone)
  }

  async #devicesChanged() {
    if (this.#closed) return
    if (this.problem) {
      await this.open()
      return
    }
    await this.#settle()
    this.#changed() // the loudspeaker may be another
  }

  /** Takes the devices that this person wants, of those that are there. */
  async #settle() {
    this.#cameras = (await present('camera')).length
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      const track = this.tracks[kind]
      if (track && !this.#closed && await adrift(track, this.#turned)) await this.#replace(kind)
    }
  }

  #apply() {
    for (const track of this.stream.getAudioTracks()) track.enabled = !this.muted
    for (const track of this.stream.getVideoTracks()) track.enabled = !this.cameraOff
  }
}

/** A telephone that is put away silences a track without ending it. @param {MediaStreamTrack | null} track */
function flows(track) {
  return !!track && !track.muted
}

/** @param {MediaStreamTrack[]} tracks */
function stop(tracks) {
  for (const track of tracks) {
    track.onended = track.onmute = track.onunmute = null
    track.stop()
  }
}
