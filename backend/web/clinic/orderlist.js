// The orders of a place as a list to read aloud from: large, one each, in the order in which they were written, with what
// the doctor can say to each. What was corrected or withdrawn stays, struck out and said to be so in words.

import { h, setLine, setText } from '../shared/dom.js'
import { clock, sentence, t } from '../shared/text.js'
import { isUnconfirmed } from './readback.js'

/** @typedef {import('../wire').Order} Order */
/** @typedef {import('./readback.js').Readback} Readback */

/**
 * @typedef {object} Wishes
 * @property {(o: Order) => Promise<void>} confirm
 * @property {(o: Order) => void} correct
 */

/** @param {Order} o in one line */
export function orderText({ text }) {
  return [text.what, text.dose, text.how_often, text.from && t('ord.from', { fra: text.from }), text.until && t('ord.until', { til: text.until })]
    .filter(Boolean).join(' · ')
}

class Item {
  #wishes
  #text = h('p', { class: 'order-text', 'data-test': 'order-text' })
  #state = h('p', { class: 'order-state', 'data-test': 'order-state' })
  #busy = false
  /** @type {Order | undefined} */
  #order
  confirm = h('button', { class: 'button primary', type: 'button', 'data-test': 'order-confirm', onclick: () => void this.#confirm() })
  #correct = h('button', { class: 'button', type: 'button', 'data-test': 'order-correct', onclick: () => this.#order && this.#wishes.correct(this.#order) })
  el = h('li', { class: 'order', 'data-test': 'order' }, this.#text, this.#state, h('div', { class: 'choices' }, this.confirm, this.#correct))

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.#wishes = wishes
  }

  /** @param {Order} o @param {boolean} may whether who looks can confirm and correct */
  show(o, may) {
    const text = orderText(o)
    this.#order = o
    this.el.dataset.state = o.state
    this.el.dataset.order = o.id
    setText(this.#text, text.replace(/(\d) (?=\p{L})/gu, '$1\u00a0')) // no line ends between a number and its unit
    setText(this.#state, stateText(o))
    this.confirm.hidden = !may || o.state !== 'read_back'
    this.#correct.hidden = !may || o.state === 'corrected' || o.state === 'withdrawn'
    for (const [button, word] of /** @type {[HTMLElement, string][]} */ ([[this.confirm, t('ord.confirm')], [this.#correct, t('ord.correct')]])) {
      setText(button, word)
      button.setAttribute('aria-label', `${word}: ${text}`)
    }
  }

  async #confirm() {
    if (!this.#order || this.#busy) return
    this.#busy = true
    await this.#wishes.confirm(this.#order)
    this.#busy = false
  }
}

export class OrderList {
  /** @type {Wishes} */
  #wishes
  /** @type {Map<string, Item>} */
  #items = new Map()
  /** @type {Map<string, string> | undefined} the state in which each was said; undefined: they are new to who looks */
  #said
  #title = h('h3')
  #count = h('p', { class: 'order-count', 'data-test': 'order-count' })
  #hint = h('p', { class: 'muted', 'data-test': 'order-hint' })
  #problem = h('p', { class: 'missing', role: 'alert', 'data-test': 'order-problem', hidden: true })
  #list = h('ol')
  #news = h('p', { class: 'unseen', role: 'status', 'data-test': 'order-news' })
  el = h('section', { class: 'orders', tabindex: '-1', hidden: true, 'data-test': 'orders' },
    h('div', { class: 'order-head' }, this.#title, this.#count), this.#hint, this.#problem, this.#list, this.#news)

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.#wishes = { ...wishes, confirm: (o) => this.#confirm(wishes, o) }
  }

  /** Another place: nothing of the last one stays behind. */
  clear() {
    this.#said = undefined
    this.#items.clear()
    this.#list.replaceChildren()
    setText(this.#news, '')
    setLine(this.#problem, '')
  }

  /** @param {Readback} r @param {string} me who looks @param {number} now by the backend's clock */
  show(r, me, now) {
    const may = r.clinician?.id === me && now < r.until
    const focused = document.activeElement
    setText(this.#title, t('ord.title'))
    this.el.setAttribute('aria-label', t('ord.title'))
    setText(this.#count, r.orders.length === 0 ? t('ord.none') : r.unconfirmed > 0 ? t('ord.unconfirmed', { n: r.unconfirmed }) : t('ord.all_confirmed'))
    this.#count.classList.toggle('warn', r.unconfirmed > 0)
    setLine(this.#hint, hintText(r, me, now))
    for (const [id, item] of this.#items) {
      if (r.orders.some((o) => o.id === id)) continue
      this.#items.delete(id)
      item.el.remove()
    }
    for (const o of r.orders) {
      const item = this.#items.get(o.id) ?? new Item(this.#wishes)
      if (!this.#items.has(o.id)) this.#list.append(item.el)
      this.#items.set(o.id, item)
      item.show(o, may)
    }
    if (focused instanceof HTMLElement && focused.hidden && this.#list.contains(focused)) this.#focusNext()
    this.#tell(r.orders)
  }

  /** Why it could not be stands above the orders. @param {Wishes} wishes @param {Order} o */
  async #confirm(wishes, o) {
    setLine(this.#problem, '')
    try {
      await wishes.confirm(o)
    } catch (err) {
      setLine(this.#problem, sentence(err))
    }
  }

  /** What was pressed is gone: the next to confirm has the focus, else the list. */
  #focusNext() {
    const next = [...this.#items.values()].find((item) => item.confirm.checkVisibility())
    ;(next?.confirm ?? this.el).focus()
  }

  /** Says what the nurse has done since. @param {Order[]} orders */
  #tell(orders) {
    const before = this.#said
    this.#said = new Map(orders.map((o) => [o.id, o.state]))
    if (!before) return
    const news = orders.filter((o) => before.get(o.id) !== o.state).map((o) => {
      switch (o.state) {
        case 'written': return t('ord.news_written', { tekst: orderText(o) })
        case 'read_back': return t('ord.news_read', { tekst: orderText(o) })
        case 'withdrawn': return t('ord.news_withdrawn', { tekst: orderText(o) })
        default: return ''
      }
    }).filter(Boolean)
    if (news.length > 0) setText(this.#news, news.join('. '))
  }
}

/** @param {Order} o */
function stateText(o) {
  switch (o.state) {
    case 'written': return t(o.by === 'clinic' ? 'ord.rewritten' : 'ord.written', { navn: o.author.name })
    case 'read_back': return t('ord.read', { tid: clock(o.read_at ?? '') })
    case 'confirmed': return t('ord.confirmed', { navn: o.confirmed_by?.name ?? '', tid: clock(o.confirmed_at ?? '') })
    case 'corrected': return t('ord.corrected', { tid: clock(o.ended_at ?? '') })
    default: return t('ord.withdrawn', { tid: clock(o.ended_at ?? '') })
  }
}

/** @param {Readback} r @param {string} me @param {number} now what else who looks has to know */
function hintText(r, me, now) {
  if (!r.orders.some(isUnconfirmed)) return ''
  if (now >= r.until) return t('ord.too_late')
  if (r.clinician && r.clinician.id !== me) return t('ord.only', { navn: r.clinician.name })
  return r.until < Infinity ? t('ord.still', { tid: clock(r.until) }) : ''
}
