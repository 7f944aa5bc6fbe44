// The clinic module in a real browser against a real backend: what a clinician sees and does, and what happens when
// things go wrong. Run by `node --test web/*.test.mjs` in e2e with KONTAKTD naming the backend's binary.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, frames, hidden, phase, press, shown, text, until } from './look.mjs'
import { guard, out, row, stage, start } from './stage.mjs'

const { lab, inspect, talking } = stage()

test('signed out, there is one thing to do', guard, async () => {
  const page = await lab().stranger()
  await shown(page, 'login')
  assert.equal(await count(page, '[data-test=signin] a, [data-test=signin] .primary'), 1)
  await inspect(page, 'signed-out')
})

test('while the waiting room is on its way the page says so, and no button stands there without its word', guard, async () => {
  const page = await lab().page('doctor')
  /** @type {Record<string, import('puppeteer-core').HTTPRequest[]>} */
  const held = { '/api/v1/clinic': [], '/api/v1/clinic/entries': [] }
  await page.setRequestInterception(true)
  page.on('request', (r) => {
    const waiting = held[new URL(r.url()).pathname]
    if (waiting) waiting.push(r)
    else void r.continue()
  })
  const release = (/** @type {string} */ path) => {
    const waiting = held[path]
    delete held[path]
    for (const r of waiting) void r.continue()
  }
  const wordless = () => page.$$eval('button, a', (all) => all.filter((el) => el.checkVisibility() && !el.textContent && !el.ariaLabel).length)
  await page.reload({ waitUntil: 'domcontentloaded' })
  await shown(page, 'loading')
  assert.equal(await text(page, 'loading'), 'Henter venteværelset …')
  release('/api/v1/clinic')
  await shown(page, 'list-loading')
  assert.equal(await wordless(), 0)
  await hidden(page, 'opening')
  await inspect(page, 'loading')
  release('/api/v1/clinic/entries')
  await shown(page, 'empty')
  await hidden(page, 'list-loading')
})

test('an empty room says so, and an arrival is seen, counted and said', guard, async () => {
  const page = await lab().page('doctor')
  await shown(page, 'empty')
  await inspect(page, 'empty')
  const e = await lab().join()
  await until(page, (s) => !!document.querySelector(s), row(e.id))
  assert.match(await text(page, 'arrivals'), new RegExp(`${e.name}.*nummer ${e.number}`))
  assert.match(await page.title(), /^\(1\)/)
  assert.match(await text(page, 'opening'), /1 venter/)
  await hidden(page, 'empty')
})

test('a row says who, why, how long and who is beside the patient', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join({ reason: 'Sår på hælen' })
  await lab().join()
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 2)
  const said = await page.$eval(row(e.id), (el) => /** @type {HTMLElement} */ (el).innerText)
  for (const part of [String(e.number), e.name, `${e.age}\u00a0år`, 'Sår på hælen', '0 min.', lab().nurse, 'Fra tablet', 'Videokonsultation', 'Ved tabletten']) {
    assert.ok(said.includes(part), `${part} is not in ${said}`)
  }
  await inspect(page, 'list')
})

test('focus stays where it is when others come, and arrows walk the list', guard, async () => {
  const page = await lab().page('doctor')
  const first = await lab().join()
  const second = await lab().join()
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 2)
  await page.focus(start(first.id))
  await press(page, 'ArrowDown')
  const here = () => page.evaluate(() => document.activeElement?.closest('li')?.dataset.entry)
  assert.equal(await here(), second.id)
  await lab().join()
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 3)
  assert.equal(await here(), second.id)
  await lab().leave(second)
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 2)
  assert.notEqual(await here(), undefined)
})

test('E02: a double click on Start makes one call', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  let starts = 0
  page.on('request', (r) => {
    if (r.url().endsWith('/start')) starts++
  })
  await until(page, (s) => !!document.querySelector(s), start(e.id))
  await page.click(start(e.id), { count: 2 })
  await phase(page, 'calling')
  await until(page, () => /Ringer op … \d+ s/.test(document.querySelector('[data-test=call-words]')?.textContent ?? ''))
  await inspect(page, 'calling')
  assert.equal(starts, 1)
  assert.equal(await text(page, 'notices'), '')
})

test('E06: no answer keeps number and place, and is marked', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await click(page, start(e.id))
  await click(page, '[data-test=no-answer]')
  await until(page, (s) => /Svarede ikke kl/.test(document.querySelector(s)?.textContent ?? ''), `${row(e.id)} [data-test=mark]`)
  assert.equal(await page.$eval(`${row(e.id)} [data-test=number]`, (el) => el.textContent), String(e.number))
  assert.equal(await page.$eval(start(e.id), (el) => el.textContent), 'Kald igen')
  await hidden(page, 'call')
})

test('the tablet that says "not now" keeps the place, and the clinic is told', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await click(page, start(e.id))
  await phase(page, 'calling')
  await (await lab().tablet(e)).notNow()
  await phase(page, 'over')
  assert.match(await text(page, 'call-words'), /Nummer og plads er gemt/)
  await click(page, '[data-test=call-again]')
  await phase(page, 'calling')
})

test('E04: the patient leaves while being called', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await click(page, start(e.id))
  await phase(page, 'calling')
  await lab().leave(e)
  await phase(page, 'over')
  assert.equal(await text(page, 'call-words'), 'Patienten har forladt køen')
})

test('E01: two clinicians press Start at once: one calls, the other reads who took the patient', guard, async () => {
  const [a, b] = [await lab().page('doctor'), await lab().page('colleague')]
  const e = await lab().join()
  for (const page of [a, b]) await until(page, (s) => !!document.querySelector(s), start(e.id))
  await Promise.all([a, b].map((page) => page.$eval(start(e.id), (el) => /** @type {HTMLElement} */ (el).click())))
  const calling = async (/** @type {typeof a} */ page) => (await page.$('[data-test=call][data-phase=calling]:not([hidden])')) !== null
  await until(a, () => document.querySelector('[data-test=call]:not([hidden]), [data-test=notices] .notice') !== null)
  await until(b, () => document.querySelector('[data-test=call]:not([hidden]), [data-test=notices] .notice') !== null)
  const [aCalls, bCalls] = [await calling(a), await calling(b)]
  assert.notEqual(aCalls, bCalls, 'exactly one calls')
  const [winner, loser] = aCalls ? ['doctor', b] : ['colleague', a]
  assert.match(await text(loser, 'notices'), new RegExp(`${lab().people[winner].name} har taget patienten`))
  await until(loser, (s) => /ringer op/.test(document.querySelector(s)?.textContent ?? ''), `${row(e.id)} [data-test=state]`)
})

test('a call: both see each other, what either holds back is told, and it ends with a reason', guard, async () => {
  const { page, e, tablet } = await talking()
  await frames(page, 10) // the page sees the tablet
  await tablet.sees(10)
  assert.match(await text(page, 'call-who'), new RegExp(e.name))
  assert.match(await text(page, 'call-helper'), new RegExp(lab().nurse))
  await inspect(page, 'in-call')

  await click(page, '[data-test=mute]')
  await tablet.told({ muted: true, camera_off: false })
  await click(page, '[data-test=camera]')
  await tablet.told({ muted: true, camera_off: true })
  await hidden(page, 'self')
  await tablet.state({ muted: true, camera_off: true })
  await until(page, () => document.querySelector('[data-test=tile-words]')?.textContent === 'Har slukket kameraet')
  assert.equal(await text(page, 'remote-note'), 'Har slået lyden fra')
  await inspect(page, 'held-back')
  await tablet.state({ muted: false, camera_off: false })

  await click(page, '[data-test=end]')
  await inspect(page, 'ending')
  await press(page, 'Enter')
  await hidden(page, 'call')
  await until(page, (s) => !document.querySelector(s), row(e.id))
  await tablet.ended()
})

test('the tablet ends: the clinic reads it', guard, async () => {
  const { page, tablet } = await talking()
  await tablet.end()
  await phase(page, 'over')
  assert.equal(await text(page, 'call-words'), 'Tabletten har afsluttet samtalen')
  await click(page, '[data-test=call-dismiss]')
  await hidden(page, 'call')
})

test('both ends over the relay alone', guard, async () => {
  const { page, tablet } = await talking({ relayOnly: true })
  assert.deepEqual(await tablet.route(), ['relay', 'relay'])
  await frames(page, 10)
  await tablet.sees(10)
})

test('E15: the tablet changes network: the same connection finds a new way', guard, async () => {
  const { page, tablet } = await talking()
  await tablet.restartIce()
  await tablet.reconnected(2)
  await frames(page, 10)
})

test('E14: the tablet dies in mid-call: the clinic reads it, and the call resumes when it is back', guard, async () => {
  const { page, e, tablet } = await talking()
  await tablet.die()
  await until(page, () => document.querySelector('[data-test=tile-words]')?.textContent === 'Forbindelsen er ved at komme tilbage')
  await until(page, (s) => document.querySelector(s)?.getAttribute('data-state') === 'interrupted', row(e.id))
  await inspect(page, 'interrupted')
  await (await lab().tablet(e)).offer()
  await until(page, (s) => document.querySelector(s)?.getAttribute('data-state') === 'in_call', row(e.id))
  await hidden(page, 'tile-words')
  await frames(page, 10)
})

test('by keyboard alone: start, no answer, start again, mute, end', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await until(page, (s) => !!document.querySelector(s), start(e.id))
  const reach = async (/** @type {string} */ test) => {
    for (let i = 0; i < 30; i++) {
      if (await page.evaluate((t) => document.activeElement?.getAttribute('data-test') === t, test)) return
      await press(page, 'Tab')
    }
    assert.fail(`Tab never reaches ${test}`)
  }
  await reach('start')
  await press(page, 'Enter')
  await phase(page, 'calling')
  await reach('no-answer')
  await press(page, 'Enter')
  await hidden(page, 'call')
  await reach('start')
  await press(page, 'Enter')
  await phase(page, 'calling')
  const tablet = await lab().tablet(e)
  await tablet.answer()
  await phase(page, 'talking')
  await page.bringToFront()
  await reach('mute')
  await press(page, 'Space')
  await tablet.told({ muted: true, camera_off: false })
  await reach('end')
  await press(page, 'Enter')
  await press(page, 'Escape')
  await reach('end')
  await press(page, 'Enter')
  await press(page, 'Enter')
  await hidden(page, 'call')
})

test('E08: "Vent 2 min" is seen in the row and in the call', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await click(page, start(e.id))
  await phase(page, 'calling')
  await (await lab().tablet(e)).wait()
  await until(page, () => document.querySelector('[data-test=call-more]')?.textContent === 'Sygeplejersken beder om 2 minutter')
  await until(page, () => Number(/\d+/.exec(document.querySelector('[data-test=call-words]')?.textContent ?? '')?.[0]) > 60)
  assert.match(await page.$eval(`${row(e.id)} [data-test=mark]`, (el) => el.textContent ?? ''), /Beder om 2 min/)
})

test('a proxy that holds events back: the list lives by polling', guard, async () => {
  const page = await lab().page('doctor')
  await page.setRequestInterception(true)
  page.on('request', (r) => {
    if (!/\/stream\?(?!.*wait=)/.test(r.url())) void r.continue()
  })
  await page.reload()
  await shown(page, 'empty')
  await page.waitForRequest((r) => /wait=25/.test(r.url()))
  const e = await lab().join()
  await until(page, (s) => !!document.querySelector(s), row(e.id))
  assert.equal(await text(page, 'stream'), '')
})

test('a page loaded again in mid-call is back in the call', guard, async () => {
  const { page, tablet } = await talking()
  await page.reload()
  await tablet.reconnected()
  await phase(page, 'talking')
  await frames(page, 10)
})

test('another window of the same person takes the call over, and the first steps aside', guard, async () => {
  const { page, e } = await talking()
  const other = await lab().window(page)
  await until(other, (s) => document.querySelector(s)?.textContent === 'Fortsæt samtalen', start(e.id))
  await click(other, start(e.id))
  await phase(other, 'talking')
  await phase(page, 'over')
  assert.equal(await text(page, 'call-words'), 'Samtalen fortsætter i et andet vindue')
})

test('another patient cannot be started in the middle of a call', guard, async () => {
  const { page, e } = await talking()
  const next = await lab().join()
  await click(page, start(next.id))
  await until(page, () => document.querySelector('[data-test=notices]')?.textContent !== '')
  assert.match(await text(page, 'notices'), new RegExp(`Afslut samtalen med ${e.name} først`))
})

test('signed out in mid-call: the call goes on, and signing in again brings the list back', guard, async () => {
  const { page, e } = await talking()
  await lab().expire(page)
  await lab().join() // something happens, so that the page asks
  await shown(page, 'session-ended')
  assert.equal(await count(page, '[data-test=row]'), 0, 'nothing about those who wait stays')
  await frames(page, 10) // the picture goes on
  await inspect(page, 'signed-out-in-call')
  await lab().signInAgain(page, 'doctor')
  await until(page, (s) => !!document.querySelector(s), row(e.id))
  await hidden(page, 'session-ended')
  await frames(page, 10)
  await click(page, '[data-test=end]')
  await click(page, '[data-test=end-done]')
  await hidden(page, 'call')
})

test('signed out while nobody is in a call: the page forgets, and says why', guard, async () => {
  const page = await lab().page('doctor')
  await lab().join()
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 1)
  await lab().expire(page)
  await lab().join()
  await shown(page, 'login')
  assert.match(await page.$eval('#signin-why', (el) => el.textContent ?? ''), /logget ud/)
  assert.equal(await count(page, '[data-test=row]'), 0)
})

test('the backend is killed: the page says so and keeps the list and the call; it comes back by itself', guard, async () => {
  const { page, e } = await talking()
  await lab().kill()
  await until(page, () => /Ingen forbindelse siden/.test(document.querySelector('[data-test=stream]')?.textContent ?? ''))
  assert.equal(await count(page, row(e.id)), 1)
  await frames(page, 10) // the call goes on without the backend
  await inspect(page, 'no-connection')
  await lab().restart()
  await until(page, () => document.querySelector('[data-test=stream]')?.textContent === '')
  const next = await lab().join()
  await until(page, (s) => !!document.querySelector(s), row(next.id))
  await phase(page, 'talking')
})

test('camera and microphone refused: a sentence says what to do, and the patient is still seen', guard, async () => {
  const { page } = await talking({ devices: 'refused' })
  await shown(page, 'devices-problem')
  assert.match(await text(page, 'devices-problem'), /ikke lov til kamera og mikrofon/)
  await frames(page, 10)
  await inspect(page, 'devices-refused')
})

test('no camera and no microphone: a sentence says so, and the patient is still seen', guard, async () => {
  const { page, tablet } = await talking({ devices: 'none' })
  await shown(page, 'devices-problem')
  assert.match(await text(page, 'devices-problem'), /Kamera og mikrofon blev ikke fundet/)
  await tablet.told({ muted: true, camera_off: true })
  assert.equal(await count(page, '[data-test=mute]:disabled, [data-test=camera]:disabled'), 2, 'there is nothing to hold back')
  await frames(page, 10)
})

test('English by a switch, kept when the page is loaded again', guard, async () => {
  const page = await lab().page('doctor')
  await lab().join()
  await click(page, '[data-test=room] [data-test=language]')
  await until(page, () => document.documentElement.lang === 'en' && /1 waiting/.test(document.querySelector('[data-test=opening]')?.textContent ?? ''))
  await page.reload()
  await until(page, () => /1 waiting/.test(document.querySelector('[data-test=opening]')?.textContent ?? ''))
  await inspect(page, 'english')
  await click(page, '[data-test=room] [data-test=language]')
})

test('from 1024 px up, and at 200 % zoom, nothing runs out of the page', guard, async () => {
  const { page } = await talking()
  await lab().join({ reason: 'Åndenød siden i går, hoster mere end normalt. Vil gerne have råd om medicin i aften' })
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 2)
  for (const [width, height, zoom] of [[1024, 768, 1], [1280, 800, 1], [1920, 1080, 1], [3840, 1080, 1], [1280, 800, 2]]) {
    await page.setViewport({ width: width / zoom, height: height / zoom, deviceScaleFactor: zoom })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${width} px at ${zoom}: ${over} px too wide`)
    await page.screenshot({ path: `${out}wide-${width}-${zoom}.png` })
  }
})
