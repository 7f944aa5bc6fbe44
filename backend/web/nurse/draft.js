// What the nurse writes on one summary, and its way to the backend. It is saved by itself, a moment after the last letter,
// and held here until it is: over a network that is away, a session that ended, and a change made on the tablet meanwhile.

import { pause, Problem } from '../shared/api.js'

/** @typedef {import('../wire').Summary} Summary */
/** @typedef {Pick<Summary, 'agreed' | 'follow_up' | 'follow_up_at' | 'went'>} Note */
/** @typedef {'saved' | 'writing' | 'failed' | 'conflict' | 'gone'} State failed: tried again by itself */

const rest = 800 // ms without a letter before it is saved
const between = 3_000 // ms, before what failed is tried again

/** @param {Note} a @param {Note} b */
const same = (a, b) => text(a) === text(b)
/** @param {Note} n */
const text = (n) => JSON.stringify([(n.agreed ?? '').trim(), (n.follow_up ?? '').trim(), n.follow_up_at ? Date.parse(n.follow_up_at) : 0, n.went ?? ''])

export class Draft {
  #api
  #changed
  #timer = 0
  #saving = false
  #closed = false
  /** @type {Note | undefined} what was sent last: an answer that was lost is no change by another */
  #sent
  #key = ''

  /** @type {Summary} as it stands here */
  summary
  /** @type {State} */
  state = 'saved'
  /** @type {Summary | undefined} what another wrote meanwhile */
  theirs

  /** @param {import('../shared/api.js').Api} api @param {Summary} summary @param {() => void} changed */
  constructor(api, summary, changed) {
    this.#api = api
    this.#changed = changed
    this.summary = summary
  }

  get unsaved() {
    return this.state !== 'saved'
  }

  /** @param {Note} part */
  write(part) {
    this.summary = { ...this.summary, ...part }
    if (this.state === 'gone' || this.state === 'conflict') {
      this.#changed()
      return
    }
    this.state = 'writing'
    this.#later(rest)
    this.#changed()
  }

  /** Saves now what is not saved. */
  async save() {
    clearTimeout(this.#timer)
    if (this.#saving || this.#closed || this.state !== 'writing' && this.state !== 'failed') return
    this.#saving = true
    await this.#put()
    this.#saving = false
    this.#changed()
  }

  /** Of two texts the one written here counts. */
  keepMine() {
    if (this.theirs) this.summary.version = this.theirs.version
    this.#resolve()
    void this.save()
  }

  /** Of two texts the other counts. */
  takeTheirs() {
    if (this.theirs) this.summary = this.theirs
    this.#resolve()
    this.state = 'saved'
    this.#changed()
  }

  close() {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #resolve() {
    this.theirs = undefined
    this.#sent = undefined // another version: another request
    this.state = 'writing'
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.save(), ms)
  }

  async #put() {
    const { id, version, agreed = '', follow_up = '', follow_up_at, went = '' } = this.summary
    const note = { agreed, follow_up, follow_up_at, went }
    if (!this.#sent || !same(this.#sent, note)) this.#key = crypto.randomUUID()
    this.#sent = note
    try {
      const { version: now } = await this.#api.put(`/summaries/${id}`, { version, ...note }, { key: this.#key })
      this.#took(now, note)
    } catch (err) {
      await this.#refused(err, note)
    }
  }

  /** @param {number} version @param {Note} note that is kept with it */
  #took(version, note) {
    this.summary.version = version
    this.#sent = undefined
    if (same(note, this.summary)) {
      this.state = 'saved'
    } else { // more was written meanwhile
      this.state = 'writing'
      this.#later(rest)
    }
  }

  /** @param {unknown} err @param {Note} note */
  async #refused(err, note) {
    if (!(err instanceof Problem)) throw err
    if (err.status === 404) {
      this.state = 'gone'
      return
    }
    this.state = 'failed'
    if (err.status === 409) await this.#compare(note)
    else if (err.status !== 401) this.#later(between) // signed out: saved when somebody has signed in again
  }

  /** @param {Note} note that was not taken */
  async #compare(note) {
    try {
      /** @type {Summary} */
      const now = await this.#api.get(`/summaries/${this.summary.id}`)
      if (same(now, note)) {
        this.#took(now.version, note)
      } else {
        this.theirs = now
        this.state = 'conflict'
      }
    } catch (err) {
      if (err instanceof Problem && err.status === 404) this.state = 'gone'
      else this.#later(between)
    }
  }
}

/** Tries until it is answered for good. @template T @param {() => Promise<T>} ask @param {(err: Problem) => void} failed each time */
export async function patiently(ask, failed) {
  for (;;) {
    try {
      return await ask()
    } catch (err) {
      if (!(err instanceof Problem) || !err.transient) throw err
      failed(err)
      await pause(between)
    }
  }
}
