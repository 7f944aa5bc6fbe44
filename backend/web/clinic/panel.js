// The call as it looks: who it is, how it stands in words, the pictures and the controls. It draws the whole
// conversation each time and decides nothing.

import { h, icon, setIcon, setLine, setText } from '../shared/dom.js'
import { duration, t } from '../shared/text.js'
import { playThroughChosen } from './devices.js'
import { nameOf } from './row.js'

/** @typedef {import('./conversation.js').Conversation} Conversation */

/**
 * @typedef {object} Controls
 * @property {() => void} mute
 * @property {() => void} camera
 * @property {() => void} equipment
 * @property {() => void} retry devices again
 * @property {() => void} noAnswer
 * @property {() => void} handOver to a colleague
 * @property {(reason: string) => void} end
 * @property {() => void} again call the same patient again
 * @property {() => void} dismiss
 */

export class Panel {
  #root
  #who = h('h2', { 'data-test': 'call-who' })
  #masked = h('span', { class: 'muted' })
  #helper = h('p', { class: 'muted', 'data-test': 'call-helper' })
  #status = h('p', { class: 'status', 'data-test': 'call-status', role: 'status' })
  #clock = h('p', { class: 'clock', 'data-test': 'call-clock' })
  #remote = h('video', { class: 'remote', autoplay: true, playsinline: true, 'data-test': 'remote' })
  #self = h('video', { class: 'self', autoplay: true, playsinline: true, muted: true, 'data-test': 'self' })
  #words = h('p', { class: 'words', 'data-test': 'call-words' })
  #more = h('p', { 'data-test': 'call-more' })
  #again = h('button', { class: 'button go', type: 'button', 'data-test': 'call-again' })
  #dismiss = h('button', { class: 'button', type: 'button', 'data-test': 'call-dismiss' })
  #overlay = h('div', { class: 'overlay' }, this.#words, this.#more, h('div', { class: 'choices' }, this.#again, this.#dismiss))
  #remoteNote = h('p', { class: 'remote-note', 'data-test': 'remote-note' })
  #hear = h('button', { class: 'button primary hear', type: 'button', 'data-test': 'hear', hidden: true })
  #stage = h('div', { class: 'stage' }, this.#remote, this.#overlay, this.#remoteNote, this.#hear, this.#self)
  #problem = h('span')
  #retry = h('button', { class: 'button', type: 'button', 'data-test': 'devices-retry' })
  #problemLine = h('div', { class: 'notice warn', role: 'alert', 'data-test': 'devices-problem' }, this.#problem, this.#retry)
  #mute = control('mute', 'mic')
  #camera = control('camera', 'camera')
  #full = control('fullscreen', 'screen')
  #window = control('window', 'window')
  #devices = control('call-equipment', 'devices')
  #handOver = control('hand-over', 'hand-over')
  #noAnswer = h('button', { class: 'button danger', type: 'button', 'data-test': 'no-answer' })
  #end = h('button', { class: 'button danger', type: 'button', 'data-test': 'end', 'aria-expanded': 'false' })
  #bar = h('div', { class: 'bar controls' },
    h('div', { class: 'keys' }, this.#mute.el, this.#camera.el, this.#full.el, this.#window.el, this.#devices.el),
    h('div', { class: 'last' }, this.#handOver.el, this.#noAnswer, this.#end))
  #question = h('h3', { id: 'end-question' })
  #done = h('button', { class: 'button primary', type: 'button', 'data-test': 'end-done' })
  #noContact = h('button', { class: 'button', type: 'button', 'data-test': 'end-no-contact' })
  #phone = h('button', { class: 'button', type: 'button', 'data-test': 'end-phone' })
  #rebook = h('button', { class: 'button', type: 'button', 'data-test': 'end-rebook' })
  #back = h('button', { class: 'button quiet', type: 'button', 'data-test': 'end-back' })
  #reasons = h('div', { class: 'bar reasons', role: 'group', 'aria-labelledby': 'end-question', hidden: true },
    this.#question, this.#done, this.#noContact, this.#phone, this.#rebook, h('span', { class: 'gap' }), this.#back)

  /** @type {Conversation | undefined} */
  #shown
  #asking = false

  /** @param {HTMLElement} root @param {Controls} controls */
  constructor(root, controls) {
    this.#root = root
    root.append(
      h('header', { class: 'call-head' },
        h('div', {}, h('p', { class: 'call-name' }, this.#who, ' ', this.#masked), this.#helper),
        h('div', { class: 'call-state' }, this.#status, this.#clock)),
      this.#stage, this.#problemLine, this.#bar, this.#reasons)
    this.#self.muted = true // the attribute alone does not silence an element made by script
    this.#mute.el.onclick = controls.mute
    this.#camera.el.onclick = controls.camera
    this.#devices.el.onclick = controls.equipment
    this.#retry.onclick = controls.retry
    this.#handOver.el.onclick = controls.handOver
    this.#noAnswer.onclick = controls.noAnswer
    this.#again.onclick = controls.again
    this.#dismiss.onclick = controls.dismiss
    this.#end.onclick = () => this.#ask(true)
    this.#back.onclick = () => this.#ask(false)
    for (const [button, reason] of /** @type {[HTMLButtonElement, string][]} */ ([
      [this.#done, 'done'], [this.#noContact, 'no_contact'], [this.#phone, 'phone'], [this.#rebook, 'rebook'],
    ])) button.onclick = () => controls.end(reason)
    this.#reasons.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape') return
      e.preventDefault()
      this.#ask(false)
    })
    this.#full.el.onclick = () => void this.#fullScreen()
    document.addEventListener('fullscreenchange', () => this.#showFull())
    this.#window.el.hidden = !document.pictureInPictureEnabled
    this.#window.el.onclick = () => void this.#ownWindow()
    this.#hear.onclick = () => {
      this.#remote.muted = false
      void this.#play()
    }
  }

  /** @param {Conversation | undefined} c */
  show(c) {
    const fresh = c !== this.#shown
    this.#shown = c
    this.#root.hidden = !c
    if (!c) {
      this.#empty()
      return
    }
    if (fresh) {
      this.#asking = false
      this.#remote.muted = false
      this.#remote.srcObject = c.remote
      void playThroughChosen(this.#remote)
      void this.#play()
      this.#root.focus()
    }
    if (this.#self.srcObject !== c.own) this.#self.srcObject = c.own
    this.#draw(c)
    this.tick(0)
  }

  /** Puts the sound through the loudspeaker that is chosen now. */
  speaker() {
    void playThroughChosen(this.#remote)
  }

  /** @param {number} ringing seconds left of the ring */
  tick(ringing) {
    const c = this.#shown
    if (!c) return
    setLine(this.#clock, c.phase === 'talking' && c.talkingSince ? duration(Date.now() - c.talkingSince) : '')
    if (c.phase === 'calling' && ringing > 0) setText(this.#words, t('cl.calling', { n: ringing }))
    if (c.phase === 'connecting' || c.interrupted) setLine(this.#more, waitWords(c))
  }

  /** @param {Conversation} c */
  #draw(c) {
    const over = c.phase === 'over'
    this.#root.dataset.phase = c.phase
    const navn = nameOf(c.entry)
    setText(this.#who, t('call.with', { navn, alder: c.entry.age }))
    setText(this.#masked, c.entry.masked)
    setLine(this.#helper, helperText(c))
    setText(this.#status, statusText(c))
    this.#status.dataset.quality = c.interrupted ? 'weak' : c.quality
    setLine(this.#words, overlayWords(c))
    setLine(this.#more, moreWords(c))
    this.#overlay.hidden = this.#words.hidden
    this.#again.hidden = !over || c.entry.state !== 'waiting'
    this.#dismiss.hidden = !over
    setText(this.#again, t('cl.call_again'))
    setText(this.#dismiss, t('call.dismiss'))
    setLine(this.#remoteNote, c.phase === 'talking' && c.remoteMuted ? t('call.remote_muted') : '')
    this.#remote.setAttribute('aria-label', t('call.remote'))
    this.#remote.classList.toggle('dark', c.phase !== 'talking' || c.remoteCameraOff)
    this.#self.setAttribute('aria-label', t('call.self'))
    this.#self.hidden = over || c.cameraOff || c.own.getVideoTracks().length === 0
    setText(this.#hear, t('call.hear'))
    this.#problemLine.hidden = over || c.problem === ''
    setText(this.#problem, c.problem && t(c.problem))
    setText(this.#retry, t('dev.retry'))

    this.#mute.show(c.muted ? t('call.unmute') : t('call.mute'), c.muted ? 'mic-off' : 'mic', c.muted)
    this.#camera.show(c.cameraOff ? t('call.camera_on') : t('call.camera_off'), c.cameraOff ? 'camera-off' : 'camera', c.cameraOff)
    this.#mute.el.disabled = c.problem !== '' && c.own.getAudioTracks().length === 0
    this.#camera.el.disabled = c.problem !== '' && c.own.getVideoTracks().length === 0
    this.#window.show(t('call.window'), 'window')
    this.#devices.show(t('call.devices'), 'devices')
    this.#showFull()
    setText(this.#noAnswer, t('cl.no_answer'))
    setText(this.#end, t('call.end'))
    this.#handOver.show(t('call.hand_over'), 'hand-over')
    this.#handOver.el.hidden = c.phase === 'calling'
    this.#noAnswer.hidden = c.phase !== 'calling'
    this.#end.hidden = c.phase === 'calling'
    setText(this.#question, t('cl.end_reason'))
    setText(this.#done, t('cl.end_done'))
    setText(this.#noContact, t('cl.end_nocontact'))
    setText(this.#phone, t('cl.end_phone'))
    setText(this.#rebook, t('cl.end_rebook'))
    setText(this.#back, t('call.back'))
    this.#showBar(over)
  }

  /** @param {boolean} over */
  #showBar(over) {
    this.#bar.hidden = over || this.#asking
    this.#reasons.hidden = over || !this.#asking
  }

  /** @param {boolean} asking how it ended */
  #ask(asking) {
    this.#asking = asking
    this.#showBar(false)
    ;(asking ? this.#done : this.#end).focus()
  }

  #empty() {
    this.#remote.srcObject = null
    this.#self.srcObject = null
    if (document.fullscreenElement === this.#root) void document.exitFullscreen()
    if (document.pictureInPictureElement) void document.exitPictureInPicture()
  }

  async #play() {
    try {
      await this.#remote.play()
      this.#hear.hidden = !this.#remote.muted
    } catch (err) {
      // A page that was loaded again may not sound before someone has pressed on it: show the picture meanwhile.
      if (!(err instanceof DOMException) || err.name !== 'NotAllowedError' || this.#remote.muted) return
      this.#remote.muted = true
      this.#hear.hidden = false
      await this.#play()
    }
  }

  async #fullScreen() {
    await (document.fullscreenElement ? document.exitFullscreen() : this.#root.requestFullscreen())
  }

  #showFull() {
    const on = document.fullscreenElement === this.#root
    this.#full.show(on ? t('call.fullscreen_off') : t('call.fullscreen'), on ? 'screen-off' : 'screen')
  }

  async #ownWindow() {
    if (document.pictureInPictureElement) await document.exitPictureInPicture()
    else if (this.#remote.readyState > 0) await this.#remote.requestPictureInPicture()
  }
}

/** @param {string} test @param {string} name of its icon */
function control(test, name) {
  const svg = icon(name)
  const word = h('span')
  const el = h('button', { class: 'button control', type: 'button', 'data-test': test }, svg, word)
  return {
    el,
    /** @param {string} text @param {string} shape @param {boolean} [off] whether it holds something back */
    show(text, shape, off = false) {
      setText(word, text)
      setIcon(svg, shape)
      el.classList.toggle('off', off)
    },
  }
}

/** @param {Conversation} c */
function helperText(c) {
  const e = c.entry
  if (!e.helper) return ''
  const how = e.mode === 'videokonference' ? t('call.helper_professional') : t('call.helper_technical')
  return `${t('call.helper', { navn: e.helper.name, titel: e.helper.title, kommune: e.helper.municipality })} – ${how}`
}

/** @param {Conversation} c */
function statusText(c) {
  if (c.phase === 'over') return ''
  if (c.phase === 'calling') return t('cl.calling_you')
  if (c.interrupted) return t('call.reconnecting')
  if (c.phase === 'connecting') return t('call.connecting')
  switch (c.quality) {
    case 'weak': return t('call.weak')
    case 'stalled': return t('call.stalled')
    default: return t('call.good')
  }
}

/** @param {Conversation} c what stands large over the picture */
function overlayWords(c) {
  if (c.phase === 'over') return c.outcome && t(c.outcome, { navn: nameOf(c.entry) })
  if (c.phase === 'calling') return t('cl.calling_you')
  if (c.interrupted) return t('call.reconnecting')
  if (c.phase === 'connecting') return t('call.connecting')
  return c.remoteCameraOff ? t('call.remote_camera_off') : ''
}

/** @param {Conversation} c what stands below it */
function moreWords(c) {
  if (c.phase === 'calling') return c.entry.postponed_to ? t('call.postponed') : t('cl.no_answer_hint')
  if (c.phase === 'connecting' || c.interrupted) return waitWords(c)
  return ''
}

/** @param {Conversation} c why it takes time, and what to do */
function waitWords(c) {
  if (c.interrupted) return Date.now() - c.gone > 60_000 ? t('call.interrupted_do') : t('call.interrupted')
  const s = (Date.now() - c.since) / 1000
  return s > 15 ? t('call.connecting_do') : s > 5 ? t('call.connecting_why') : ''
}
