// The dialog for camera, microphone and loudspeaker, before a call and in it: choose, see oneself, see that one is heard.

import { h, setText } from '../dom.js'
import { t } from '../text.js'
import { Lens } from './lens.js'
import { canChooseSpeaker, choose, chosen, onDeviceChange, openDevices, present } from './devices.js'

/** @typedef {import('./devices.js').Role} Role */

/**
 * What the dialog shows and changes: a call's own devices, or those that it opened itself.
 * @typedef {{stream: () => MediaStream, problem: () => string, reopen: () => Promise<void>, speaker: () => void, close: () => void}} Subject
 */

/** @returns {Subject} */
export function ownDevices() {
  let stream = new MediaStream()
  let problem = ''
  let closed = false
  const stop = () => stream.getTracks().forEach((track) => track.stop())
  return {
    stream: () => stream,
    problem: () => problem,
    speaker: () => {},
    async reopen() {
      stop()
      const opened = await openDevices()
      stream = opened.stream
      problem = opened.problem
      if (closed) stop()
    },
    close() {
      closed = true
      stop()
    },
  }
}

export class Equipment {
  #title = h('h2', { id: 'equipment-title' })
  #preview = h('video', { class: 'preview', autoplay: true, playsinline: true, muted: true })
  #lens = new Lens()
  #level = h('meter', { min: '0', max: '1', 'data-test': 'level' })
  #levelLabel = h('span')
  #problem = h('p', { class: 'notice warn', role: 'alert', 'data-test': 'equipment-problem' })
  #close = h('button', { class: 'button primary', type: 'button', 'data-test': 'equipment-close' })
  /** @type {Record<Role, {label: HTMLSpanElement, select: HTMLSelectElement, el: HTMLLabelElement}>} */
  #fields = { camera: field('camera'), microphone: field('microphone'), speaker: field('speaker') }
  #dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'equipment-title', 'data-test': 'equipment-dialog' },
    this.#title, this.#problem, this.#preview, this.#lens.el, this.#fields.camera.el, this.#fields.microphone.el,
    h('label', { class: 'field' }, this.#levelLabel, this.#level), this.#fields.speaker.el,
    h('div', { class: 'choices' }, this.#close))
  /** @type {Subject | undefined} */
  #subject
  /** @type {AudioContext | undefined} */
  #audio

  constructor() {
    this.#preview.muted = true
    this.#preview.onloadeddata = () => this.#showLens()
    document.body.append(this.#dialog)
    this.#close.onclick = () => this.#dialog.close()
    this.#dialog.onclose = () => this.#closed()
    this.#fields.speaker.el.hidden = !canChooseSpeaker
    for (const role of /** @type {Role[]} */ (Object.keys(this.#fields))) {
      this.#fields[role].select.onchange = () => void this.#choose(role)
    }
    onDeviceChange(() => void this.#list())
  }

  /** @param {Subject} subject @param {boolean} opened whether its devices are open already */
  async open(subject, opened) {
    this.#subject = subject
    this.#words()
    this.#dialog.showModal()
    if (!opened) await subject.reopen()
    await this.#show()
  }

  async #show() {
    const subject = this.#subject
    if (!subject) return
    this.#preview.srcObject = subject.stream()
    this.#preview.hidden = subject.stream().getVideoTracks().length === 0
    this.#showLens()
    this.#problem.hidden = subject.problem() === ''
    setText(this.#problem, subject.problem() && t(subject.problem()))
    this.#listen(subject.stream())
    await this.#list()
  }

  #showLens() {
    this.#lens.show(this.#subject?.stream().getVideoTracks()[0] ?? null, false)
  }

  #words() {
    setText(this.#title, t('dev.title'))
    setText(this.#fields.camera.label, t('dev.camera'))
    setText(this.#fields.microphone.label, t('dev.microphone'))
    setText(this.#fields.speaker.label, t('dev.speaker'))
    setText(this.#levelLabel, t('dev.level'))
    setText(this.#close, t('dev.close'))
    this.#preview.setAttribute('aria-label', t('call.self'))
  }

  /** Fills the three lists; names of devices are known only once one of them has been open. */
  async #list() {
    if (!this.#subject) return
    for (const role of /** @type {Role[]} */ (Object.keys(this.#fields))) {
      const found = await present(role)
      const select = this.#fields[role].select
      select.replaceChildren(h('option', { value: '' }, t('dev.default')),
        ...found.map((d, i) => h('option', { value: d.deviceId }, d.label || t('dev.unnamed', { n: i + 1 }))))
      select.value = found.some((d) => d.deviceId === chosen(role)) ? chosen(role) : ''
    }
  }

  /** @param {Role} role */
  async #choose(role) {
    choose(role, this.#fields[role].select.value)
    if (role === 'speaker') {
      this.#subject?.speaker()
      return
    }
    await this.#subject?.reopen()
    await this.#show()
  }

  /** @param {MediaStream} stream moves the meter as long as the dialog shows it */
  #listen(stream) {
    void this.#audio?.close()
    this.#audio = undefined
    this.#level.value = 0
    if (stream.getAudioTracks().length === 0) return
    const audio = new AudioContext()
    this.#audio = audio
    void audio.resume() // Safari makes it at rest where no press is just under way
    const ear = new AnalyserNode(audio, { fftSize: 1024 })
    audio.createMediaStreamSource(stream).connect(ear)
    const samples = new Float32Array(ear.fftSize)
    const read = () => {
      if (this.#audio !== audio) return
      ear.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length
      this.#level.value = Math.min(1, Math.sqrt(power) * 4)
      requestAnimationFrame(read)
    }
    read()
  }

  #closed() {
    void this.#audio?.close()
    this.#audio = undefined
    this.#preview.srcObject = null
    this.#subject?.close()
    this.#subject = undefined
  }
}

/** @param {Role} role */
function field(role) {
  const label = h('span')
  const select = h('select', { 'data-test': `choose-${role}` })
  return { label, select, el: h('label', { class: 'field' }, label, select) }
}
