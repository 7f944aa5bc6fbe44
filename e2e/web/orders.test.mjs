// M5 and E55: what the doctor orders, as the nurse writes it down and reads it back, on the clinic's page; the nurse's half
// goes through the protocol.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, phase, press, says, shown, text, until } from './look.mjs'
import { choose, guard, part, row, stage, start } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

const pinex = { what: 'Pinex', dose: '500 mg', how_often: '4 gange om dagen', from: 'i dag', until: 'onsdag' }
const dressing = { what: 'Skift forbinding', how_often: 'hver anden dag' }

/** @param {{id: string}} o @param {string} test */
const of = (o, test) => `[data-order="${o.id}"] [data-test=${test}]`

/** Whether something of an order can be pressed. @param {Page} page @param {{id: string}} o @param {string} test */
const offered = (page, o, test) => page.$eval(of(o, test), (el) => el.checkVisibility())

test('an order stands large beside the pictures, is read back, and then it can be confirmed', guard, async () => {
  const { page, e } = await talking()
  await hidden(page, 'orders')
  const o = await lab().order(e, pinex)
  await says(page, of(o, 'order-text'), /^Pinex · 500\smg · 4\sgange om dagen · fra i dag · til onsdag$/)
  await says(page, of(o, 'order-state'), /Skrevet af Sanne Ravn\. Ikke læst op endnu\./)
  assert.equal(await offered(page, o, 'order-confirm'), false, 'what was not read back cannot be confirmed')
  assert.equal(await offered(page, o, 'order-correct'), true)
  await lab().readBack(e, o)
  await says(page, of(o, 'order-state'), /Læst op kl\. \d\d\.\d\d\. Ikke bekræftet endnu\./)
  assert.match(await text(page, 'order-news'), /Læst op: Pinex · 500 mg/, 'a screen reader is told')
  await says(page, '[data-test=order-count]', /Ikke bekræftet: 1/)
  await inspect(page, 'orders')
  await click(page, of(o, 'order-confirm'))
  await says(page, of(o, 'order-state'), /Bekræftet af Lars Holm kl\. \d\d\.\d\d/)
  await says(page, '[data-test=order-count]', /Alle er bekræftet/)
  assert.equal((await lab().orders(e)).orders[0].state, 'confirmed')
  await click(page, '[data-test=end]')
  await hidden(page, 'end-unconfirmed')
  await click(page, '[data-test=end-done]')
  await until(page, (s) => !document.querySelector(s), row(e.id))
})

test('the doctor corrects: what cannot be read in one way only is refused with the right way, and the old one stays', guard, async () => {
  const { page, e } = await talking()
  const o = await lab().order(e, { ...pinex, dose: '5 mg' })
  await lab().readBack(e, o)
  await click(page, of(o, 'order-correct'))
  await shown(page, 'correct-dialog')
  assert.equal(await page.$eval('[data-test=correct-dose]', (el) => /** @type {HTMLInputElement} */ (el).value), '5 mg')
  const dose = async (/** @type {string} */ words) => {
    await page.$eval('[data-test=correct-dose]', (el) => { /** @type {HTMLInputElement} */ (el).value = '' })
    await page.type('[data-test=correct-dose]', words)
    await click(page, '[data-test=correct-do]')
  }
  await dose(',5 mg')
  await says(page, '[data-test=correct-problem]', /Skriv 0,5, ikke ,5/)
  await inspect(page, 'orders-correct')
  await dose('50 µg')
  await says(page, '[data-test=correct-problem]', /Skriv mikrogram helt ud, ikke µg/)
  await dose('0,5 mg')
  await hidden(page, 'correct-dialog')
  await until(page, () => document.querySelectorAll('[data-test=order]').length === 2)
  await says(page, of(o, 'order-state'), /Gælder ikke: rettet kl\./)
  const [old, better] = (await lab().orders(e)).orders
  assert.deepEqual([old.state, better.state, better.text.dose, better.replaces], ['corrected', 'written', '0,5 mg', o.id])
  await says(page, of(better, 'order-state'), /Rettet til dette af Lars Holm\. Ikke læst op endnu\./)
  await lab().readBack(e, better)
  await click(page, of(better, 'order-confirm'))
  await says(page, of(better, 'order-state'), /Bekræftet af Lars Holm/)
  await inspect(page, 'orders-corrected')
})

test('E55: the end says first how many are not confirmed, also of one that came at the last moment; then the row says to ring back', guard, async () => {
  const { page, e } = await talking()
  const o = await lab().order(e, pinex)
  await says(page, '[data-test=order-count]', /1/)
  await click(page, '[data-test=end]')
  await says(page, '[data-test=end-unconfirmed]', /^1 ordination er ikke bekræftet\. Afslut alligevel\?$/)
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'end-back', 'Enter does not end it')
  await inspect(page, 'orders-end')
  await lab().order(e, dressing)
  await says(page, '[data-test=end-unconfirmed]', /^2 ordinationer er ikke bekræftet\. Afslut alligevel\?$/)
  await click(page, '[data-test=end-done]')
  await says(page, part(e.id, 'ring-back'), /^Ring tilbage: ikke bekræftet ordination$/)
  await says(page, part(e.id, 'state'), /Samtalen er slut/)
  assert.equal(await count(page, row(e.id)), 1)
  await inspect(page, 'orders-ring-back')

  await lab().readBack(e, o)
  await click(page, start(e.id))
  await shown(page, 'orders-dialog')
  await says(page, '[data-test=orders-dialog] [data-test=order-hint]', /bekræft her senest kl\. \d\d\.\d\d/)
  await inspect(page, 'orders-dialog')
  await click(page, `[data-test=orders-dialog] ${of(o, 'order-confirm')}`)
  await says(page, `[data-test=orders-dialog] ${of(o, 'order-state')}`, /Bekræftet af Lars Holm/)
  await press(page, 'Escape')
  await shown(page, 'ring-back')
  const [, second] = (await lab().orders(e)).orders
  await lab().takeOrderBack(e, second)
  await until(page, (s) => !document.querySelector(s), row(e.id))
})

test('E55: an order that the page had not heard of when its end was pressed is told first', guard, async () => {
  const { page, e } = await talking()
  await click(page, '[data-test=end]')
  let held = 0
  await page.setRequestInterception(true)
  page.on('request', (r) => {
    if (r.method() === 'GET' && r.url().includes(`${e.id}/orders`) && held++ === 0) setTimeout(() => void r.continue(), 1500)
    else void r.continue()
  })
  await lab().order(e, pinex)
  await click(page, '[data-test=end-done]')
  await says(page, '[data-test=end-unconfirmed]', /^1 ordination er ikke bekræftet/)
  await phase(page, 'talking')
  await click(page, '[data-test=end-done]')
  await says(page, part(e.id, 'ring-back'), /Ring tilbage/)
})

test('a colleague sees the orders live and may not press', guard, async () => {
  const { page, e } = await talking()
  const colleague = await lab().page('colleague')
  const o = await lab().order(e, pinex)
  await lab().readBack(e, o)
  await until(colleague, (s) => document.querySelector(s)?.checkVisibility(), part(e.id, 'menu-button'))
  await choose(colleague, e, 'menu-orders')
  await says(colleague, of(o, 'order-text'), /Pinex/)
  await says(colleague, '[data-test=orders-dialog] [data-test=order-hint]', /Kun Lars Holm, der har samtalen, kan bekræfte og rette\./)
  for (const button of ['order-confirm', 'order-correct']) assert.equal(await offered(colleague, o, button), false, button)
  await inspect(colleague, 'orders-colleague')
  await click(page, of(o, 'order-confirm'))
  await says(colleague, `[data-test=orders-dialog] ${of(o, 'order-state')}`, /Bekræftet af Lars Holm/)
})

test('the nurse takes one back in the moment in which it is confirmed: the page says so', guard, async () => {
  const { page, e } = await talking()
  const o = await lab().order(e, pinex)
  await lab().readBack(e, o)
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), of(o, 'order-confirm'))
  await page.setRequestInterception(true)
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().endsWith('/confirm')) void lab().takeOrderBack(e, o).then(() => r.continue())
    else void r.continue()
  })
  await click(page, of(o, 'order-confirm'))
  await says(page, '[data-test=order-problem]', /Ordinationen er ændret imens\. Læs den, som den står nu\./)
  await says(page, of(o, 'order-state'), /Gælder ikke: trukket tilbage/)
})

test('by keyboard alone: to the order, confirm, and on to the next', guard, async () => {
  const { page, e } = await talking()
  const [one, other] = [await lab().order(e, pinex), await lab().order(e, dressing)]
  for (const o of [one, other]) await lab().readBack(e, o)
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), of(other, 'order-confirm'))
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-order]')?.getAttribute('data-order'))
  await page.focus('[data-test=call]')
  for (let i = 0; i < 20 && await focused() !== one.id; i++) await press(page, 'Tab')
  await press(page, 'Enter')
  await says(page, of(one, 'order-state'), /Bekræftet/)
  await until(page, (id) => document.activeElement?.closest('[data-order]')?.getAttribute('data-order') === id, other.id)
  await press(page, 'Enter')
  await says(page, of(other, 'order-state'), /Bekræftet/)
  await says(page, '[data-test=order-count]', /Alle er bekræftet/)
})

test('an order stays where it is over a reload, and on a narrow screen, at 200 % and with what is written beside it', guard, async () => {
  const { page, e, tablet } = await talking()
  const o = await lab().order(e, { ...pinex, what: 'Trimopan (trimethoprim) mod urinvejsinfektion', how_often: '2 gange om dagen, kl. 8.00 og 20.00' })
  await lab().order(e, dressing)
  await lab().readBack(e, o)
  await click(page, '[data-test=write-open]')
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), of(o, 'order-confirm'))
  for (const [width, height] of [[1280, 800], [1024, 768], [640, 800], [360, 740]]) {
    await page.setViewport({ width, height })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${width} px runs out of the page`)
    const [button, stage] = await page.evaluate((s) => [s, '.stage'].map((s) => document.querySelector(s)?.getBoundingClientRect().toJSON()), of(o, 'order-confirm'))
    assert.ok(button.width >= 44 && button.height >= 44 && button.right <= width, `at ${width} px the button is ${JSON.stringify(button)}`)
    if (width > 960) assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), `at ${width} px the page scrolls`)
    assert.ok(await page.$eval(of(o, 'order-confirm'), (el) => {
      el.scrollIntoView({ block: 'center' })
      const { left, top, width, height } = el.getBoundingClientRect()
      return el.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    }), `at ${width} px something lies over the button`)
    assert.ok(stage.height >= 160, `at ${width} px the picture is ${stage.height} high`)
    await inspect(page, `orders-${width}`)
  }
  await page.setViewport({ width: 1280, height: 800 })
  await page.reload()
  await tablet.reconnected()
  await says(page, of(o, 'order-state'), /Læst op/)
})
