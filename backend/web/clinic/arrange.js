// What the clinic does with a place in the line besides calling: another place, urgent, out of the line and back. Each
// asks for its reason first; the backend's list is what counts in the end.

import { h, setLine, setText } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { Ask } from './ask.js'
import { Order, placeOf } from './order.js'
import { movable, nameOf } from './row.js'
import { Words } from './words.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */

const most = 120 // characters of a reason

export class Arrange {
  #api
  #press
  #room
  #list
  #order
  #place = h('select', { 'data-test': 'move-place' })
  #placeLabel = h('span')
  #changed = h('p', { class: 'notice warn', role: 'alert', 'data-test': 'move-changed' })
  #moveWhy = new Words('move-reason', most)
  #move = new Ask('move', this.#changed, h('label', { class: 'field' }, this.#placeLabel, this.#place), this.#moveWhy.el)
  #why = new Words('reason', most)
  #ask = new Ask('reason', this.#why.el)
  #moving = '' // the one whose dialog is open

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   press: (act: () => Promise<void>) => Promise<void>,
   *   room: import('./room.js').Room,
   *   list: import('./list.js').List,
   *   root: HTMLElement,
   * }} opt press: does what is asked for and says so when it fails
   */
  constructor({ api, press, room, list, root }) {
    this.#api = api
    this.#press = press
    this.#room = room
    this.#list = list
    this.#order = new Order(root, list, (id) => this.move(id))
    this.#place.onchange = () => {
      this.#list.put(this.#moving, this.#place.value)
      setLine(this.#changed, '')
      this.#move.say(this.#urgency())
    }
  }

  /** The room was read afresh. */
  refresh() {
    this.#order.refresh()
    if (!this.#moving) return
    if (this.#room.find(this.#moving)?.state !== 'waiting') this.#move.close()
    else this.#notice(this.#moving)
  }

  /** Asks for place and reason; the list shows the place already where somebody carried the patient there. @param {string} id */
  move(id) {
    const e = this.#room.find(id)
    if (e?.state !== 'waiting') {
      this.#list.release()
      return
    }
    this.#list.hold()
    this.#moving = id
    setLine(this.#changed, '')
    setText(this.#placeLabel, t('move.place'))
    this.#fill(id)
    this.#notice(id)
    this.#moveWhy.reset(t('move.why'), [t('move.worse'), t('move.agreed'), t('move.onward'), t('move.helper')], t('ask.need_reason'))
    this.#move.open({
      title: t('move.title', { navn: nameOf(e) }),
      act: t('move.do'),
      complete: () => this.#otherPlace(id) && this.#moveWhy.complete(),
      run: () => void this.#send(id),
      closed: () => this.#done(id),
    })
    this.#move.say(this.#urgency())
    if (!this.#carried(id)) this.#place.focus()
  }

  /** @param {ClinicEntry} e before all others, with a reason, or back */
  urgent(e) {
    const path = `/clinic/entries/${e.id}/urgent`
    if (e.urgent) {
      void this.#press(async () => this.#post(path, { urgent: false }))
      return
    }
    this.#why.reset(t('ask.why'), [t('move.worse'), t('urgent.pain'), t('urgent.breath'), t('urgent.child')], t('ask.need_reason'))
    this.#ask.open({
      title: t('urgent.title', { navn: nameOf(e) }),
      text: t('urgent.text'),
      act: t('urgent.do'),
      complete: () => this.#why.complete(),
      run: () => void this.#press(async () => this.#post(path, { urgent: true, reason: this.#why.text })),
    })
  }

  /** @param {ClinicEntry} e out of the line; half a minute to take it back */
  remove(e) {
    this.#why.reset(t('remove.why'), [t('remove.phone'), t('remove.visit'), t('remove.call'), t('remove.other')], t('ask.need_reason'))
    this.#ask.open({
      title: t('remove.title', { navn: nameOf(e) }),
      text: t('remove.text'),
      act: t('remove.do'),
      danger: true,
      complete: () => this.#why.complete(),
      run: () => void this.#press(async () => {
        await this.#post(`/clinic/entries/${e.id}/remove`, { reason: this.#why.text })
        this.#list.focus(e.id)
      }),
    })
  }

  /** @param {ClinicEntry} e takes its removal back */
  async restore(e) {
    await this.#press(async () => this.#post(`/clinic/entries/${e.id}/restore`, undefined))
  }

  /** @param {string} path @param {unknown} body */
  async #post(path, body) {
    await this.#api.post(path, body)
    await this.#room.read()
  }

  /** The list stands as asked for until the backend's answer is read. @param {string} id */
  async #send(id) {
    const before = this.#place.value
    const reason = this.#moveWhy.text
    this.#moving = ''
    await this.#press(async () => this.#post(`/clinic/entries/${id}/place`, before ? { before, reason } : { reason }))
    this.#done(id)
  }

  /** @param {string} id */
  #done(id) {
    this.#moving = ''
    this.#place.replaceChildren()
    setLine(this.#changed, '')
    this.#list.release()
    this.#list.focus(id, 'handle')
  }

  /** Fills the choice of places: before each of the others, or last. @param {string} id */
  #fill(id) {
    const others = this.#list.movable.filter((e) => e.id !== id)
    const options = others.map((e, i) => h('option', { value: e.id },
      i === 0 ? t('move.first', { navn: nameOf(e), n: e.number }) : t('move.before', { navn: nameOf(e), n: e.number })))
    this.#place.replaceChildren(...options, h('option', { value: '' }, t('move.last')))
    this.#place.value = placeOf(this.#list, id)
  }

  /** Who is put before an urgent one is urgent too, and who is put behind them all is not. */
  #urgency() {
    const urgent = !!this.#room.find(this.#place.value)?.urgent
    if (urgent === !!this.#room.find(this.#moving)?.urgent || !this.#carried(this.#moving)) return ''
    return urgent ? t('move.urgent') : t('move.not_urgent')
  }

  /** Whether the place wanted is another than the one it has. @param {string} id */
  #carried(id) {
    const waiting = this.#list.base.filter(movable).map((e) => e.id)
    return this.#place.value !== (waiting[waiting.indexOf(id) + 1] ?? '')
  }

  /** The same; if not, it is asked for. @param {string} id */
  #otherPlace(id) {
    if (this.#carried(id)) return true
    setLine(this.#changed, t('move.same'))
    this.#place.focus()
    return false
  }

  /** Says that the order has changed under a move, and shows the place wanted in the order as it is now. @param {string} id */
  #notice(id) {
    const base = this.#list.base
    const now = this.#room.entries
    const by = now.find((e) => e.moved && base.some((old) => old.id === e.id && sign(old) !== sign(e)))
    const common = (/** @type {ClinicEntry[]} */ all, /** @type {ClinicEntry[]} */ other) =>
      all.map((e) => e.id).filter((at) => at !== id && other.some((e) => e.id === at)).join()
    if (!by && common(now, base) === common(base, now)) return
    setLine(this.#changed, by?.moved ? t('move.changed_by', { navn: by.moved.by.name, patient: nameOf(by) }) : t('move.changed'))
    const before = this.#place.value
    this.#list.release()
    this.#list.hold()
    this.#list.put(id, this.#list.movable.some((e) => e.id === before) ? before : '')
    this.#fill(id)
  }
}

/** @param {ClinicEntry} e tells one change of its place from another */
function sign(e) {
  return e.moved ? `${e.moved.by.id} ${e.moved.reason}` : ''
}
