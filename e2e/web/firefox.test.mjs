// Whole calls with the pages in Firefox; the tablet's side and the other participants are Chromium's.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, hidden, shown, text, until } from './look.mjs'
import { guard, out, stage } from './stage.mjs'

const { lab, talking } = stage()

/** Waits until the picture that comes has been painted so many times more, as Firefox counts it. @param {import('puppeteer-core').Page} page @param {number} times */
async function moves(page, times) {
  const painted = () => page.$eval('[data-test=remote]', (v) => Number(/** @type {any} */ (v).mozPaintedFrames))
  const before = await painted()
  await until(page, (n) => /** @type {any} */ (document.querySelector('[data-test=remote]')).mozPaintedFrames >= n, before + times)
}

test('Firefox: a clinic\'s call from Start to its end: picture, text, a still, an ICE restart', guard, async () => {
  const { page, tablet } = await talking({ firefox: true })
  await moves(page, 10)
  await tablet.sees(10)
  await click(page, '[data-test=mute]')
  await tablet.told({ muted: true, camera_off: false })
  await click(page, '[data-test=mute]')

  await click(page, '[data-test=write-open]')
  await page.type('[data-test=write]', 'Kan I høre mig?')
  await tablet.page.waitForFunction('tablet.line().text === "Kan I høre mig?"', { polling: 50 })
  await tablet.page.evaluate('tablet.line().write("Ja")')
  await until(page, () => document.querySelector('[data-test=writing]')?.textContent?.includes('Ja'))

  await tablet.page.evaluate('tablet.sendStill({ width: 640, height: 480 })')
  await until(page, () => /** @type {HTMLCanvasElement} */ (document.querySelector('[data-test=still-picture]')).width === 640)
  await click(page, '[data-test=still-close]')

  await tablet.restartIce()
  await tablet.reconnected(2)
  await moves(page, 10)
  await page.screenshot({ path: `${out}firefox-call.png` })
  await click(page, '[data-test=end]')
  await click(page, '[data-test=end-done]')
  await hidden(page, 'call')
  await tablet.ended()
})

test('Firefox: a guest\'s page with a telephone\'s width, let in and shown out', guard, async () => {
  const { page, e, tablet } = await talking()
  const { url, guest } = await lab().invite(e, { kind: 'relative' })
  const phone = await lab().phone(url, { firefox: true })
  await shown(phone, 'name-screen')
  await phone.type('[data-test=name]', 'Mette Madsen')
  await click(phone, '[data-test=enter]')
  await click(phone, '[data-test=open-devices]')
  await shown(phone, 'self')
  await click(page, '[data-test=admit]')
  await until(phone, () => document.querySelectorAll('[data-test=tile][data-look=picture]').length === 2)
  await moves(phone, 10)
  await tablet.sees(10, guest.id)
  await phone.screenshot({ path: `${out}firefox-guest.png` })
  await click(page, '[data-test=guests]')
  await click(page, '[data-test=remove-guest]')
  await shown(phone, 'over-screen')
  assert.equal(await text(phone, 'over-words'), 'Du er ikke med i samtalen længere')
})
