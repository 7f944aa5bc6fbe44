// Doing what a button asks for: once at a time, and saying so when it fails.

import { Problem } from '../shared/api.js'
import { sentence } from '../shared/text.js'
import { clear, say } from './notices.js'

export class Press {
  #under = false // whether something pressed for is under way
  #silent
  #changed
  #show

  /** @param {{silent: (err: Problem) => boolean, changed: () => void, show: () => void}} opt silent: it is said elsewhere; changed: what the page shows is not what is so */
  constructor({ silent, changed, show }) {
    this.#silent = silent
    this.#changed = changed
    this.#show = show
  }

  /** Once at a time. @param {() => Promise<void>} act */
  async press(act) {
    if (this.#under) return
    this.#under = true
    try {
      await this.attempt(act)
    } finally {
      this.#under = false
    }
  }

  /** @param {() => Promise<void>} act */
  async attempt(act) {
    clear()
    try {
      await act()
    } catch (err) {
      if (!(err instanceof Problem)) throw err
      if (!this.#silent(err)) say(sentence(err))
      if (['conflict', 'not_found', 'gone'].includes(err.kind)) this.#changed()
    }
    this.#show()
  }
}
