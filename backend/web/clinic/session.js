// Who is signed in. A session that ends leaves nothing personal on the page, but a call goes on; it comes back when the
// same person signs in again, here or in another tab of the same browser.

import { pause, Problem } from '../shared/api.js'
import { byId, setLine, setText } from '../shared/dom.js'
import { sentence, t } from '../shared/text.js'

/** @typedef {import('../wire').ClinicView} ClinicView */

/**
 * @typedef {object} Around what the session needs of the page
 * @property {import('../shared/api.js').Api} api
 * @property {() => boolean} inCall
 * @property {() => Promise<void>} entered somebody is signed in: read and show the room
 * @property {() => void} forget takes what is said about patients off the page, and ends the reading
 * @property {() => void} left nobody is signed in any more, and no call goes on
 * @property {() => void} otherPerson signed in while a call of somebody else goes on
 * @property {() => void} show
 */

export class Session {
  #around
  #others = new BroadcastChannel('kontakt.signin') // pages of this clinic module in the same browser

  /** @type {ClinicView | undefined} who is signed in, and where */
  view
  away = false // signed out while a call goes on

  /** @param {Around} around */
  constructor(around) {
    this.#around = around
    this.#others.onmessage = (/** @type {MessageEvent<string>} */ e) => {
      if (e.data === 'signed in' && this.away) void this.#again()
      if (e.data === 'go back') this.#welcomeBack()
    }
    addEventListener('focus', () => {
      if (this.away) void this.#again()
    })
  }

  /** Opens the page: straight into the room when the session stands, else to the sign-in. @param {string | null} why it failed before */
  async open(why) {
    for (;;) {
      try {
        this.view = await this.#around.api.get('/clinic')
        break
      } catch (err) {
        if (err instanceof Problem && err.status === 401) {
          this.showSignIn(why ? sentence(new Problem({ kind: 'unauthenticated', msg: why, request: why }, 401)) : '')
          return
        }
        this.showSignIn(sentence(err))
        await pause(3000)
      }
    }
    this.#others.postMessage('signed in')
    this.#around.show()
    for (const id of ['loading', 'signin']) byId(id).hidden = true
    byId('room').hidden = false
    await this.#around.entered()
  }

  /** @param {string} why a sentence, or empty */
  showSignIn(why) {
    for (const id of ['loading', 'room']) byId(id).hidden = true
    byId('signin').hidden = false
    setLine(byId('signin-why'), why)
    setText(byId('signin-language'), t('in.other_language'))
    document.title = t('cl.tab_room')
  }

  /** The backend no longer knows the session. */
  ended() {
    if (!this.view || this.away) return
    this.#around.forget()
    if (this.#around.inCall()) {
      this.away = true
      this.#around.show()
      return
    }
    this.view = undefined
    this.#around.left()
    this.showSignIn(t('in.ended'))
  }

  /** The call that outlived its session is over. */
  callOver() {
    this.away = false
    this.ended()
  }

  /** Somebody has signed in again in another tab: the list comes back, and the call with it if it is the same person. */
  async #again() {
    /** @type {ClinicView} */
    let again
    try {
      again = await this.#around.api.get('/clinic')
    } catch {
      return // still signed out: the link stands
    }
    if (!this.away) return
    this.away = false
    if (again.staff.id !== this.view?.staff.id) this.#around.otherPerson()
    this.view = again
    this.#others.postMessage('go back')
    await this.#around.entered()
  }

  /** Another tab waited for this sign-in: this one has done its work. */
  #welcomeBack() {
    if (this.#around.inCall()) return
    this.#around.forget()
    this.view = undefined
    byId('room').hidden = true
    byId('welcome-back').hidden = false
    close()
  }
}
