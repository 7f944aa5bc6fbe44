// What the nurse writes to the clinician (domain.md §2.8, §2.9, M4): in the list, in a dialog of its own, beside the
// video, and on paper; live, and never in the patient's way.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, phase, press, says, shown, text, until } from './look.mjs'
import { guard, out, part, row, stage, start } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

const situation = 'Taler usammenhængende siden i nat.\nSpiser ikke.'
const measured = {
  rf: { number: 22 }, puls: { number: 104 }, sys: { number: 118 }, temp: { number: 385, method: 'rektal' }, bev: { choice: 'habituel' },
}
const whole = {
  situation, background: 'KOL, hjertesvigt. Penicillinallergi. Bor alene, plejer at klare sig selv.', analysis: 'Lungebetændelse?',
  request: 'Besøg i dag? Skal der tages blodprøver?', tobs: measured,
}

/** The words of a letter where it is looked at. @param {string} where @param {string} letter */
const letter = (where, letter) => `[data-test=${where}] [data-test=card-${letter}]`

/** What no screen may do: be wider than it is. @param {Page} page */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('the list says what there is of a card, and nobody gets another place by it', guard, async () => {
  const page = await lab().page('doctor')
  const all = [await lab().join({ reason: 'kontrol' }), await lab().join(), await lab().join()]
  await until(page, () => document.querySelectorAll('[data-test=row]').length === 3)
  const order = () => page.$$eval('[data-test=row]', (rows) => rows.map((el) => /** @type {HTMLElement} */ (el).dataset.entry))
  const before = await order()
  const [, , last] = all
  assert.equal(await page.$eval(part(last.id, 'card-open'), (el) => el.checkVisibility()), false, 'no card, no button')
  await lab().writes(last, { situation })
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), part(last.id, 'isbar-flag'))
  assert.equal(await page.$eval(part(last.id, 'tobs-flag'), (el) => el.checkVisibility()), false)
  const { bev, ...some } = measured
  await lab().writes(last, { situation, tobs: some })
  await says(page, part(last.id, 'tobs-flag'), /^TOBS ufuldstændig$/)
  await lab().writes(last, { tobs: { ...some, bev: { choice: 'ingen' }, rf: { number: 40 } } })
  await says(page, part(last.id, 'tobs-flag'), /^TOBS 8$/)
  await until(page, (s) => !document.querySelector(s)?.checkVisibility(), part(last.id, 'isbar-flag'))
  await lab().writes(all[0], { request: 'Ny recept' })
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), part(all[0].id, 'isbar-flag'))
  assert.deepEqual(await order(), before, 'a score puts nobody before another')
  await lab().tells(last, 'feber siden i går')
  await says(page, part(last.id, 'row-reason'), /^feber siden i går$/)
  await inspect(page, 'card-list')
})

test('from the row by keys alone: large, every letter said, live, and nothing stays behind', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join({ reason: 'forvirret' })
  await lab().writes(e, { situation })
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), part(e.id, 'card-open'))
  await page.focus(part(e.id, 'card-open'))
  await press(page, 'Enter')
  await shown(page, 'card-dialog')
  await says(page, letter('card-dialog', 'S'), /^Taler usammenhængende siden i nat\.\nSpiser ikke\.$/)
  for (const empty of ['B', 'A', 'R']) assert.equal(await page.$eval(letter('card-dialog', empty), (el) => el.textContent), 'Ikke udfyldt')
  await says(page, '[data-test=card-dialog] [data-test=card-tobs]', /TOBS Ikke udfyldt/)
  const who = await page.$eval(letter('card-dialog', 'I'), (el) => el.textContent ?? '')
  assert.match(who, new RegExp(`^${e.name}, ${e.age}\\sår, \\d{6}.••••`))
  assert.match(who, new RegExp(lab().nurse), 'who calls stands in the first letter, and nobody has to write it')
  assert.doesNotMatch(who, new RegExp(e.cpr.replace('-', '-?')), 'the number is masked')
  assert.equal(await page.$eval('[data-test=card-dialog] [data-test=card-reason]', (el) => el.textContent), 'Årsag: forvirret')
  assert.ok(await page.$eval(letter('card-dialog', 'S'), (el) => parseFloat(getComputedStyle(el).fontSize)) >= 20, 'large type')
  await inspect(page, 'card-half')
  assert.equal(await page.$eval('[data-test=card-dialog] [data-test=card-news]', (el) => el.textContent), '', 'what is opened is not news')

  await lab().writes(e, whole)
  await says(page, letter('card-dialog', 'B'), /KOL/)
  await says(page, '[data-test=card-dialog] [data-test=tobs-total]', /^TOBS i alt: 4$/)
  await says(page, '[data-test=card-dialog] [data-test=card-news]', /^Kortet er ændret: Baggrund, Analyse, Råd, TOBS$/)
  assert.equal(await page.$eval('[data-test=card-dialog] [data-test=card-news]', (el) => el.getAttribute('aria-live')), 'polite')
  await says(page, '[data-test=card-dialog] [data-test=card-by]', /^Skrevet af Sanne Ravn, sygeplejerske, kl\. \d\d\.\d\d$/)
  await inspect(page, 'card-whole')

  await press(page, 'Escape')
  await hidden(page, 'card-dialog')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'card-open', 'the focus is back')
  assert.doesNotMatch(await page.$eval('[data-test=card-dialog]', (el) => el.textContent ?? ''), /KOL|usammenhængende|Sanne|forvirret/)
})

test('what is missing is named, what counts otherwise is said, and what the table asks for', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await lab().writes(e, { tobs: { rf: { number: 33 }, temp: { number: 370, method: 'axil' } } })
  await click(page, part(e.id, 'card-open'))
  await says(page, '[data-test=card-dialog] [data-test=tobs-total]', /^TOBS ufuldstændig – mangler Puls, Systolisk blodtryk, Bevidsthed$/)
  const rows = await page.$$eval('[data-test=card-dialog] tbody tr', (all) => all.map((tr) => [...tr.children].map((td) => td.textContent).join(' | ')))
  assert.deepEqual(rows.slice(0, 4), [
    'Respiration | 33 /min | 3', 'Puls | Ikke udfyldt | mangler', 'Systolisk blodtryk | Ikke udfyldt | mangler',
    'Temperatur | 37,0 °C, under armen, regnes som 38,0 | 1',
  ])
  await says(page, '[data-test=card-dialog] [data-test=tobs-note]', /overvej sepsis/)
  await lab().writes(e, { tobs: { rf: { number: 14 }, puls: { number: 70 }, sys: { number: 120 }, temp: { number: 370, method: 'rektal' }, bev: { choice: 'habituel' } } })
  await says(page, '[data-test=card-dialog] [data-test=tobs-total]', /^TOBS i alt: 0$/)
  await says(page, '[data-test=card-dialog] [data-test=tobs-action]', /^Kommunens instruks: Gentag/)
})

test('beside the video: it comes by itself, changes live, can be put away, and outlives reload and restart', guard, async () => {
  const { page, e } = await talking()
  await hidden(page, 'card-beside')
  await lab().writes(e, { situation })
  await shown(page, 'card-beside')
  await says(page, letter('card-beside', 'S'), /usammenhængende/)
  await lab().writes(e, whole)
  await says(page, '[data-test=card-beside] [data-test=tobs-total]', /^TOBS i alt: 4$/)
  await says(page, '[data-test=card-beside] [data-test=card-news]', /^Kortet er ændret: Baggrund, Analyse, Råd, TOBS$/)
  await shown(page, 'remote')
  await inspect(page, 'card-beside')

  await click(page, '[data-test=card-toggle]')
  await hidden(page, 'card-beside')
  assert.equal(await page.$eval('[data-test=card-toggle]', (el) => el.getAttribute('aria-expanded')), 'false')
  await lab().writes(e, { ...whole, request: 'Ring til datteren' })
  await click(page, '[data-test=card-toggle]')
  await says(page, letter('card-beside', 'R'), /^Ring til datteren$/)
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'card-beside')
  await click(page, '[data-test=write-open]')
  await shown(page, 'scroll')
  await page.screenshot({ path: `${out}card-and-text.png` })

  await page.reload()
  await says(page, letter('card-beside', 'R'), /^Ring til datteren$/)
  assert.equal(await page.$eval('[data-test=card-beside] [data-test=card-news]', (el) => el.textContent), '', 'what stood there is not news')
  await lab().kill()
  await lab().restart()
  await lab().writes(e, { ...whole, request: 'Indlæggelse?' })
  await says(page, letter('card-beside', 'R'), /^Indlæggelse\?$/)
})

test('no picture and no sound are needed: the card is there while it rings', guard, async () => {
  const page = await lab().page('doctor', { devices: 'none' })
  const e = await lab().join()
  await lab().writes(e, { situation })
  await click(page, start(e.id))
  await phase(page, 'calling')
  await says(page, letter('card-beside', 'S'), /usammenhængende/)
  await lab().writes(e, { situation: 'Er faldet' })
  await says(page, letter('card-beside', 'S'), /^Er faldet$/)
})

test('on paper stands the card alone, from the dialog and from beside the video', guard, async () => {
  const { page, e } = await talking()
  await lab().writes(e, whole)
  await says(page, letter('card-beside', 'R'), /Besøg/)
  const other = await lab().join()
  await lab().writes(other, { situation: 'Hoster' })
  const paper = async (/** @type {string} */ name) => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await page.emulateMediaType('print')
    const seen = await page.evaluate(() => document.body.innerText)
    await page.screenshot({ path: `${out}${name}.png`, fullPage: true })
    await page.emulateMediaType('screen')
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    return seen
  }
  const beside = await paper('card-paper')
  assert.match(beside, new RegExp(`^${e.name} – ISBAR fra sygeplejersken`))
  for (const words of [/Besøg i dag\?/, /TOBS i alt: 4/, /Lungebetændelse\?/, /Eksempel Kommune|Skema/]) assert.match(beside, words)
  assert.doesNotMatch(beside, /Afslut|Log ud|Udskriv|Hoster/, 'nothing of the page')
  assert.equal(await count(page, '#paper > *'), 0, 'nothing stays on the page')
  await click(page, part(other.id, 'card-open'))
  await says(page, letter('card-dialog', 'S'), /Hoster/)
  const dialog = await paper('card-paper-dialog')
  assert.match(dialog, /Hoster/)
  assert.doesNotMatch(dialog, /Besøg i dag|Luk/)
  await press(page, 'Escape')
  await click(page, '[data-test=card-toggle]')
  await hidden(page, 'card-beside')
  assert.match(await paper('card-paper-none'), /Virtuelt venteværelse/, 'without a card in sight, paper is as the page is')
})

test('on a narrow screen and at 200 % nothing runs out of the page, and the card can be read to its end', guard, async () => {
  const { page, e } = await talking()
  await lab().writes(e, whole)
  await says(page, letter('card-beside', 'R'), /Besøg/)
  for (const [name, width, height, scale] of /** @type {[string, number, number, number][]} */ ([
    ['narrow', 360, 740, 1], ['double', 640, 400, 2], ['wide', 1920, 1080, 1],
  ])) {
    await page.setViewport({ width, height, deviceScaleFactor: scale })
    assert.equal(await overflow(page), 0, `${name}, beside the video`)
    const end = letter('card-beside', 'R')
    await page.$eval(end, (el) => el.scrollIntoView({ block: 'center' }))
    assert.ok(await page.$eval(end, (el) => {
      const at = el.getBoundingClientRect()
      return document.elementFromPoint(at.left + 4, at.top + 4)?.closest('.card-letter')?.contains(el)
    }), `${name}: the last letter comes into sight`)
    await page.screenshot({ path: `${out}card-${name}.png` })
    await page.$eval(part(e.id, 'card-open'), (el) => /** @type {HTMLElement} */ (el).click())
    await shown(page, 'card-dialog')
    assert.equal(await overflow(page), 0, `${name}, in the dialog`)
    for (const button of ['card-close', 'card-print']) {
      assert.ok(await page.$eval(`[data-test=${button}]`, (el) => {
        const at = el.getBoundingClientRect()
        return at.top >= 0 && at.bottom <= innerHeight && at.left >= 0 && at.right <= innerWidth
      }), `${name}: ${button} is in sight`)
    }
    await page.screenshot({ path: `${out}card-dialog-${name}.png` })
    await click(page, '[data-test=card-close]')
    await hidden(page, 'card-dialog')
  }
})

test('who is signed out sees no card any more', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await lab().writes(e, { situation })
  await click(page, part(e.id, 'card-open'))
  await says(page, letter('card-dialog', 'S'), /usammenhængende/)
  await lab().expire(page)
  await lab().writes(e, { situation: 'Er faldet' })
  await shown(page, 'login')
  assert.doesNotMatch(await page.evaluate(() => document.body.textContent ?? ''), /usammenhængende|Er faldet/)
  assert.equal(await text(page, 'card-title'), '')
  assert.equal(await count(page, row(e.id)), 0)
})
