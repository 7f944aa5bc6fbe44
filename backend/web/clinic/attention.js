// Calls for attention when somebody new waits, or a colleague hands a patient over: by sound, by a notice on the desktop
// where nobody looks at the page, and in words. One switch turns sound and notice on.

import { byId, setLine, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { Bell } from './bell.js'
import { say, tell } from './notices.js'
import { nameOf } from './row.js'
import { Chime } from './sound.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */

export class Attention {
  #chime
  #bell
  /** @type {HTMLInputElement} */
  #switch = byId('sound')

  constructor() {
    this.#chime = new Chime(() => this.show())
    this.#bell = new Bell(() => this.#chime.on)
    this.#switch.onchange = () => void this.#turn()
  }

  show() {
    this.#switch.checked = this.#chime.on
    setLine(byId('sound-blocked'), this.#chime.blocked ? t('cl.sound_blocked') : '')
  }

  /**
   * The room was read afresh.
   * @param {ClinicEntry[]} fresh new in the room
   * @param {ClinicEntry[]} handed newly handed over to who looks
   * @param {ClinicEntry[]} acute beside whom 112 was called just now
   */
  call(fresh, handed, acute) {
    const came = fresh.filter((e) => e.state === 'waiting' && !handed.includes(e))
    if (came.length === 0 && handed.length === 0 && acute.length === 0) return
    this.#chime.ring()
    if (acute.length > 0) say(acute.map((e) => t('cl.emergency', { navn: nameOf(e), n: e.number, tid: clock(e.emergency_at ?? '') })).join(' '))
    else if (handed.length > 0) tell(handed.map((e) => t('cl.handed', { navn: nameOf(e), fra: e.handed_by?.name ?? '' })).join(' '))
    setText(byId('arrivals'), came.map((e) => t('cl.arrived', { navn: nameOf(e), alder: e.age, n: e.number })).join('. '))
    this.#bell.ring([
      ...acute.map((e) => t('bell.emergency', { n: e.number })),
      ...handed.map((e) => t('bell.handed', { n: e.number })), ...came.map((e) => t('bell.arrived', { n: e.number })),
    ].join(' '))
  }

  async #turn() {
    const on = this.#switch.checked
    await this.#chime.turn(on)
    if (on && !await this.#bell.ask()) tell(t('bell.refused'))
  }
}
