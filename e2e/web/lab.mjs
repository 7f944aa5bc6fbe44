// A real backend (kontaktd demo), a real browser, and a tablet that is made here: it enrols with a code, signs its
// nurse in through the provider's page, and keeps its streams, all through the protocol. Only its pixels are a page's.

import { execFile, spawn } from 'node:child_process'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import puppeteer from 'puppeteer-core'
import { shown, until } from './look.mjs'
import { offerFrom } from './peer.mjs'

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('puppeteer-core').BrowserContext} BrowserContext */
/** @typedef {{url: string, codes: string[], citizens: {cpr: string, name: string, clinic: string}[]}} Ready */

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
const flags = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]
const withDevices = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=fps=10'] // the first gives leave unasked; few pictures a second, since all are coded on the processor

const hang = 60_000 // ms until what never comes is given up; a busy machine is slow, and nothing here is a limit of the product

const havnegade = 'Lægerne Havnegade' // where they both work
const yder = { [havnegade]: '099001', 'Lægerne Møllevej': '099003' }
const people = {
  doctor: { username: 'lars', name: 'Lars Holm' },
  colleague: { username: 'peter', name: 'Peter Lund' },
}

const firefox = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
const firefoxPrefs = {
  'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true, 'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false, 'media.autoplay.default': 0,
}

export async function openLab() {
  const dir = mkdtempSync(join(tmpdir(), 'kontakt-web-'))
  const backend = new Backend(dir)
  const ready = await backend.start()
  const launch = (/** @type {string} */ name, /** @type {string[]} */ more) =>
    puppeteer.launch({ executablePath: chromium, headless: true, timeout: hang, userDataDir: join(dir, name), args: [...flags, ...more] })
  const browser = await launch('browser', withDevices)
  /** @type {Partial<Record<'refused' | 'none', import('puppeteer-core').Browser>>} browsers that give a page nothing, once they are needed */
  const lacking = {}
  const lackingOf = async (/** @type {'refused' | 'none'} */ devices) =>
    (lacking[devices] ??= await launch(devices, devices === 'refused' ? withDevices.slice(1) : [])) // refused: they are there, but not for this page
  /** @type {import('puppeteer-core').Browser | undefined} once it is needed */
  let fox
  const foxOf = async () => (fox ??= await puppeteer.launch({
    browser: 'firefox', executablePath: firefox, headless: true, timeout: hang, extraPrefsFirefox: firefoxPrefs,
  }))
  /** @type {BrowserContext[]} */
  let contexts = []
  /** @type {Partial<Record<keyof typeof people, import('puppeteer-core').Cookie[]>>} the sessions of those who have signed in, which last */
  const sessions = {}

  const context = async (from = browser) => {
    const c = await from.createBrowserContext()
    contexts.push(c)
    return c
  }
  const fresh = async (/** @type {BrowserContext} */ c) => {
    const page = await c.newPage()
    page.setDefaultTimeout(hang)
    await page.setViewport({ width: 1280, height: 800 })
    page.on('console', (m) => {
      if (['error', 'warn'].includes(m.type()) && !/Failed to load resource|net::ERR_|favicon/.test(m.text())) console.error(`the page says: ${m.text()}`)
    })
    page.on('pageerror', (err) => /favicon/.test(String(err)) || console.error(`the page failed: ${err instanceof Error ? err.stack : err}`))
    return page
  }
  const pick = async (/** @type {Page} */ page, /** @type {string} */ username) => {
    await page.waitForSelector(`button[name=username][value=${username}]`)
    await page.click(`button[name=username][value=${username}]`)
  }

  const newTablet = async (/** @type {number} */ n) => {
    const made = new Tablet(ready)
    await made.enrol(ready.codes[n])
    await made.signIn(async (url) => {
      const page = await fresh(await context())
      await page.goto(url)
      await pick(page, 'sanne')
    })
    return made
  }
  const tablet = await newTablet(0)
  /** @type {Tablet | undefined} */
  let second
  const clinic = `${ready.url}/klinik/`

  return {
    nurse: 'Sanne Ravn',
    people,

    /** A page that nobody has signed in to. */
    async stranger() {
      const page = await fresh(await context())
      await page.goto(clinic)
      return page
    },

    /** @param {keyof typeof people} who @param {{devices?: 'refused' | 'none', relayOnly?: boolean, firefox?: boolean}} [opt] */
    async page(who, opt = {}) {
      const c = await context(opt.firefox ? await foxOf() : opt.devices ? await lackingOf(opt.devices) : browser)
      if (opt.devices) await c.overridePermissions(ready.url, opt.devices === 'refused' ? [] : ['camera', 'microphone'])
      if (!opt.firefox) await c.setCookie(...sessions[who] ?? [])
      const page = await fresh(c)
      await page.goto(clinic)
      await until(page, () => ['login', 'opening'].some((test) => document.querySelector(`[data-test=${test}]`)?.checkVisibility()))
      if (await page.$eval('[data-test=login]', (el) => el.checkVisibility())) {
        await page.click('[data-test=login]')
        await pick(page, people[who].username)
        await shown(page, 'opening')
        if (!opt.firefox) sessions[who] = await c.cookies()
      }
      if (opt.relayOnly) {
        await page.goto(`${clinic}?relay=only`)
        await shown(page, 'opening')
      }
      return page
    },

    /** Another window of the person who looks at this page. @param {Page} page */
    async window(page) {
      const other = await fresh(page.browserContext())
      await other.goto(clinic)
      await shown(other, 'opening')
      return other
    },

    /** A telephone that opens this address. @param {string} url @param {{firefox?: boolean, before?: () => void}} [opt] before: runs in the page before its own scripts */
    async phone(url, opt = {}) {
      const page = await fresh(await context(opt.firefox ? await foxOf() : browser))
      await page.setViewport({ width: 360, height: 740 })
      if (opt.before) await page.evaluateOnNewDocument(opt.before)
      await page.goto(url)
      return page
    },
    /** The address of the guest's page, without a link. */
    guestPage: `${ready.url}/gaest/`,
    /** The address at which the nurse's page stands. */
    nursePage: `${ready.url}/sygepleje/`,
    /** A page of the nurse's that nobody has signed in to, at a PC. @param {string} [address] */
    async office(address = `${ready.url}/sygepleje/`) {
      const c = await context()
      await c.overridePermissions(ready.url, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write'])
      const page = await fresh(c)
      await page.goto(address)
      return page
    },
    /** Signs in at the page of a provider that the page has gone to. */
    pick,
    /** A conversation of the tablet's with the doctor that is over, without pictures. @param {Page} doctor a page of the clinic's @param {string} [cpr] */
    async conversation(doctor, cpr) {
      const e = await tablet.join(cpr ?? tablet.next())
      await doctor.evaluate(async (id) => {
        const { entries } = await (await fetch('/api/v1/clinic/entries')).json()
        const version = entries.find((/** @type {any} */ one) => one.id === id).version
        const reply = await fetch(`/api/v1/clinic/entries/${id}/start`, {
          method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify({ version }),
        })
        if (!reply.ok) throw new Error(await reply.text())
      }, e.id)
      await tablet.post(`/entries/${e.id}/answer`, undefined)
      await tablet.post(`/entries/${e.id}/end`, { reason: 'done' })
      const { summaries } = await tablet.get('/summaries')
      const made = summaries.find((/** @type {any} */ s) => s.entry === e.id)
      return { ...e, summary: /** @type {string} */ (made.id), url: /** @type {string} */ (made.url) }
    },
    /** What the nurse adds on the tablet. @param {string} id of a summary @param {Record<string, unknown>} note */
    async writeOnTablet(id, note) {
      const { version } = await tablet.get(`/summaries/${id}`)
      await tablet.put(`/summaries/${id}`, { version, agreed: '', follow_up: '', went: '', ...note })
    },
    /** The summary as the tablet reads it. @param {string} id @returns {Promise<any>} */
    summary: (id) => tablet.get(`/summaries/${id}`),
    /** @param {string} id of a summary */
    writtenOnTablet: (id) => tablet.post(`/summaries/${id}/done`, undefined),
    /** All of the nurse's stand in the journal. */
    async allWritten() {
      for (const s of (await tablet.get('/summaries')).summaries) await tablet.post(`/summaries/${s.id}/done`, undefined)
    },
    /** Somebody is invited from the tablet. @param {{id: string}} e @param {{kind: string, name?: string}} who @returns {Promise<{url: string, guest: {id: string}}>} */
    invite: (e, who) => tablet.post(`/entries/${e.id}/guests`, who),
    /** @param {{id: string}} e @param {{id: string}} guest */
    takeBack: (e, guest) => tablet.post(`/entries/${e.id}/guests/${guest.id}/remove`, undefined),

    /** Ends the page's session behind its back. @param {Page} page */
    async expire(page) {
      const cdp = await page.createCDPSession()
      await cdp.send('Network.clearBrowserCookies')
      await cdp.detach()
    },

    /** Follows the page's own link into a new tab. @param {Page} page @param {keyof typeof people} who */
    async signInAgain(page, who) {
      const opened = new Promise((done) => page.once('popup', done))
      await page.click('[data-test=login-again]')
      const tab = /** @type {Page} */ (await opened)
      await pick(tab, people[who].username)
    },

    /** What an operator does beside the running backend. @param {string[]} args */
    kontaktd: (...args) => backend.command(...args),
    /** Another clinic whose patients Havnegade takes in today. */
    async cover() {
      await backend.command('clinic', 'cover', yder[havnegade], yder['Lægerne Møllevej'], danishDay())
    },
    /** Books a citizen of Havnegade a time today, and takes all other booked times of the day away. @param {string} cpr @param {string} at such as "23:45" */
    async book(cpr, at) {
      const file = join(dir, 'bookings.csv')
      writeFileSync(file, `ydernummer;cpr;dato;tid\n${yder[havnegade]};${cpr};${danishDay()};${at}\n`)
      await backend.command('import', 'bookings', '--replace', file)
    },
    /** The next citizens of a clinic who draw a number. @param {string} [clinic] */
    next: (clinic) => tablet.next(clinic),

    /** Holds the same place from another tablet too. @param {{cpr: string}} e */
    async joinToo(e) {
      second ??= await newTablet(1)
      await second.join(e.cpr, undefined, 'Vagtskifte')
    },
    /** The tablet's own look at its place. @param {{id: string}} e @returns {Promise<any>} */
    seen: (e) => tablet.get(`/entries/${e.id}`),
    /** The nurse has read all that the clinic wrote. @param {{id: string}} e */
    async read(e) {
      const { messages } = await tablet.get(`/entries/${e.id}`)
      await tablet.post(`/entries/${e.id}/read`, { messages: messages.map((/** @type {{id: string}} */ m) => m.id) })
    },

    /** The nurse writes the card of her place over the one that stands there. @param {{id: string}} e @param {{situation?: string, background?: string, analysis?: string, request?: string, tobs?: Record<string, {number?: number, method?: string, choice?: string}>}} card */
    async writes(e, card) {
      const { version } = await tablet.get(`/entries/${e.id}/card`)
      return tablet.put(`/entries/${e.id}/card`, { version, ...card })
    },
    /** She tells another reason. @param {{id: string}} e @param {string} reason */
    async tells(e, reason) {
      const { version } = await tablet.get(`/entries/${e.id}/card`)
      return tablet.put(`/entries/${e.id}/told`, { version, reason })
    },

    /** @param {{reason?: string, cpr?: string}} [opt] cpr: who; else the next of Havnegade's @returns {ReturnType<Tablet['join']>} */
    join: (opt) => tablet.join(opt?.cpr ?? tablet.next(), opt?.reason),
    /** What the doctor says, written down. @param {{id: string}} e @param {import('../../backend/web/wire').OrderText} text @returns {Promise<import('../../backend/web/wire').Order>} */
    order: (e, text) => tablet.order(e.id, text),
    /** The nurse reads it aloud. @param {{id: string}} e @param {{id: string}} o */
    readBack: (e, o) => tablet.post(`/entries/${e.id}/orders/${o.id}/read-back`, undefined),
    /** @param {{id: string}} e @param {{id: string}} o */
    takeOrderBack: (e, o) => tablet.post(`/entries/${e.id}/orders/${o.id}/withdraw`, undefined),
    /** @param {{id: string}} e @returns {Promise<import('../../backend/web/wire').Orders>} */
    orders: (e) => tablet.get(`/entries/${e.id}/orders`),

    /** @param {{id: string}} e */
    leave: (e) => tablet.post(`/entries/${e.id}/leave`, { reason: 'left' }),
    /** The citizen takes the consent back. @param {{id: string}} e */
    withdraw: (e) => tablet.post(`/entries/${e.id}/consent/withdraw`, undefined),
    /** It is the wrong patient, found out at the tablet. @param {{id: string}} e */
    wrong: (e) => tablet.post(`/entries/${e.id}/end`, { reason: 'wrong_patient' }),
    /** The nurse goes out, or is back. @param {{id: string}} e @param {boolean} away */
    presence: (e, away) => tablet.post(`/entries/${e.id}/presence`, { presence: away ? 'away' : 'here' }),
    /** 112 was called beside the citizen. @param {{id: string}} e */
    emergency: (e) => tablet.post(`/entries/${e.id}/emergency`, undefined),
    /** Somebody comes into the room beside the tablet, or goes. @param {{id: string}} e @param {'in' | 'out'} what @param {string} who */
    inRoom: (e, what, who) => tablet.post(`/entries/${e.id}/record`, { what, who }),
    /** The record as those at the tablet read it. @param {{id: string}} e @returns {Promise<import('../../backend/web/wire').PlaceRecord>} */
    record: (e) => tablet.get(`/entries/${e.id}/record`),

    /** The tablet's side of a called entry. @param {{id: string}} e @param {{relayOnly?: boolean}} [opt] */
    async tablet(e, opt = {}) {
      const page = await fresh(await context())
      return tablet.takeCall(e.id, page, opt.relayOnly ? 'relay' : 'all')
    },

    kill: () => backend.kill(),
    restart: () => backend.start(),

    async clear() {
      for (const c of contexts) await c.close()
      contexts = []
      if (!backend.running) await backend.start()
      await second?.letGo()
      await tablet.letGo()
    },

    async close() {
      tablet.close()
      second?.close()
      for (const b of [browser, fox, lacking.refused, lacking.none]) await b?.close()
      await backend.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Today in Denmark, such as "2026-11-23". */
function danishDay() {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format(new Date())
}

class Backend {
  #dir
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process

  /** @param {string} dir */
  constructor(dir) {
    this.#dir = dir
  }

  /** @returns {Promise<Ready>} */
  async start() {
    const file = join(this.#dir, 'ready.json')
    rmSync(file, { force: true })
    const binary = process.env.KONTAKTD
    if (!binary) throw new Error('KONTAKTD must name the backend\'s binary')
    const child = spawn(binary, ['demo', '--data', join(this.#dir, 'data'), '--port', '0', '--provider-port', '0',
      '--relay-port', '0', '--metrics-port', '0', '--ready-file', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    let said = ''
    child.stderr.on('data', (d) => { said = (said + d).slice(-4000) })
    for (let i = 0; i < hang / 50; i++) {
      if (child.exitCode !== null) break
      try {
        return JSON.parse(readFileSync(file, 'utf8'))
      } catch {
        await pause(50)
      }
    }
    throw new Error(`kontaktd did not get ready:\n${said}`)
  }

  /** @param {string[]} args */
  async command(...args) {
    const { stdout } = await promisify(execFile)(process.env.KONTAKTD ?? '', [...args, '--data', join(this.#dir, 'data')])
    return stdout
  }

  get running() {
    return !!this.#process && this.#process.exitCode === null && this.#process.signalCode === null
  }

  async kill() {
    if (!this.running) return
    const gone = new Promise((done) => this.#process?.once('exit', done))
    this.#process?.kill('SIGKILL')
    await gone
  }
}

class Tablet {
  #ready
  #key = generateKeyPairSync('ed25519')
  #device = ''
  #deviceToken = ''
  #token = ''
  #cursor = ''
  #closed = false
  #next = 0
  /** @type {Set<string>} places with orders */
  #ordered = new Set()

  /** @param {Ready} ready */
  constructor(ready) {
    this.#ready = ready
  }

  /** @param {string} code */
  async enrol(code) {
    const raw = this.#key.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
    const { device } = await this.post('/devices', { code, public_key: raw.toString('base64'), app: 'e2e/web' })
    this.#device = device.id
    const opened = await this.post('/device-sessions', { proof: await this.#proof('device-session') })
    this.#deviceToken = opened.token
    this.#cursor = opened.cursor
  }

  /** @param {(url: string) => Promise<void>} browse walks the provider's pages */
  async signIn(browse) {
    const attempt = await this.post('/signins', undefined)
    await browse(attempt.url)
    for (;;) {
      const reply = await this.get(`/stream?at=${encodeURIComponent(this.#cursor)}&wait=25`)
      this.#cursor = reply.cursor
      const done = reply.events.find((/** @type {any} */ e) => e.type.startsWith('signin.'))
      if (done?.type === 'signin.failed') throw new Error(`the nurse was refused: ${done.data.msg}`)
      if (!done) continue
      const session = await this.post('/sessions', { signin: attempt.signin, code: done.data.code, proof: await this.#proof('session') })
      this.#token = session.token
      void this.#stayReachable()
      return
    }
  }

  /** Whose turn it is to draw a number, of the citizens of a clinic. @param {string} [clinic] */
  next(clinic = havnegade) {
    const own = this.#ready.citizens.filter((c) => c.clinic === clinic)
    return own[this.#next++ % own.length].cpr
  }

  /** Draws a number, or holds the place of a citizen who has it elsewhere. @param {string} cpr @param {string} [reason] @param {string} [takeOver] why */
  async join(cpr, reason, takeOver) {
    const citizen = await this.post('/citizens/lookup', { cpr })
    const e = await this.post('/entries', {
      citizen: citizen.id, clinic: (citizen.cover ?? citizen.clinic).id, mode: 'videokonsultation', consent: { kind: 'oral' },
      ...(reason && { reason }), ...(takeOver && { take_over: takeOver }),
    })
    return { id: e.id, number: e.number, name: citizen.name, age: citizen.age, cpr }
  }

  /** @param {string} entry @param {object} text */
  async order(entry, text) {
    this.#ordered.add(entry)
    return this.post(`/entries/${entry}/orders`, text)
  }

  /** Gives up whatever it still holds, and takes back what nobody confirmed: its places would stand in the list for that. */
  async letGo() {
    for (const entry of this.#ordered) {
      if ((await this.get(`/entries/${entry}`)).end_reason === 'wrong_patient') continue // they are void, and nobody reads them
      const { orders } = await this.get(`/entries/${entry}/orders`)
      for (const o of orders) {
        if (['written', 'read_back'].includes(o.state)) await this.post(`/entries/${entry}/orders/${o.id}/withdraw`, undefined)
      }
    }
    this.#ordered.clear()
    const open = await this.get('/device/entries')
    for (const e of open.entries) {
      if (e.state === 'in_call' || e.state === 'interrupted') await this.post(`/entries/${e.id}/end`, { reason: 'done' })
      else await this.post(`/entries/${e.id}/leave`, { reason: 'left' })
    }
  }

  /** @param {string} entry @param {Page} page @param {'all' | 'relay'} policy */
  async takeCall(entry, page, policy) {
    const e = await this.get(`/entries/${entry}`)
    const call = e.call.id
    const state = { cursor: e.cursor, ended: false }
    await offerFrom(page, {
      send: (signals) => this.post(`/calls/${call}/signals`, { signals }),
      servers: async () => (await this.get('/relay')).servers,
      policy,
    })
    void this.#follow(entry, call, page, state)
    return {
      page,
      answer: async () => {
        await this.post(`/entries/${entry}/answer`, undefined)
        await page.evaluate(() => /** @type {any} */ (window).tablet.offer('clinic'))
      },
      /** The answer of a tablet that has connected while it rang. */
      pickUp: () => this.post(`/entries/${entry}/answer`, undefined),
      /** A tablet that comes back in mid-call offers by itself. */
      offer: () => page.evaluate(() => /** @type {any} */ (window).tablet.offer('clinic')),
      /** The battery is empty. */
      die: () => page.close(),
      notNow: () => this.post(`/entries/${entry}/not-now`, undefined),
      wait: () => this.post(`/entries/${entry}/wait`, undefined),
      end: () => this.post(`/entries/${entry}/end`, { reason: 'done' }),
      /** @param {{muted: boolean, camera_off: boolean, rung?: string}} s */
      state: (s) => this.post(`/calls/${call}/signals`, { signals: [{ kind: 'state', ...s }] }),
      restartIce: () => page.evaluate(() => /** @type {any} */ (window).tablet.restart()),
      /** Waits until the clinic has said this last. @param {{muted: boolean, camera_off: boolean}} want */
      told: (want) => page.waitForFunction((w) => JSON.stringify(/** @type {any} */ (window).tablet.told.filter((/** @type {any} */ s) => s.from === 'clinic').at(-1)) === w,
        { polling: 50 }, JSON.stringify({ ...want, from: 'clinic' })),
      /** Waits until somebody's picture has shown so many frames. @param {number} n @param {string} [from] */
      sees: (n, from = 'clinic') => page.waitForFunction((n, from) =>
        (/** @type {HTMLVideoElement | null} */ (document.querySelector(`video[data-from="${from}"]`))?.getVideoPlaybackQuality().totalVideoFrames ?? 0) >= n,
        { polling: 50 }, n, from),
      /** Waits for so many answers of the clinic and a connection. @param {number} [answers] */
      reconnected: (answers = 2) => page.waitForFunction((n) => {
        const l = /** @type {any} */ (window).tablet.line()
        return l.answers >= n && l.pc.connectionState === 'connected'
      }, { polling: 50 }, answers),
      /**
       * The kinds of candidate pair that carry the call, once ICE has chosen: media may flow a little before.
       * @returns {Promise<string[]>}
       */
      route: async () => {
        const chosen = await page.waitForFunction(async () => {
          const stats = await /** @type {any} */ (window).tablet.line().pc.getStats()
          const transport = [...stats.values()].find((s) => s.type === 'transport')
          const pair = stats.get(transport?.selectedCandidatePairId)
          return pair && [pair.localCandidateId, pair.remoteCandidateId].map((id) => stats.get(id)?.candidateType)
        }, { polling: 50 })
        return /** @type {string[]} */ (await chosen.jsonValue())
      },
      async ended() {
        for (let i = 0; i < hang / 50 && !state.ended; i++) await pause(50)
        if (!state.ended) throw new Error('the tablet never heard that the call ended')
      },
    }
  }

  close() {
    this.#closed = true
  }

  /** Carries the call's log to the page, and offers to who was let in. @param {string} entry @param {string} call @param {Page} page @param {{cursor: string, ended: boolean}} state */
  async #follow(entry, call, page, state) {
    /** @type {Set<string>} */
    const met = new Set()
    while (!state.ended && !this.#closed && !page.isClosed()) {
      try {
        const reply = await this.get(`/stream?at=${encodeURIComponent(state.cursor)}&wait=25`)
        state.cursor = reply.cursor
        for (const e of reply.events) {
          if (e.room !== `call:${call}`) continue
          if (e.type === 'call.ended') state.ended = true
          if (e.type === 'guest.changed') await this.#meet(entry, page, met)
          if (e.type === 'call.signal' && e.data.from !== 'tablet' && (e.data.to ?? 'tablet') === 'tablet') {
            await page.evaluate((s) => /** @type {any} */ (window).tablet.take(s), e.data)
          }
        }
      } catch {
        await pause(200) // the backend is away, or the page is closing
      }
    }
  }

  /** @param {string} entry @param {Page} page @param {Set<string>} met */
  async #meet(entry, page, met) {
    const { guests } = await this.get(`/entries/${entry}/guests`)
    for (const g of guests) {
      if (g.state !== 'admitted' || met.has(g.id)) continue
      met.add(g.id)
      await page.evaluate((to) => /** @type {any} */ (window).tablet.offer(to), g.id)
    }
  }

  /** A tablet that reads its stream is there. */
  async #stayReachable() {
    while (!this.#closed) {
      try {
        const reply = await this.get(`/stream?at=${encodeURIComponent(this.#cursor)}&wait=25`)
        this.#cursor = reply.cursor
      } catch {
        await pause(200)
      }
    }
  }

  /** @param {string} purpose */
  async #proof(purpose) {
    const { challenge } = await this.post('/device-challenges', { device: this.#device })
    const text = Buffer.concat([Buffer.from(`kontaktlaege/${purpose}\0`), Buffer.from(challenge, 'base64')])
    return { device: this.#device, challenge, signature: sign(null, text, this.#key.privateKey).toString('base64') }
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return this.#ask('GET', path, undefined)
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  post(path, body) {
    return this.#ask('POST', path, body)
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  put(path, body) {
    return this.#ask('PUT', path, body)
  }

  /** @param {string} method @param {string} path @param {unknown} body */
  async #ask(method, path, body) {
    const token = this.#token || this.#deviceToken
    const request = {
      method,
      headers: {
        'Kontakt-Version': '1', 'Content-Type': 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }), ...(method !== 'GET' && { 'Idempotency-Key': randomUUID() }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }
    let reply
    while ((reply = await fetch(`${this.#ready.url}/api/v1${path}`, request)).status === 429) { // nurses who are faster than people
      await pause(1000 * Number(reply.headers.get('Retry-After'))) // wait as the tablet does
    }
    if (!reply.ok) throw new Error(`${method} ${path.split('?')[0]}: ${reply.status} ${await reply.text()}`)
    return reply.status === 204 ? undefined : reply.json()
  }
}
