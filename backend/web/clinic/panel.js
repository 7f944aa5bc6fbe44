// The call as it looks: who it is, how it stands in words, the pictures, who waits outside, and what is written. It draws
// the whole conversation each time and decides nothing.

import { h, setLine, setText } from '../shared/dom.js'
import { duration, t } from '../shared/text.js'
import { FiguresTable } from '../shared/talk/figures.js'
import { Popout } from '../shared/talk/popout.js'
import { Scroll } from '../shared/talk/scroll.js'
import { Tiles } from '../shared/talk/tiles.js'
import { Viewer } from '../shared/talk/viewer.js'
import { Bar } from './bar.js'
import { CardBeside } from './cardbeside.js'
import { guestName, Lobby } from './guests.js'
import { OrderList } from './orderlist.js'
import { emergencyText, nameOf } from './row.js'

/** @typedef {import('./conversation.js').Conversation} Conversation */
/** @typedef {import('../shared/talk/call.js').Remote} Remote */

export class Panel {
  #root
  #who = h('h2', { 'data-test': 'call-who' })
  #masked = h('span', { class: 'muted' })
  #mode = h('p', { class: 'flag', 'data-test': 'call-mode' })
  #emergency = h('p', { class: 'flag emergency', 'data-test': 'call-emergency' })
  #helper = h('p', { class: 'muted', 'data-test': 'call-helper' })
  #status = h('p', { class: 'status', 'data-test': 'call-status', role: 'status' })
  #clock = h('p', { class: 'clock', 'data-test': 'call-clock' })
  #tiles
  #popout
  #figures = new FiguresTable()
  #self = h('video', { class: 'self', autoplay: true, playsinline: true, muted: true, 'data-test': 'self' })
  #words = h('p', { class: 'words', 'data-test': 'call-words' })
  #more = h('p', { 'data-test': 'call-more' })
  #again = h('button', { class: 'button go', type: 'button', 'data-test': 'call-again' })
  #record = h('button', { class: 'button', type: 'button', 'data-test': 'call-record' })
  #dismiss = h('button', { class: 'button', type: 'button', 'data-test': 'call-dismiss' })
  #journal = h('button', { class: 'button', type: 'button', 'data-test': 'wrong-journal' })
  #number = h('button', { class: 'button', type: 'button', 'data-test': 'wrong-number' })
  #other = h('button', { class: 'button', type: 'button', 'data-test': 'wrong-other' })
  #why = h('div', { class: 'choices', 'data-test': 'wrong-why', hidden: true }, this.#journal, this.#number, this.#other)
  #overlay = h('div', { class: 'overlay' }, this.#words, this.#more, this.#why, h('div', { class: 'choices' }, this.#again, this.#record, this.#dismiss))
  #hear = h('button', { class: 'button primary hear', type: 'button', 'data-test': 'hear', hidden: true })
  #stage
  #card = new CardBeside()
  #scroll
  #viewer
  #lobby
  #orders
  #bar
  #problem = h('span')
  #retry = h('button', { class: 'button', type: 'button', 'data-test': 'devices-retry' })
  #problemLine = h('div', { class: 'notice warn', role: 'alert', 'data-test': 'devices-problem' }, this.#problem, this.#retry)
  #stillLine = h('p', { class: 'notice', role: 'status', 'data-test': 'still-line' })

  /** @type {Conversation | undefined} */
  #shown
  #around
  #read = 0 // lines of the others that have been seen

  /** @param {HTMLElement} root @param {import('./bar.js').Controls & import('./orderlist.js').Wishes} controls @param {() => {me: string, now: number}} around */
  constructor(root, controls, around) {
    const name = (/** @type {string} */ id) => this.#nameOf(id)
    this.#root = root
    this.#tiles = new Tiles({
      name: (r) => name(r.id), more: (r) => this.#moreOf(r), blocked: (silent) => { this.#hear.hidden = !silent },
    })
    this.#popout = new Popout(this.#tiles.el, () => this.#redraw())
    this.#stage = h('div', { class: 'stage' }, this.#tiles.el, this.#overlay, this.#hear, this.#self, this.#figures.el)
    // At the tablet either of them may write and point: neither is said to be the other.
    const hand = (/** @type {string} */ id) => id === 'tablet' ? t('row.here') : name(id)
    this.#scroll = new Scroll({ me: 'clinic', name: hand })
    this.#viewer = new Viewer({ name, hand, maySave: true })
    this.#lobby = new Lobby(controls)
    this.#orders = new OrderList(controls)
    this.#around = around
    this.#bar = new Bar(controls, {
      fullScreen: () => void this.#fullScreen(), window: () => void this.#popout.toggle(this.#tiles.first), write: () => this.#write(),
      card: () => this.#toggleCard(),
    })
    this.#scroll.el.hidden = true
    root.append(
      h('header', { class: 'call-head' },
        h('div', {}, h('p', { class: 'call-name' }, this.#who, ' ', this.#masked), h('div', { class: 'call-facts' }, this.#emergency, this.#mode, this.#helper)),
        h('div', { class: 'call-state' }, this.#status, this.#clock)),
      this.#lobby.el, h('div', { class: 'scene' }, this.#stage, h('div', { class: 'beside' }, this.#orders.el, this.#card.el, this.#scroll.el)), this.#stillLine, this.#problemLine, this.#bar.el, this.#bar.reasons, this.#bar.doubt)
    this.#self.muted = true // the attribute alone does not silence an element made by script
    this.#retry.onclick = controls.retry
    this.#again.onclick = controls.again
    this.#journal.onclick = () => controls.explain('journal')
    this.#number.onclick = () => controls.explain('number')
    this.#other.onclick = () => controls.explain('other')
    this.#record.onclick = controls.record
    this.#dismiss.onclick = controls.dismiss
    this.#hear.onclick = () => this.#tiles.hear()
    document.addEventListener('fullscreenchange', () => this.#redraw())
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
      this.#bar.reset()
      this.#card.reset()
      this.#read = 0
      this.#scroll.el.hidden = true
      this.#orders.clear()
      this.#root.focus()
    }
    if (this.#self.srcObject !== c.own.stream) this.#self.srcObject = c.own.stream
    this.#draw(c)
    this.tick(0)
  }

  /** Puts the sound through the loudspeaker that is chosen now. */
  speaker() {
    this.#tiles.speaker()
  }

  /** Whether the card beside the video is looked at. */
  get cardOpen() {
    return !!this.#shown && this.#card.open
  }

  /** Shows the still picture that there is. */
  openStill() {
    this.#viewer.open()
  }

  /** @param {number} ringing seconds left of the ring */
  tick(ringing) {
    const c = this.#shown
    if (!c) return
    setLine(this.#clock, c.phase === 'talking' && c.talkingSince ? duration(Date.now() - c.talkingSince) : '')
    if (c.phase === 'calling' && ringing > 0) setText(this.#words, t('cl.calling', { n: ringing }))
    if (c.phase === 'connecting') setLine(this.#more, waitWords(c))
    if (c.phase === 'talking') this.#tiles.show(c.remotes)
    this.#figures.show(c.remotes, (r) => this.#nameOf(r.id))
  }

  #redraw() {
    if (this.#shown) this.#draw(this.#shown)
  }

  /** @param {Conversation} c */
  #draw(c) {
    const over = c.phase === 'over'
    this.#root.dataset.phase = c.phase
    setText(this.#who, t('call.with', { navn: nameOf(c.entry), alder: c.entry.age }))
    setText(this.#masked, c.entry.masked)
    setText(this.#mode, c.entry.mode === 'videokonference' ? t('row.conference') : t('row.consultation'))
    setLine(this.#emergency, emergencyText(c.entry))
    setLine(this.#helper, helperText(c))
    setText(this.#status, statusText(c))
    this.#status.dataset.quality = c.interrupted ? 'weak' : c.tablet.watch.quality
    setLine(this.#words, c.phase === 'talking' && this.#popout.away ? t('call.window_away') : overlayWords(c))
    setLine(this.#more, moreWords(c))
    this.#overlay.hidden = this.#words.hidden
    this.#again.hidden = !over || c.entry.state !== 'waiting'
    const wrong = over && c.outcome === 'over.wrong'
    this.#why.hidden = !wrong
    setText(this.#journal, t('wrong.journal'))
    setText(this.#number, t('wrong.number'))
    setText(this.#other, t('wrong.other'))
    this.#dismiss.hidden = !over
    this.#record.hidden = !over
    setText(this.#record, t('menu.record'))
    setText(this.#again, t('cl.call_again'))
    setText(this.#dismiss, t('call.dismiss'))
    this.#tiles.show(c.phase === 'talking' ? c.remotes : [])
    this.#self.setAttribute('aria-label', t('call.self'))
    this.#self.hidden = over || c.own.unseen
    setText(this.#hear, t('call.hear'))
    this.#problemLine.hidden = over || c.own.problem === ''
    setText(this.#problem, c.own.problem && t(c.own.problem))
    setText(this.#retry, t('dev.retry'))
    this.#lobby.show(over ? [] : c.party.outside)
    this.#showOrders(c)
    this.#card.show(c.card)
    this.#showExchange(c)
  }

  /** They stand there as long as there is something to say to them: also when the line was cut. @param {Conversation} c */
  #showOrders(c) {
    const { readback } = c
    this.#orders.el.hidden = readback.orders.length === 0 || c.phase === 'over' && readback.unconfirmed === 0
    if (this.#orders.el.hidden) return
    const { me, now } = this.#around()
    this.#orders.show(readback, me, now)
  }

  /** @param {Conversation} c */
  #showExchange(c) {
    const over = c.phase === 'over'
    if (over) this.#scroll.el.hidden = true
    const written = Scroll.count(c.exchange)
    if (!this.#scroll.el.hidden) {
      this.#read = written
      this.#scroll.show(c.exchange)
    }
    this.#viewer.show(over ? undefined : c.exchange)
    setLine(this.#stillLine, over ? '' : stillText(c.exchange.stills))
    this.#bar.show(c, {
      full: document.fullscreenElement === this.#root, window: this.#popout.open,
      writing: !this.#scroll.el.hidden, unread: this.#scroll.el.hidden && written > this.#read,
      card: this.#card.open,
    })
  }

  /** @param {string} id of a participant */
  #nameOf(id) {
    const c = this.#shown
    if (!c) return ''
    if (id === 'clinic') return t('write.you')
    if (id === 'tablet') return nameOf(c.entry)
    const g = c.party.guests.find((g) => g.id === id)
    return g ? guestName(g) : t('guest.gone')
  }

  /** @param {Remote} r */
  #moreOf(r) {
    const c = this.#shown
    if (!c || r.id !== 'tablet' || r.look !== 'lost') return ''
    return Date.now() - c.gone > 60_000 ? t('call.interrupted_do') : t('call.interrupted')
  }

  #write() {
    this.#scroll.el.hidden = !this.#scroll.el.hidden
    this.#redraw()
    if (!this.#scroll.el.hidden) this.#scroll.focus()
  }

  #toggleCard() {
    this.#card.toggle()
    this.#redraw()
    if (this.#card.open) this.#card.el.focus()
  }

  #empty() {
    this.#tiles.show([])
    this.#viewer.show(undefined)
    this.#orders.clear()
    this.#self.srcObject = null
    if (document.fullscreenElement === this.#root) void document.exitFullscreen()
    if (this.#popout.open) void this.#popout.close()
  }

  async #fullScreen() {
    await (document.fullscreenElement ? document.exitFullscreen() : this.#root.requestFullscreen())
  }
}

/** @param {import('../shared/talk/stills.js').Stills} s */
function stillText(s) {
  switch (s.answer) {
    case 'asked': return t('still.asked')
    case 'declined': return t('still.declined')
    case 'failed': return t('still.failed')
    default: return ''
  }
}

/** @param {Conversation} c */
function helperText(c) {
  const e = c.entry
  if (!e.helper) return ''
  if (e.presence === 'away') return t('call.alone', { navn: e.helper.name })
  const how = e.mode === 'videokonference' ? t('call.helper_professional') : t('call.helper_technical')
  return `${t('call.helper', { navn: e.helper.name, titel: e.helper.title, kommune: e.helper.municipality })} – ${how}`
}

/** @param {Conversation} c */
function statusText(c) {
  if (c.phase === 'over') return ''
  if (c.phase === 'calling') return t('cl.calling_you')
  if (c.interrupted) return t('call.reconnecting')
  if (c.phase === 'connecting') return t('call.connecting')
  switch (c.tablet.watch.quality) {
    case 'weak': return t('call.weak')
    case 'stalled': return t('call.stalled')
    default: return t('call.good')
  }
}

/** @param {Conversation} c what stands large over the pictures */
function overlayWords(c) {
  if (c.phase === 'over') return c.outcome && t(c.outcome, { navn: nameOf(c.entry) })
  if (c.phase === 'calling') return t('cl.calling_you')
  return c.phase === 'connecting' ? t('call.connecting') : ''
}

/** @param {Conversation} c what stands below it */
function moreWords(c) {
  if (c.phase === 'over' && c.outcome === 'over.wrong') return t('wrong.uth')
  if (c.phase === 'calling' && c.entry.postponed_to) return t('call.postponed')
  if (c.phase === 'calling') return c.entry.presence === 'no_contact' ? t('cl.unreachable') : t('cl.no_answer_hint')
  return c.phase === 'connecting' ? waitWords(c) : ''
}

/** @param {Conversation} c why it takes time, and what to do */
function waitWords(c) {
  const s = (Date.now() - c.since) / 1000
  return s > 15 ? t('call.connecting_do') : s > 5 ? t('call.connecting_why') : ''
}
