// The nurse at a PC: her conversations of the last day, one large, what she adds, and its way into the care journal.

import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { click, count, press, says, shown, text, until, violations } from './look.mjs'
import { guard, stage } from './stage.mjs'

const { lab, inspect } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

const karen = '2902004100'
const longName = '0706320100' // Ane-Margrethe Kirstine Bjerregaard-Thomassen

afterEach(() => lab().allWritten())

/** Signs in at the page's own door. @param {Page} page @param {string} [username] */
async function enter(page, username = 'sanne') {
  await click(page, '[data-test=login]')
  await lab().pick(page, username)
}

/** The nurse's page with one conversation of Karen's open. @param {string} [cpr] */
async function open(cpr = karen) {
  const e = await lab().conversation(await lab().page('doctor'), cpr)
  const page = await lab().office(e.url)
  await enter(page)
  await shown(page, 'one')
  return { e, page }
}

/** @param {Page} page @param {string} state */
const saved = (page, state) => until(page, (s) => /** @type {HTMLElement | null} */ (document.querySelector('[data-test=saved]'))?.dataset.state === s, state)

/** Cuts the page's changes off, and lets them through again. @param {Page} page @param {boolean} off */
async function cut(page, off) {
  await page.setRequestInterception(off)
  page.removeAllListeners('request')
  if (off) page.on('request', (r) => void (r.method() === 'PUT' ? r.abort() : r.continue()))
}

/** Presses copy, and gives what the clipboard holds: a browser gives it to the page in front alone. @param {Page} page @param {() => Promise<void>} [how] */
async function copy(page, how = () => click(page, '[data-test=copy]')) {
  await page.bringToFront()
  await how()
  await says(page, '[data-test=copied]', /Kopieret/)
  return page.evaluate(() => navigator.clipboard.readText())
}

/** @param {Page} page */
async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(over <= 0, `${over} px too wide`)
}

test('M11, S16: from the door to the journal: listed, opened, written, copied with the clinician’s name first, deleted after a question', guard, async () => {
  const page = await lab().office()
  await shown(page, 'login')
  await inspect(page, 'nurse-door')
  await enter(page)
  await shown(page, 'empty')
  assert.equal(await text(page, 'person'), 'Sanne Ravn, sygeplejerske')
  await inspect(page, 'nurse-empty')

  const doctor = await lab().page('doctor')
  await lab().conversation(doctor, '1403450101')
  await lab().conversation(doctor, karen)
  await lab().conversation(doctor, longName)
  await page.reload()
  await until(page, () => document.querySelectorAll('[data-test=talk]').length === 3)
  assert.match(await page.$eval('[data-test=talk]:first-child', (el) => el.textContent ?? ''), /Ane-Margrethe.*Lars Holm, praktiserende læge, Lægerne Havnegade/)
  await inspect(page, 'nurse-list')

  await page.$$eval('[data-test=talk]', (all) => /** @type {HTMLElement} */ (all[1]).click())
  await shown(page, 'one')
  assert.match(await page.$eval('h1', (el) => el.textContent ?? ''), /^Karen Madsen, født 29\. februar 2000$/)
  assert.equal(await text(page, 'clinician'), 'Lars Holm')
  await inspect(page, 'nurse-one')
  await page.type('[data-test=agreed]', 'Såret skiftes hver anden dag.\nRing ved feber.')
  await page.$eval('[data-test=follow-up-at]', (el) => {
    /** @type {HTMLInputElement} */ (el).value = '2026-12-01T10:30'
    el.dispatchEvent(new Event('change'))
  })
  await page.type('[data-test=follow-up]', 'Ny video med Lars Holm')
  await click(page, '[data-test=went-good]')
  await saved(page, 'saved')
  const id = new URL(page.url()).hash.slice(1)
  const kept = await lab().summary(id)
  assert.equal(kept.agreed, 'Såret skiftes hver anden dag.\nRing ved feber.')
  assert.equal(kept.follow_up_at, '2026-12-01T09:30:00Z') // by the Danish clock, whatever the PC's is
  assert.equal(kept.went, 'good')
  await inspect(page, 'nurse-written')

  const copied = await copy(page)
  assert.match(copied, new RegExp([
    '^Talte med: Lars Holm, praktiserende læge, Lægerne Havnegade', 'Borger: Karen Madsen, født 29\\. februar 2000', 'Tid: .+ kl\\. \\d\\d\\.\\d\\d–\\d\\d\\.\\d\\d',
    'Form: Videokonsultation', 'Hos borgeren: Sanne Ravn, sygeplejerske, Eksempel Kommune', 'Samtykke: mundtligt', 'Sluttede: samtalen var færdig, afsluttet på tabletten',
    'Aftalt: Såret skiftes hver anden dag\\.', 'Ring ved feber\\.', 'Ny kontakt: tirsdag den 1\\. december kl\\. 10\\.30: Ny video med Lars Holm', 'Samtalen gik: Godt', 'Kontrolkode: [0-9A-Z]{4}-[0-9A-Z]{4}$',
  ].join('\\n')))
  assert.ok(!copied.includes('290200'), 'no CPR number is copied')
  await page.emulateMediaType('print')
  assert.equal(await page.$eval('[data-test=journal]', (el) => el.checkVisibility()), true)
  for (const test of ['copy', 'agreed', 'person']) assert.equal(await page.$eval(`[data-test=${test}]`, (el) => el.checkVisibility()), false, `${test} is not printed`)
  await page.emulateMediaType()

  await click(page, '[data-test=done]')
  await inspect(page, 'nurse-done')
  await click(page, '[data-test=done-cancel]')
  assert.equal(await count(page, 'dialog[open]'), 0)
  await lab().summary(id) // is there still
  await click(page, '[data-test=done]')
  await click(page, '[data-test=done-do]')
  await until(page, () => document.querySelectorAll('[data-test=talk]').length === 2)
  await assert.rejects(lab().summary(id), /404/)
})

test('the tablet’s QR code leads through the sign-in to that summary; for a colleague it does not exist', guard, async () => {
  const { e, page } = await open()
  assert.match(e.url, /\/resume\/res_[a-z2-7]{26}$/)
  assert.match(page.url(), new RegExp(`/sygepleje/#${e.summary}$`))
  const colleague = await lab().office(e.url)
  await enter(colleague, 'mette')
  await shown(colleague, 'none')
  assert.ok(!(await colleague.evaluate(() => document.body.innerText)).includes('Karen'))
  await inspect(colleague, 'nurse-none')
  await click(colleague, '[data-test=to-list]')
  await shown(colleague, 'empty')
})

test('a doctor, and a nurse whose sign-in is too weak, come no further than the door, and are told why', guard, async () => {
  for (const [username, why] of /** @type {[string, RegExp][]} */ ([['lars', /ikke adgang/], ['jonas', /ikke stærkt nok/], ['henrik', /ikke adgang/]])) {
    const page = await lab().office()
    await enter(page, username)
    await says(page, '[data-test=why]', why)
    if (username === 'jonas') await inspect(page, 'nurse-refused')
  }
})

test('a network that is away loses nothing that is written: it says so, and saves by itself', guard, async () => {
  const { e, page } = await open()
  await cut(page, true)
  await page.type('[data-test=agreed]', 'Skrevet uden net')
  await saved(page, 'failed')
  await inspect(page, 'nurse-offline')
  await page.type('[data-test=agreed]', ', og mere')
  await cut(page, false)
  await saved(page, 'saved')
  assert.equal((await lab().summary(e.summary)).agreed, 'Skrevet uden net, og mere')
})

test('a session that ends in the middle takes all off the screen and keeps the words until the same nurse is back', guard, async () => {
  const { e, page } = await open()
  await lab().expire(page)
  await page.type('[data-test=agreed]', 'Ikke gemt endnu')
  await shown(page, 'login-again')
  const left = await page.evaluate(() => document.body.innerText)
  assert.ok(!/Karen|Ikke gemt endnu|Lars Holm/.test(left), left)
  await inspect(page, 'nurse-signed-out')
  const opened = new Promise((done) => page.once('popup', done))
  await click(page, '[data-test=login-again]')
  await lab().pick(/** @type {Page} */ (await opened), 'sanne')
  await shown(page, 'one')
  await saved(page, 'saved')
  assert.equal(await page.$eval('[data-test=agreed]', (el) => /** @type {HTMLTextAreaElement} */ (el).value), 'Ikke gemt endnu')
  assert.equal((await lab().summary(e.summary)).agreed, 'Ikke gemt endnu')
})

test('where another nurse signs in instead, the words of the first are gone from the page', guard, async () => {
  const { e, page } = await open()
  await lab().expire(page)
  await page.type('[data-test=agreed]', 'Ikke til Mette')
  await shown(page, 'login-again')
  const opened = new Promise((done) => page.once('popup', done))
  await click(page, '[data-test=login-again]')
  await lab().pick(/** @type {Page} */ (await opened), 'mette')
  await shown(page, 'empty')
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes('Ikke til Mette'))
  assert.equal((await lab().summary(e.summary)).agreed, undefined)
})

test('what was written on the tablet meanwhile is not written over: she chooses', guard, async () => {
  const { e, page } = await open()
  await lab().writeOnTablet(e.summary, { agreed: 'Fra tabletten' })
  await page.type('[data-test=agreed]', 'Fra PC')
  await shown(page, 'keep-mine')
  assert.equal(await text(page, 'theirs'), 'Fra tabletten')
  await inspect(page, 'nurse-conflict')
  await click(page, '[data-test=keep-mine]')
  await saved(page, 'saved')
  assert.equal((await lab().summary(e.summary)).agreed, 'Fra PC')
  await lab().writeOnTablet(e.summary, { agreed: 'Igen fra tabletten' })
  await page.type('[data-test=agreed]', ' igen')
  await click(page, '[data-test=take-theirs]')
  assert.equal(await page.$eval('[data-test=agreed]', (el) => /** @type {HTMLTextAreaElement} */ (el).value), 'Igen fra tabletten')
  await saved(page, 'saved')
})

test('a summary that is deleted while she writes leaves her the words to copy', guard, async () => {
  const { e, page } = await open()
  await lab().writtenOnTablet(e.summary)
  await page.type('[data-test=agreed]', 'Nåede det ikke')
  await says(page, '[data-test=notice]', /Resuméet er slettet/)
  await inspect(page, 'nurse-gone')
  assert.match(await copy(page), /^Talte med: Lars Holm(.|\n)*Aftalt: Nåede det ikke/)
})

test('narrow, 200 %, long text and English: nothing is cut off', guard, async () => {
  const { page } = await open(longName)
  await page.type('[data-test=agreed]', 'Meget at skrive. ')
  await page.$eval('[data-test=agreed]', (el) => {
    /** @type {HTMLTextAreaElement} */ (el).value = 'Langtordudenmellemrum'.repeat(90)
    el.dispatchEvent(new Event('input'))
  })
  await saved(page, 'saved')
  await page.setViewport({ width: 360, height: 740 })
  await fits(page)
  await inspect(page, 'nurse-narrow')
  await page.setViewport({ width: 640, height: 400, deviceScaleFactor: 2 }) // 1280 × 800 at 200 %
  await fits(page)
  await inspect(page, 'nurse-large')
  await click(page, '[data-test=language]')
  await says(page, '[data-test=back]', /All calls/)
  assert.deepEqual(await violations(page), [])
  await click(page, '[data-test=back]')
  await shown(page, 'day')
  await page.setViewport({ width: 360, height: 740 })
  await fits(page)
  await inspect(page, 'nurse-narrow-list')
})

test('by keyboard alone: into a summary, how it went, copy, the question, and back', guard, async () => {
  const { e, page } = await open()
  await click(page, '[data-test=back]')
  await shown(page, 'talk')
  const to = async (/** @type {string} */ test) => {
    for (let i = 0; i < 30; i++) {
      if (await page.evaluate((t) => document.activeElement?.getAttribute('data-test') === t, test)) return
      await press(page, 'Tab')
    }
    throw new Error(`Tab never reaches ${test}`)
  }
  await to('talk')
  await press(page, 'Enter')
  await shown(page, 'one')
  await to('agreed')
  await page.keyboard.type('Med tastaturet')
  await to('went-good')
  await press(page, 'ArrowRight')
  await saved(page, 'saved')
  assert.equal((await lab().summary(e.summary)).went, 'partly')
  await to('copy')
  assert.match(await copy(page, () => press(page, 'Enter')), /Med tastaturet/)
  await to('done')
  await press(page, 'Enter')
  await shown(page, 'done-do')
  await press(page, 'Escape')
  assert.equal(await count(page, 'dialog[open]'), 0)
})
