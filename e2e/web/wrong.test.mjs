// E26: the wrong patient, found out at the clinic or at the tablet. No media pass after it, on either side; both are asked why.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, hidden, says, shown, until } from './look.mjs'
import { guard, row, stage } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** Whether any picture or sound stands open on the page. @param {import('puppeteer-core').Page} page */
const media = (page) => page.evaluate(() => [...document.querySelectorAll('video, audio')].some((el) => {
  const from = /** @type {HTMLMediaElement} */ (el).srcObject
  return from instanceof MediaStream && from.getTracks().some((t) => t.readyState === 'live' && !t.muted)
}))

test('E26: the clinic finds out: asked once, then sound and picture stop, the reason is asked, and the row is gone', guard, async () => {
  const { page, e } = await talking()
  await lab().order(e, { what: 'Pinex' })
  await click(page, '[data-test=more]').catch(() => {})
  await page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('[data-test=more-wrong]') ?? document.querySelector('[data-test=wrong]'))?.click())
  await shown(page, 'wrong-ask')
  assert.equal(await media(page), true, 'stopped before the answer')
  await click(page, '[data-test=wrong-yes]')
  await says(page, '[data-test=call-words]', /forkert patient/)
  await says(page, '[data-test=call-more]', /Overvej en UTH/)
  assert.equal(await media(page), false, 'media go on')
  await inspect(page, 'wrong')
  const seen = await lab().seen(e)
  assert.deepEqual([seen.state, seen.end_reason, seen.ended_by], ['ended', 'wrong_patient', 'clinic'])
  await assert.rejects(lab().orders(e), 'what was ordered for another is read')
  await click(page, '[data-test=wrong-journal]')
  await until(page, (s) => !document.querySelector(s), row(e.id))
  await hidden(page, 'wrong-why')
})

test('E26: the tablet finds out: the page stops at once, and is asked why too', guard, async () => {
  const { page, e } = await talking()
  await lab().wrong(e)
  await says(page, '[data-test=call-words]', /forkert patient/)
  assert.equal(await media(page), false, 'media go on')
  await click(page, '[data-test=wrong-number]')
  await until(page, (s) => !document.querySelector(s), row(e.id))
})
