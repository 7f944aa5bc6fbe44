// What a guest sees in the lobby and in the call: itself, the others, what is written, and its own buttons.

import { h, setLine, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { control } from '../shared/talk/control.js'
import { FiguresTable } from '../shared/talk/figures.js'
import { Lens } from '../shared/talk/lens.js'
import { Scroll } from '../shared/talk/scroll.js'
import { Tiles } from '../shared/talk/tiles.js'
import { Viewer } from '../shared/talk/viewer.js'

/** @typedef {import('./visit.js').Visit} Visit */
/** @typedef {import('../wire').Participant} Participant */

/** @typedef {{equipment: () => void, retry: () => void, leave: () => void}} Wishes */

export class RoomScreen {
  #visit
  #tiles = new Tiles({
    name: (r) => participantName(r.who), more: (r) => this.#moreOf(r.look), blocked: (silent) => { this.#hear.hidden = !silent },
  })
  #figures = new FiguresTable()
  #title = h('h1', { class: 'unseen' })
  #words = h('h1', { class: 'words', 'data-test': 'lobby-words' })
  #more = h('p', { 'data-test': 'lobby-more' })
  #overlay = h('div', { class: 'overlay' }, this.#words, this.#more)
  #self = h('video', { class: 'self', autoplay: true, playsinline: true, muted: true, 'data-test': 'self' })
  #hear = h('button', { class: 'button primary hear', type: 'button', 'data-test': 'hear', hidden: true })
  #stage = h('div', { class: 'stage' }, this.#tiles.el, this.#overlay, this.#hear, this.#self, this.#figures.el)
  #problem = h('span')
  #retry = h('button', { class: 'button', type: 'button', 'data-test': 'devices-retry' })
  #problemLine = h('div', { class: 'notice warn', role: 'alert', 'data-test': 'devices-problem' }, this.#problem, this.#retry)
  #scroll
  #lens
  #viewer = new Viewer({
    name: (id) => id === 'tablet' ? t('who.tablet_still') : this.#nameOf(id), hand: (id) => this.#handOf(id), maySave: false,
  })
  #mute = control('mute', 'mic')
  #camera = control('camera', 'camera')
  #write = control('write-open', 'write')
  #devices = control('equipment', 'devices')
  #leave = control('leave', 'hang-up')
  #bar = h('div', { class: 'keys' }, this.#mute.el, this.#camera.el, this.#write.el, this.#devices.el, this.#leave.el)
  #read = 0

  el = h('div', { class: 'room-page', 'data-test': 'room-screen' })

  /** @param {Visit} visit @param {Wishes} wishes */
  constructor(visit, wishes) {
    this.#visit = visit
    this.#scroll = new Scroll({ me: this.#me, name: (id) => this.#handOf(id) })
    this.#scroll.el.hidden = true
    this.#lens = new Lens(() => void visit.own.flip())
    this.#self.muted = true // the attribute alone does not silence an element made by script
    this.el.append(this.#title, h('div', { class: 'scene' }, this.#stage, this.#scroll.el), this.#problemLine, this.#lens.el, this.#bar)
    this.#mute.el.onclick = () => visit.own.mute(!visit.own.muted)
    this.#camera.el.onclick = () => visit.own.turnCamera(!visit.own.cameraOff)
    this.#devices.el.onclick = wishes.equipment
    this.#retry.onclick = wishes.retry
    this.#leave.el.onclick = wishes.leave
    this.#leave.el.classList.add('danger')
    this.#hear.onclick = () => this.#tiles.hear()
    this.#write.el.onclick = () => {
      this.#scroll.el.hidden = !this.#scroll.el.hidden
      this.show()
      if (!this.#scroll.el.hidden) this.#scroll.focus()
    }
  }

  speaker() {
    this.#tiles.speaker()
  }

  /** Another screen takes its place: nothing of the call stays. */
  close() {
    this.#tiles.close()
    this.#figures.close()
    this.#viewer.close()
    this.#self.srcObject = null
  }

  show() {
    const { own, phase, exchange } = this.#visit
    const talking = phase === 'call'
    this.el.dataset.phase = phase
    this.#tiles.show(talking ? this.#visit.remotes : [])
    this.#overlay.hidden = talking
    setLine(this.#title, talking ? t('page.title') : '')
    setText(this.#words, this.#visit.been ? t('lobby.again') : t('lobby.words'))
    setText(this.#more, t('lobby.more'))
    if (this.#self.srcObject !== own.stream) this.#self.srcObject = own.stream
    this.#self.hidden = own.unseen
    this.#self.classList.toggle('as-is', own.facing === 'environment')
    this.#self.setAttribute('aria-label', t('call.self'))
    setText(this.#hear, t('call.hear'))
    this.#problemLine.hidden = own.problem === ''
    setText(this.#problem, own.problem && t(own.problem))
    setText(this.#retry, t('dev.retry'))
    this.#showWritten(talking)
    this.#mute.show(own.muted ? t('call.unmute') : t('call.mute'), own.muted ? 'mic-off' : 'mic', own.muted)
    this.#camera.show(own.cameraOff ? t('call.camera_on') : t('call.camera_off'), own.cameraOff ? 'camera-off' : 'camera', own.cameraOff)
    this.#mute.el.disabled = !own.tracks.audio
    this.#camera.el.disabled = !own.tracks.video
    this.#devices.show(t('call.devices'), 'devices')
    this.#leave.show(t('call.leave'), 'hang-up')
    this.#viewer.show(talking ? exchange : undefined)
    this.tick()
  }

  tick() {
    if (this.#visit.phase === 'call') this.#tiles.show(this.#visit.remotes)
    this.#figures.show(this.#visit.remotes, (r) => participantName(r.who))
    const { own } = this.#visit
    this.#lens.show(own.cameraOff ? null : own.tracks.video, !own.cameraOff && own.flippable)
  }

  /** @param {boolean} talking */
  #showWritten(talking) {
    const x = this.#visit.exchange
    this.#write.el.hidden = !talking
    if (!talking) this.#scroll.el.hidden = true
    if (!x) return
    const written = Scroll.count(x, this.#me)
    const open = !this.#scroll.el.hidden
    if (open) {
      this.#read = written
      this.#scroll.show(x)
    }
    const unread = !open && written > this.#read
    this.#write.show(unread ? t('call.write_new') : t('call.write'), 'write', unread)
    this.#write.el.setAttribute('aria-expanded', String(open))
  }

  get #me() {
    return this.#visit.view?.guest.id ?? ''
  }

  /** @param {string} id */
  #nameOf(id) {
    if (id === this.#me) return t('write.you')
    const who = this.#visit.view?.participants.find((p) => p.id === id)
    return who ? participantName(who) : t('who.gone')
  }

  /** Who writes or points: at the tablet the citizen and the nurse both may, and neither is said to be the other. @param {string} id */
  #handOf(id) {
    return id === 'tablet' ? t('who.tablet_hand') : this.#nameOf(id)
  }

  /** @param {string} look */
  #moreOf(look) {
    return look === 'lost' ? t('tile.wait') : ''
  }
}

/** @param {Participant} p */
function participantName(p) {
  if (p.id === 'tablet') return t('who.tablet')
  return [p.name || kindWord(p.kind), p.id === 'clinic' ? p.title : ''].filter(Boolean).join(', ')
}

/** @param {string | undefined} kind */
function kindWord(kind) {
  switch (kind) {
    case 'nurse': return t('who.nurse')
    case 'relative': return t('who.relative')
    case 'interpreter': return t('who.interpreter')
    default: return t('who.other')
  }
}
