// The clinic's words to those who wait: to one, to all, and how late it is.

import { byId, h, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { Ask } from './ask.js'
import { tell } from './notices.js'
import { nameOf } from './row.js'
import { Words } from './words.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').ClinicView} ClinicView */
/** @typedef {import('../wire').MessageReply} MessageReply */

const most = 300 // characters of a message
const delays = [5, 10, 15, 30, 45, 60] // minutes

export class Letters {
  #api
  #press
  #room
  #menu
  #changed
  #said = h('ol', { class: 'said', 'data-test': 'said', tabindex: '0' })
  #text = new Words('message-words', most, true)
  #ask = new Ask('message', this.#said, this.#text.el)
  #late = false

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   press: (act: () => Promise<void>) => Promise<void>,
   *   room: import('./room.js').Room,
   *   menu: import('./menu.js').Menu,
   *   changed: (view: ClinicView) => void,
   * }} opt press: does what is asked for and says so when it fails; changed: the clinic is another now
   */
  constructor({ api, press, room, menu, changed }) {
    this.#api = api
    this.#press = press
    this.#room = room
    this.#menu = menu
    this.#changed = changed
    byId('all').onclick = () => this.toAll()
    byId('delay').onclick = () => this.#askDelay()
  }

  /** @param {ClinicView} view */
  show(view) {
    const late = view.clinic.delay_min ?? 0
    this.#late = late > 0
    const line = byId('late')
    line.hidden = !this.#late
    setText(line, this.#late ? t('delay.standing', { n: late, tid: clock(view.clinic.delay_at ?? '') }) : '')
    setText(byId('delay'), this.#late ? t('delay.change') : t('delay.open'))
    byId('delay').hidden = !view.clinic.open
    byId('all').hidden = this.#room.waiting.length === 0
  }

  /** @param {ClinicEntry} e */
  to(e) {
    this.#history(e)
    this.#text.reset(t('message.label'), [t('message.soon'), t('message.after'), t('message.near')], t('message.need'))
    this.#ask.open({
      title: t('message.title', { navn: nameOf(e) }),
      act: t('message.send'),
      complete: () => this.#text.complete(),
      closed: () => this.#history(undefined),
      run: () => void this.#press(async () => {
        this.#history(undefined)
        await this.#api.post(`/clinic/entries/${e.id}/message`, { text: this.#text.text })
        await this.#room.read()
        tell(t('message.sent_to', { navn: nameOf(e) }))
      }),
    })
  }

  toAll() {
    this.#history(undefined)
    this.#text.reset(t('message.label'), [t('message.soon'), t('message.break'), t('message.near')], t('message.need'))
    this.#ask.open({
      title: t('message.title_all', { n: this.#room.waiting.length }),
      act: t('message.send'),
      complete: () => this.#text.complete(),
      run: () => void this.#press(async () => {
        /** @type {MessageReply} */
        const { sent } = await this.#api.post('/clinic/message', { text: this.#text.text })
        await this.#room.read()
        tell(t('message.sent', { n: sent }))
      }),
    })
  }

  /** What this patient has been told, oldest first. @param {ClinicEntry | undefined} e */
  #history(e) {
    const all = e?.messages ?? []
    this.#said.hidden = all.length === 0
    this.#said.setAttribute('aria-label', t('message.said'))
    this.#said.replaceChildren(...all.map((m) => h('li', {}, h('p', {}, m.text), h('p', { class: 'muted' },
      `${m.sender.name} ${t('row.at', { tid: clock(m.at) })} · ${m.read_at ? t('row.read', { tid: clock(m.read_at) }) : t('row.unread')}`))))
  }

  #askDelay() {
    const items = delays.map((n) => ({ test: `delay-${n}`, text: t('delay.choice', { n }), act: () => this.#delay(n) }))
    if (this.#late) items.push({ test: 'delay-0', text: t('delay.none'), act: () => this.#delay(0) })
    this.#menu.open(byId('delay'), t('delay.title'), items)
  }

  /** @param {number} minutes */
  #delay(minutes) {
    void this.#press(async () => {
      this.#changed(await this.#api.post('/clinic/delay', { minutes }))
      const n = this.#room.waiting.length
      tell(minutes === 0 ? t('delay.cleared') : n > 0 ? t('delay.told', { n, minutter: minutes }) : t('delay.told_none', { minutter: minutes }))
    })
  }
}
