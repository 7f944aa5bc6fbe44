// The one call at a time that this page runs: claiming a patient, going on with a call after a reload, and its end.

import { Problem } from '../shared/api.js'
import { canTalk } from '../shared/talk/devices.js'
import { t } from '../shared/text.js'
import { Conversation, runningHere } from './conversation.js'
import { say } from './notices.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').StartReply} StartReply */

/**
 * @typedef {object} Around what a call needs of the page
 * @property {import('../shared/api.js').Api} api
 * @property {import('../shared/stream.js').Stream} stream
 * @property {import('./room.js').Room} room
 * @property {boolean} relayOnly
 * @property {() => string} me who is signed in
 * @property {(act: () => Promise<void>) => Promise<void>} attempt does it, and says so when it fails
 * @property {() => void} reload reads the room
 * @property {() => void} show
 * @property {() => boolean} over a call is; whether the page goes with it
 * @property {() => void} dismissed
 */

export class Calls {
  #around
  /** @type {Conversation | undefined} */
  conversation

  /** @param {Around} around */
  constructor(around) {
    this.#around = around
  }

  get running() {
    return !!this.conversation && this.conversation.phase !== 'over'
  }

  sayFinishFirst() {
    say(t('cl.finish_first', { navn: this.conversation ? nameOf(this.conversation.entry) : '' }))
  }

  /** @param {ClinicEntry} e */
  async start(e) {
    if (this.running) {
      this.sayFinishFirst()
      return
    }
    if (!canTalk) {
      say(t('call.unsupported'))
      return
    }
    await this.#around.attempt(async () => this.#converse(await this.#claim(e), false))
  }

  /** The call that this tab ran before it was loaded again. */
  async goOn() {
    const mine = this.#around.room.entries.find((e) => e.call?.id === runningHere() && e.call.clinician.id === this.#around.me())
    if (mine) await this.resume(mine)
  }

  /** @param {ClinicEntry} e a call of this person that no page runs, or another one does */
  async resume(e) {
    if (this.running || !e.call || !canTalk) return
    if (e.call.clinician.id !== this.#around.me()) { // taken while the press was under way
      say(t('cl.taken', { navn: e.call.clinician.name }))
      return
    }
    const call = e.call.id
    await this.#around.attempt(async () => this.#converse(await this.#around.api.get(`/calls/${call}`), true))
  }

  /** Calls the same patient again. */
  async again() {
    const e = this.#around.room.find(this.conversation?.entry.id ?? '')
    if (e?.state === 'waiting') await this.start(e)
    else this.dismiss()
  }

  dismiss() {
    const e = this.conversation?.entry
    if (e?.state === 'waiting') this.#around.room.put(e) // so that the row says at once what can be done
    this.conversation = undefined
    if (!this.#around.over()) this.#around.dismissed()
  }

  /**
   * Claims the patient as the row showed them. A row that has changed since is read again, and claimed once more when the
   * same patient still waits there.
   * @param {ClinicEntry} e
   * @returns {Promise<StartReply>}
   */
  async #claim(e) {
    const { api, room } = this.#around
    try {
      return await api.post(`/clinic/entries/${e.id}/start`, { version: e.version })
    } catch (err) {
      if (!(err instanceof Problem) || err.kind !== 'conflict') throw err
      await room.read()
      const now = room.find(e.id)
      if (err.msg !== 'q.changed' || now?.state !== 'waiting' || now.version === e.version) throw err
      return api.post(`/clinic/entries/${e.id}/start`, { version: now.version })
    }
  }

  /** @param {StartReply} reply @param {boolean} again the call ran before */
  #converse(reply, again) {
    const { api, stream, relayOnly, show, reload } = this.#around
    this.conversation = new Conversation({ api, stream, reply, again, relayOnly, changed: () => this.#changed(), reload })
    show()
    reload()
  }

  #changed() {
    const c = this.conversation
    if (c?.phase === 'over' && c.outcome === '') this.dismiss()
    else if (c?.phase !== 'over' || !this.#around.over()) this.#around.show()
  }
}
