// What this page knows of the waiting room: its entries as last read, and the backend's clock.

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').ClinicEntries} ClinicEntries */

export class Room {
  #api
  #taken
  #ahead = 0 // ms by which the backend's clock is ahead of this one
  /** @type {Map<string, ClinicEntry> | undefined} those who have been told about */
  #told
  /** @type {Promise<void> | undefined} */
  #reading
  #again = false

  /** @type {ClinicEntry[]} in the order in which they are to be seen */
  entries = []

  /**
   * @param {import('../shared/api.js').Api} api
   * @param {(fresh: ClinicEntry[], before: Map<string, ClinicEntry>, cursor: string) => void} taken called after each
   *   reading with those who are new since the one before, those of the one before, and where the clinic's stream goes on
   */
  constructor(api, taken) {
    this.#api = api
    this.#taken = taken
  }

  /** Whether it has been read. */
  get known() {
    return this.#told !== undefined
  }

  /** The time by the backend's clock, in ms. */
  get now() {
    return Date.now() + this.#ahead
  }

  /** Those who wait to be called. */
  get waiting() {
    return this.entries.filter((e) => e.state === 'waiting')
  }

  /** @param {string} id */
  find(id) {
    return this.entries.find((e) => e.id === id)
  }

  /** What is known of one who waits, before the room is read again. @param {ClinicEntry} e */
  put(e) {
    this.entries = this.entries.map((old) => (old.id === e.id && old.version < e.version ? e : old))
  }

  /** Reads it afresh; calls made meanwhile become one more reading. @returns {Promise<void>} */
  read() {
    if (this.#reading) {
      this.#again = true
      return this.#reading
    }
    this.#reading = this.#readAll().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** Lets go of removals that can no longer be taken back, and of orders that can no longer be confirmed. @returns {boolean} whether there were any */
  expire() {
    const past = (/** @type {string | undefined} */ at) => !!at && Date.parse(at) <= this.now
    const left = this.entries.filter((e) => !past(e.restore_until) && !past(e.confirm_until))
    const any = left.length < this.entries.length
    this.entries = left
    return any
  }

  /** Leaves nothing personal behind. */
  forget() {
    this.entries = []
    this.#told = undefined
  }

  async #readAll() {
    do {
      this.#again = false
      /** @type {ClinicEntries} */
      const room = await this.#api.get('/clinic/entries')
      this.#ahead = Date.parse(room.now) - Date.now()
      this.entries = room.entries
      const before = this.#told
      this.#told = new Map(room.entries.map((e) => [e.id, e]))
      this.#taken(before ? room.entries.filter((e) => !before.has(e.id)) : [], before ?? this.#told, room.cursor)
    } while (this.#again)
  }
}
