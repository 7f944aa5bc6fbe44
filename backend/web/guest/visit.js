// A guest's visit, from the link to the end, as this page lives it. What the backend says of the guest is the truth about
// where it stands; the media follow it. Before the clinic lets in, nothing goes out and nothing comes in.

import { pause, Problem } from '../shared/api.js'
import { Call, isOut } from '../shared/talk/call.js'
import { Exchange } from '../shared/talk/exchange.js'
import { Own } from '../shared/talk/own.js'
import { Credentials } from '../shared/talk/relay.js'

/** @typedef {import('../wire').GuestView} GuestView */
/** @typedef {import('../wire').GuestChanged} GuestChanged */
/** @typedef {import('../wire').Signal} Signal */
/** @typedef {import('../wire').Event} WireEvent */
/** @typedef {'start' | 'name' | 'lobby' | 'call' | 'over'} Phase */

const between = 2_000 // ms, before what failed is tried again

export class Visit {
  #api
  #stream
  #changed
  #relayOnly
  #token
  #key = crypto.randomUUID() // of opening the link: said again, it opens the same session
  /** @type {Call | undefined} */
  #call
  #entering = ''
  #left = '' // how it ended, as the guest's own room said
  #reading = false
  #again = false

  /** @type {GuestView | undefined} */
  view
  /** @type {Phase} */
  phase = 'start'
  outcome = '' // key of how it ended
  /** @type {Record<string, string>} what the backend told with that */
  said = {}
  been = false // in a call that has ended
  own = new Own(() => this.#ownChanged())
  /** @type {Exchange | undefined} */
  exchange

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   stream: import('../shared/stream.js').Stream,
   *   token: string,
   *   relayOnly: boolean,
   *   changed: () => void,
   * }} opt token: of a link not opened yet, or empty
   */
  constructor({ api, stream, token, relayOnly, changed }) {
    this.#api = api
    this.#stream = stream
    this.#token = token
    this.#relayOnly = relayOnly
    this.#changed = changed
  }

  get remotes() {
    return [...this.#call?.remotes.values() ?? []]
  }

  /** Opens the page: with a fresh link to who the guest is, else where the visit stood. */
  async open() {
    if (this.#token) {
      this.phase = 'name'
      this.#changed()
    } else {
      await this.read()
    }
  }

  /** This browser can carry no call. */
  cannot() {
    this.#end('over.unsupported')
  }

  /** Opens the link. It works once; a fault says why not. @param {string} name */
  async enter(name) {
    try {
      this.#take(await this.#api.post('/guest/sessions', { token: this.#token, name }, { key: this.#key }))
      this.#token = ''
    } catch (err) {
      if (err instanceof Problem && err.msg.startsWith('guest.link_')) this.#end(err.msg, err.params)
      else throw err
    }
  }

  /** Reads afresh where the guest stands; calls made meanwhile become one more reading. */
  async read() {
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    do {
      this.#again = false
      try {
        this.#take(await this.#api.get('/guest'))
      } catch (err) {
        if (this.phase === 'over') break
        if (err instanceof Problem && !err.transient) {
          this.#end(this.view ? outcomeOf(this.#left) : 'over.no_link')
          break
        }
        await pause(between)
        this.#again = true
      }
    } while (this.#again)
    this.#reading = false
  }

  /** @param {WireEvent} e */
  event(e) {
    if (this.phase === 'over') return
    if (e.type === 'guest.changed') {
      const c = /** @type {GuestChanged} */ (e.data)
      if (c.guest === this.view?.guest.id && e.room.startsWith('guest:')) this.#left = c.state
      else if (isOut(c.state)) this.#gone(c.guest)
      void this.read()
    } else if (e.type === 'call.signal' && e.room === `call:${this.view?.call}`) {
      this.#call?.signal(/** @type {Signal} */ (e.data))
    } else if (e.type === 'call.ended') {
      this.#hangUp()
      void this.read()
    }
  }

  /** Another guest is out, whatever can be read just now: the connection ends at once. @param {string} guest */
  #gone(guest) {
    if (!this.view) return
    this.view.participants = this.view.participants.filter((p) => p.id !== guest)
    this.#others(this.view)
  }

  /** Goes, and says so for as long as it takes. */
  async leave() {
    this.#end('over.self')
    for (;;) {
      try {
        await this.#api.post('/guest/leave', undefined)
        return
      } catch (err) {
        if (!(err instanceof Problem)) throw err
        if (!err.transient) return // it was out already
        await pause(between) // nobody else would tell that it has gone
      }
    }
  }

  /** Twice a second. */
  tick() {
    this.#call?.tick()
  }

  /** @param {GuestView} view */
  #take(view) {
    if (this.phase === 'over') return
    if (this.view && this.view.guest.id !== view.guest.id) { // another link was opened in another tab of this browser
      this.#end('over.elsewhere')
      return
    }
    this.view = view
    this.#follow(view.cursor)
    if (view.guest.state === 'lobby') {
      this.#hangUp()
      this.phase = 'lobby'
    } else if (view.guest.state === 'admitted') {
      if (view.call) void this.#join(view, view.call)
      else this.#hangUp()
      this.phase = view.call ? 'call' : 'lobby'
    } else {
      this.#end(outcomeOf(view.guest.state))
    }
    this.#changed()
  }

  /** Reads the rooms of this cursor and no others. @param {string} cursor */
  #follow(cursor) {
    const rooms = cursor.split(',').map((part) => part.slice(0, part.lastIndexOf('=')))
    this.#stream.only(rooms)
    this.#stream.read(cursor)
  }

  /** Who takes part now. @param {GuestView} view */
  #others({ participants }) {
    this.exchange?.keep(participants.map((p) => p.id))
    this.#call?.join(participants)
  }

  /** @param {GuestView} view @param {string} id of the call */
  async #join(view, id) {
    if (this.#entering === id) {
      this.#others(view)
      return
    }
    this.#hangUp()
    this.#entering = id
    const relay = await this.#relay(id)
    if (!relay || this.#entering !== id) return
    const me = view.guest
    const exchange = new Exchange({ me: me.id, changed: this.#changed })
    this.exchange = exchange
    this.#call = new Call({
      api: this.#api, id, me: { id: me.id, admitted_at: me.admitted_at }, relay: new Credentials(relay, () => this.#api.get('/relay')),
      relayOnly: this.#relayOnly, own: this.own, changed: this.#changed, elsewhere: () => this.#end('over.elsewhere'),
      opened: (r, pc) => exchange.open(r.id, pc),
    })
    this.#call.join(this.view?.participants ?? [])
    this.#call.ask()
    this.#changed()
  }

  /** @param {string} id @returns {Promise<import('../wire').Relay | undefined>} */
  async #relay(id) {
    while (this.#entering === id) {
      try {
        return await this.#api.get('/relay')
      } catch {
        await pause(between)
      }
    }
    return undefined
  }

  #ownChanged() {
    void this.#call?.ownChanged()
    this.#changed()
  }

  #hangUp() {
    this.been ||= !!this.#call
    this.#entering = ''
    this.#call?.close()
    this.#call = undefined
    this.exchange?.close()
    this.exchange = undefined
  }

  /** @param {string} outcome key of a sentence @param {Record<string, string>} [said] what the backend told with it */
  #end(outcome, said) {
    this.#hangUp()
    this.own.close()
    this.#stream.stop()
    this.#token = ''
    this.outcome = outcome
    this.said = said ?? {}
    this.phase = 'over'
    this.#changed()
  }
}

/** @param {string} state a guest's, at the end */
function outcomeOf(state) {
  switch (state) {
    case 'removed': return 'over.removed'
    case 'expired': return 'over.expired'
    default: return 'over.ended'
  }
}
