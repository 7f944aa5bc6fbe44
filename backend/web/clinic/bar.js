// The buttons of a call, in one row, and the question how it ended. Those that there is no room for stand in a menu; the
// style sheet says which.

import { h, setLine, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { control } from '../shared/talk/control.js'
import { canPopOut } from '../shared/talk/popout.js'

/** @typedef {import('./conversation.js').Conversation} Conversation */
/** @typedef {import('./menu.js').Item} Item */

/**
 * @typedef {object} Controls
 * @property {() => void} mute
 * @property {() => void} camera
 * @property {() => void} equipment
 * @property {() => void} retry devices again
 * @property {() => void} guests
 * @property {() => void} still asks the tablet for a picture, or shows the one that there is
 * @property {() => void} noAnswer
 * @property {() => void} handOver to a colleague
 * @property {(reason: string) => void} end
 * @property {() => void} wrong the wrong patient: stop at once
 * @property {(why: string) => void} explain why it was
 * @property {() => void} again call the same patient again
 * @property {() => void} record shows the record of consent and presence
 * @property {() => void} dismiss
 * @property {(button: HTMLElement, items: Item[]) => void} more opens a menu
 * @property {(id: string) => void} admit a guest
 * @property {(id: string) => void} refuse a guest
 */

/** @typedef {{fullScreen: () => void, window: () => void, write: () => void, card: () => void}} Views */

export class Bar {
  #mute = control('mute', 'mic')
  #camera = control('camera', 'camera')
  #write = control('write-open', 'write')
  #card = control('card-toggle', 'card')
  #still = control('still', 'still')
  #window = control('window', 'window')
  #guests = control('guests', 'people')
  #full = control('fullscreen', 'screen')
  #devices = control('call-equipment', 'devices')
  #handOver = control('hand-over', 'hand-over')
  #wrong = control('wrong', 'alert')
  #more = control('more', 'more')
  #noAnswer = h('button', { class: 'button danger', type: 'button', 'data-test': 'no-answer' })
  #end = h('button', { class: 'button danger', type: 'button', 'data-test': 'end', 'aria-expanded': 'false' })
  #unconfirmed = h('p', { class: 'notice warn', role: 'alert', 'data-test': 'end-unconfirmed', hidden: true })
  #question = h('h3', { id: 'end-question' })
  #done = h('button', { class: 'button primary', type: 'button', 'data-test': 'end-done' })
  #noContact = h('button', { class: 'button', type: 'button', 'data-test': 'end-no-contact' })
  #phone = h('button', { class: 'button', type: 'button', 'data-test': 'end-phone' })
  #rebook = h('button', { class: 'button', type: 'button', 'data-test': 'end-rebook' })
  #back = h('button', { class: 'button quiet', type: 'button', 'data-test': 'end-back' })
  #wrongText = h('p', { 'data-test': 'wrong-text' })
  #wrongYes = h('button', { class: 'button danger', type: 'button', 'data-test': 'wrong-yes' })
  #wrongNo = h('button', { class: 'button', type: 'button', 'data-test': 'wrong-no' })
  #asking = false
  #doubting = false // it is asked whether it is the wrong patient
  #left = 0 // orders that are not confirmed

  el = h('div', { class: 'bar controls' },
    h('div', { class: 'keys' }, this.#mute.el, this.#camera.el, this.#card.el, this.#write.el, this.#still.el, this.#window.el, this.#guests.el, this.#full.el,
      this.#devices.el, this.#handOver.el, this.#wrong.el, this.#more.el),
    h('div', { class: 'last' }, this.#noAnswer, this.#end))
  reasons = h('div', { class: 'bar reasons', role: 'group', 'aria-labelledby': 'end-question', hidden: true },
    this.#unconfirmed, this.#question, this.#done, this.#noContact, this.#phone, this.#rebook, this.#back)
  doubt = h('div', { class: 'bar reasons', role: 'group', 'data-test': 'wrong-ask', hidden: true }, this.#wrongText, this.#wrongNo, this.#wrongYes)

  /** @param {Controls} controls @param {Views} views */
  constructor(controls, views) {
    this.#mute.el.onclick = controls.mute
    this.#camera.el.onclick = controls.camera
    this.#devices.el.onclick = controls.equipment
    this.#guests.el.onclick = controls.guests
    this.#still.el.onclick = controls.still
    this.#write.el.onclick = views.write
    this.#card.el.onclick = views.card
    this.#full.el.onclick = views.fullScreen
    this.#window.el.onclick = views.window
    this.#window.el.hidden = !canPopOut
    this.#handOver.el.onclick = controls.handOver
    for (const c of [this.#window, this.#guests]) c.el.classList.add('second')
    this.#wrong.el.onclick = () => this.#doubt(true)
    this.#wrongNo.onclick = () => this.#doubt(false)
    this.#wrongYes.onclick = controls.wrong
    for (const c of [this.#full, this.#devices, this.#handOver, this.#wrong]) c.el.classList.add('third')
    this.#more.el.classList.add('menu-button')
    this.#more.el.setAttribute('aria-haspopup', 'menu')
    this.#more.el.setAttribute('aria-expanded', 'false')
    this.#more.el.onclick = () => controls.more(this.#more.el, this.#rest)
    this.#noAnswer.onclick = controls.noAnswer
    this.#end.onclick = () => this.#ask(true)
    this.#back.onclick = () => this.#ask(false)
    for (const [button, reason] of /** @type {[HTMLButtonElement, string][]} */ ([
      [this.#done, 'done'], [this.#noContact, 'no_contact'], [this.#phone, 'phone'], [this.#rebook, 'rebook'],
    ])) button.onclick = () => controls.end(reason)
    this.reasons.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape') return
      e.preventDefault()
      this.#ask(false)
    })
  }

  /** What there is no room for. @returns {Item[]} */
  get #rest() {
    return [this.#window, this.#guests, this.#full, this.#devices, this.#handOver, this.#wrong].filter(({ el }) => !el.hidden && el.getClientRects().length === 0)
      .map(({ el }) => ({ test: `more-${el.dataset.test}`, text: el.textContent ?? '', act: () => el.click() }))
  }

  /** Another call. */
  reset() {
    this.#asking = this.#doubting = false
  }

  /** @param {Conversation} c @param {{full: boolean, window: boolean, writing: boolean, unread: boolean, card: boolean}} view */
  show(c, view) {
    const { own } = c
    const calling = c.phase === 'calling'
    this.#mute.show(own.muted ? t('call.unmute') : t('call.mute'), own.muted ? 'mic-off' : 'mic', own.muted)
    this.#camera.show(own.cameraOff ? t('call.camera_on') : t('call.camera_off'), own.cameraOff ? 'camera-off' : 'camera', own.cameraOff)
    this.#mute.el.disabled = own.problem !== '' && !own.tracks.audio
    this.#camera.el.disabled = own.problem !== '' && !own.tracks.video
    this.#write.show(view.unread ? t('call.write_new') : t('call.write'), 'write', view.unread)
    this.#write.el.setAttribute('aria-expanded', String(view.writing))
    this.#card.show(t('call.card'), 'card')
    this.#card.el.setAttribute('aria-expanded', String(view.card))
    this.#still.show(c.exchange.stills.all.length > 0 ? t('call.still_show') : t('call.still'), 'still')
    this.#still.el.setAttribute('aria-disabled', String(c.exchange.stills.pending)) // not disabled, which would take the focus away
    this.#guests.show(t('call.guests'), 'people')
    this.#window.show(view.window ? t('call.window_back') : t('call.window'), 'window')
    this.#devices.show(t('call.devices'), 'devices')
    this.#full.show(view.full ? t('call.fullscreen_off') : t('call.fullscreen'), view.full ? 'screen-off' : 'screen')
    this.#handOver.show(t('call.hand_over'), 'hand-over')
    this.#wrong.show(t('wrong.tool'), 'alert')
    setText(this.#wrongText, t('wrong.ask'))
    setText(this.#wrongYes, t('wrong.yes'))
    setText(this.#wrongNo, t('call.back'))
    this.#more.show(t('call.more'), 'more')
    for (const el of [this.#handOver.el, this.#wrong.el, this.#end, this.#write.el, this.#still.el]) el.hidden = calling
    this.#noAnswer.hidden = !calling
    setText(this.#noAnswer, t('cl.no_answer'))
    setText(this.#end, t('call.end'))
    setText(this.#question, t('cl.end_reason'))
    setText(this.#done, t('cl.end_done'))
    setText(this.#noContact, t('cl.end_nocontact'))
    setText(this.#phone, t('cl.end_phone'))
    setText(this.#rebook, t('cl.end_rebook'))
    setText(this.#back, t('call.back'))
    this.#left = c.readback.unconfirmed
    this.#swap(c.phase === 'over')
  }

  /** @param {boolean} over */
  #swap(over) {
    this.el.hidden = over || this.#asking || this.#doubting
    this.reasons.hidden = over || !this.#asking
    this.doubt.hidden = over || !this.#doubting
    setLine(this.#unconfirmed, this.reasons.hidden ? '' : leftText(this.#left))
  }

  /** @param {boolean} doubting whether it is the right patient */
  #doubt(doubting) {
    this.#doubting = doubting
    this.#swap(false)
    ;(doubting ? this.#wrongNo : this.#end).focus()
  }

  /** @param {boolean} asking how it ended */
  #ask(asking) {
    this.#asking = asking
    this.#swap(false)
    ;(!asking ? this.#end : this.#left > 0 ? this.#back : this.#done).focus()
  }
}

/** @param {number} n of orders that are not confirmed */
function leftText(n) {
  return n === 0 ? '' : n === 1 ? t('ord.warn_end_one') : t('ord.warn_end', { n })
}
