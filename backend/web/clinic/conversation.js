// One call with one patient, from Start to its end, as this page lives it. The waiting room's entry is the truth about
// where the call stands; the media follow it, and this page tells the backend when those with the tablet are lost and back.

import { Problem } from '../shared/api.js'
import { Call } from '../shared/talk/call.js'
import { Exchange } from '../shared/talk/exchange.js'
import { Own } from '../shared/talk/own.js'
import { Credentials } from '../shared/talk/relay.js'
import { CardReader } from './cardreader.js'
import { Party } from './party.js'
import { Readback } from './readback.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').ClinicView} ClinicView */
/** @typedef {import('../wire').StartReply} StartReply */
/** @typedef {import('../wire').Signal} Signal */
/** @typedef {import('../wire').CallEnded} CallEnded */
/** @typedef {import('../wire').ClinicEndRequest} ClinicEndRequest */
/** @typedef {import('../wire').Event} WireEvent */
/** @typedef {import('../shared/talk/call.js').Remote} Remote */

const cut = 2_000 // without media, before the backend is told
const why = 500 // for the reason of an end to arrive
const remembered = 'kontakt.call'

/** The call that this tab ran before it was loaded again. */
export function runningHere() {
  return sessionStorage.getItem(remembered) ?? ''
}

export class Conversation {
  #api
  #stream
  #changed
  #reload
  #call
  #room
  #reason = '' // why the backend says that it ended
  #askedWhy = false
  #toldLost = false

  /** @type {ClinicEntry} */
  entry
  /** @type {'calling' | 'connecting' | 'talking' | 'over'} */
  phase
  since = Date.now() // when the phase began
  talkingSince = 0
  outcome = '' // key of how it ended, when it was not this page that ended it
  own
  party
  readback
  exchange
  card

  /**
   * @param {{
   *   api: import('../shared/api.js').Api,
   *   stream: import('../shared/stream.js').Stream,
   *   reply: StartReply,
   *   again: boolean,
   *   relayOnly: boolean,
   *   changed: () => void,
   *   reload: () => void,
   * }} opt again: the call ran before, perhaps in another page; changed: show it again; reload: read the waiting room again
   */
  constructor({ api, stream, reply, again, relayOnly, changed, reload }) {
    const call = reply.entry.call
    if (!call) throw new Error('a call without a call')
    this.#api = api
    this.#stream = stream
    this.#changed = changed
    this.#reload = reload
    this.id = call.id
    this.entry = reply.entry
    this.phase = reply.entry.state === 'called' ? 'calling' : 'connecting'
    this.#room = `call:${call.id}`
    this.exchange = new Exchange({ me: 'clinic', changed })
    this.own = new Own(() => this.#ownChanged())
    this.#call = new Call({
      api, id: call.id, me: { id: 'clinic' }, relay: new Credentials(reply.relay, () => api.get('/relay')), relayOnly, own: this.own,
      changed: (r) => this.#moved(r),
      elsewhere: () => this.leave('over.elsewhere'),
      opened: (r, pc) => this.exchange.open(r.id, pc),
      held: this.phase === 'calling',
    })
    this.party = new Party(api, reply.entry.id, () => this.#met())
    this.readback = new Readback(api, reply.entry.id, changed)
    this.card = new CardReader(api, () => this.#changed())
    this.card.follow(this.entry)
    sessionStorage.setItem(remembered, call.id)
    stream.read(reply.cursor)
    this.#met()
    if (again || this.phase === 'connecting') this.#call.ask()
    void this.party.read()
    void this.readback.read()
    void this.own.open()
  }

  /** Who takes part besides this page. */
  get remotes() {
    return [...this.#call.remotes.values()]
  }

  /** @returns {Remote} */
  get tablet() {
    return /** @type {Remote} */ (this.#call.remotes.get('tablet'))
  }

  /** Whether the media with the tablet are gone, after they have been there or where the backend says so. */
  get interrupted() {
    return this.phase !== 'over' && this.phase !== 'calling' && (this.entry.state === 'interrupted' || this.tablet.state === 'lost')
  }

  /** Since when they are gone. */
  get gone() {
    return this.tablet.state === 'lost' ? this.tablet.since : this.since
  }

  /** @param {WireEvent} e of this call's room */
  event(e) {
    if (e.room !== this.#room || this.phase === 'over') return
    if (e.type === 'call.signal') this.#call.signal(/** @type {Signal} */ (e.data))
    if (e.type === 'guest.changed') this.party.heard(/** @type {import('../wire').GuestChanged} */ (e.data))
    if (e.type === 'call.ended') {
      this.#reason = /** @type {CallEnded} */ (e.data).reason
      this.#hangUp()
      this.#reload()
    }
  }

  /** @param {WireEvent} e of the clinic's room, ahead of the reading that it brings about */
  heard(e) {
    const { call, state } = /** @type {import('../wire').EntryChanged} */ (e.data ?? {})
    if (this.phase !== 'calling' || call !== this.id || state !== 'in_call') return
    this.#answered()
    this.#changed()
  }

  /** @param {ClinicEntry[]} entries the waiting room, read afresh */
  refresh(entries) {
    if (this.phase === 'over') return
    const e = entries.find((e) => e.id === this.entry.id && e.state !== 'ended')
    if (e && e.version < this.entry.version) return
    if (!e || e.call?.id !== this.id) {
      if (this.#reason === '' && !this.#askedWhy) {
        this.#askedWhy = true
        setTimeout(this.#reload, why) // the call's own log says why, and may be a moment behind
        return
      }
      this.#over(this.#howItEnded(e))
      if (e) this.entry = e
    } else {
      this.entry = e
      this.card.follow(e)
      if (this.phase === 'calling' && e.state !== 'called') this.#answered()
    }
    this.#changed()
  }

  /** The call is not answered: the patient goes back to the same place. */
  async noAnswer() {
    this.entry = await this.#api.post(`/clinic/entries/${this.entry.id}/no-answer`, undefined)
    this.leave('')
  }

  /**
   * Ends it for who has been told of the orders that are not confirmed. Where there are more by now, it goes on and they
   * are told of those (E55).
   * @param {string} reason of wire.EndRequest
   */
  async end(reason) {
    /** @type {ClinicEndRequest} */
    const told = { reason, unconfirmed: this.readback.unconfirmed }
    try {
      await this.#api.post(`/clinic/entries/${this.entry.id}/end`, told)
    } catch (err) {
      if (!(err instanceof Problem) || err.msg !== 'ord.warn_end') throw err
      await this.readback.read()
      return
    }
    this.leave('')
  }

  /** It is the wrong patient: sound and picture stop here at once, and then at the tablet, whatever the network (E26). */
  async wrong() {
    this.#over('over.wrong')
    this.#changed()
    /** @type {ClinicEndRequest} */
    const told = { reason: 'wrong_patient', unconfirmed: 0 }
    await this.#api.post(`/clinic/entries/${this.entry.id}/end`, told)
  }

  /** @param {string} why of wire.WrongRequest */
  async explain(why) {
    await this.#api.post(`/clinic/entries/${this.entry.id}/wrong-patient`, { why })
    this.leave('')
  }

  /** @param {string} to the colleague who goes on */
  async handOver(to) {
    await this.#api.post(`/clinic/entries/${this.entry.id}/transfer`, { to })
    this.leave('')
  }

  /** @param {string} mode */
  async choose(mode) {
    this.entry = await this.#api.post(`/clinic/entries/${this.entry.id}/mode`, { mode })
    this.#changed()
  }

  /** @param {string} outcome key of a sentence to leave standing, or empty */
  leave(outcome) {
    this.#over(outcome)
    this.#changed()
  }

  /** Twice a second. */
  tick() {
    if (this.phase === 'calling' || this.phase === 'over') return
    this.#call.tick()
    if (this.tablet.state === 'lost' && !this.#toldLost && Date.now() - this.tablet.since > cut) this.#tellMedia('lost')
  }

  /** Who takes part may have changed. */
  #met() {
    if (this.phase === 'over') return
    const people = this.party.admitted
    this.exchange.keep(['tablet', ...people.map((g) => g.id)])
    this.#call.join([{ id: 'tablet' }, ...people])
  }

  #ownChanged() {
    if (this.phase === 'over') return
    void this.#call.ownChanged()
    this.#changed()
  }

  /** @param {Remote} [r] whose connection or state has changed */
  #moved(r) {
    if (this.phase === 'over') return
    if (r?.id === 'tablet' && r.state === 'live' && this.phase !== 'calling') {
      if (this.phase !== 'talking') this.#enter('talking')
      this.talkingSince ||= Date.now()
      if (this.#toldLost || this.entry.state === 'interrupted') this.#tellMedia('live')
    }
    this.#changed()
  }

  /** The tablet has answered. The connection with it may stand already, since it rang. */
  #answered() {
    this.#enter('connecting')
    this.#call.answered()
    this.#moved(this.tablet)
  }

  /** @param {'lost' | 'live'} media */
  #tellMedia(media) {
    if (this.#toldLost === (media === 'lost') && media === 'lost') return
    this.#toldLost = media === 'lost'
    this.#api.post(`/calls/${this.id}/media`, { media }).catch(() => {
      // The other end has said the same, or the backend is away: the entry tells the rest.
    })
  }

  /** @param {ClinicEntry | undefined} e the entry after it, if it still has a place */
  #howItEnded(e) {
    if (this.#reason === 'consent_withdrawn') return 'over.withdrawn'
    if (this.#reason === 'wrong_patient') return 'over.wrong'
    if (this.#reason === 'transfer') return 'over.handed'
    if (this.#reason === 'removed') return 'over.removed'
    if (this.phase === 'calling') {
      if (!e) return 'over.left'
      return e.no_answers === this.entry.no_answers && this.#reason !== 'no_answer' ? 'over.not_now' : 'over.no_answer'
    }
    if (e) return 'over.lost'
    return this.#reason === 'tablet' ? 'over.by_tablet' : 'over.ended'
  }

  /** @param {'connecting' | 'talking'} phase */
  #enter(phase) {
    this.phase = phase
    this.since = Date.now()
    if (phase === 'connecting') this.tablet.asked = Date.now()
  }

  /** @param {string} outcome */
  #over(outcome) {
    this.#hangUp()
    this.phase = 'over'
    this.since = Date.now()
    this.outcome = outcome
    this.#stream.drop(this.#room)
    if (this.readback.unconfirmed > 0) void this.readback.read() // from now on there is a limit
    if (runningHere() === this.id) sessionStorage.removeItem(remembered)
  }

  #hangUp() {
    this.#call.close()
    this.own.close()
    this.exchange.close()
  }
}
