// The connection is made while the tablet rings, and nothing is heard or seen through it before the answer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, phase } from './look.mjs'
import { guard, stage, start } from './stage.mjs'

const { lab } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

/** A ring with a connection, which the tablet's end uses at once. */
async function ringing() {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await click(page, start(e.id))
  await phase(page, 'calling')
  const tablet = await lab().tablet(e)
  await tablet.offer()
  await tablet.reconnected(1)
  return { page, e, tablet }
}

/** Waits until the tablet's page has sent so many packets, and gives how many it has got, of sound and of pictures. @param {Page} page @param {number} sent */
async function traffic(page, sent) {
  const got = await page.waitForFunction(async (sent) => {
    const stats = [...(await /** @type {any} */ (window).tablet.line().pc.getStats()).values()]
    const count = (/** @type {string} */ type, /** @type {string} */ field, /** @type {string} */ kind) =>
      stats.filter((s) => s.type === type && s.kind === kind).reduce((n, s) => n + (s[field] ?? 0), 0)
    if (['audio', 'video'].some((kind) => count('outbound-rtp', 'packetsSent', kind) < sent)) return false
    return { audio: count('inbound-rtp', 'packetsReceived', 'audio'), video: count('inbound-rtp', 'packetsReceived', 'video') }
  }, { polling: 50 }, sent)
  return got.jsonValue()
}

test('while it rings the connection stands, and not one packet of sound or picture leaves the page', guard, async () => {
  const { page, tablet } = await ringing()
  assert.deepEqual(await traffic(tablet.page, 100), { audio: 0, video: 0 })
  await phase(page, 'calling')
  assert.equal(await page.$('[data-test=remote]'), null, 'a picture stands there before the answer')
  await tablet.pickUp()
  await phase(page, 'talking')
  await tablet.sees(10)
  const { audio } = /** @type {{audio: number}} */ (await traffic(tablet.page, 100))
  assert.ok(audio > 0, 'no sound after the answer')
  await tablet.reconnected(1)
  assert.equal(await tablet.page.evaluate('tablet.line().answers'), 1, 'the connection is not the one of the ring')
})

test('a ring that ends takes its connection with it, whoever ends it', guard, async () => {
  for (const by of ['the nurse', 'the clinician']) {
    const { page, tablet } = await ringing()
    await tablet.page.waitForFunction("tablet.line().still.readyState === 'open'", { polling: 50 })
    if (by === 'the nurse') await tablet.notNow()
    else await click(page, '[data-test=no-answer]')
    await tablet.ended()
    await tablet.page.waitForFunction("tablet.line().still.readyState === 'closed'", { polling: 50 })
    const { audio, video } = /** @type {{audio: number, video: number}} */ (await traffic(tablet.page, 0))
    assert.deepEqual({ audio, video }, { audio: 0, video: 0 }, by)
    await lab().clear()
  }
})

test('a page that is loaded again while it rings connects again, and still holds back', guard, async () => {
  const { page, tablet } = await ringing()
  await page.reload()
  await phase(page, 'calling')
  await tablet.reconnected(2)
  assert.deepEqual(await traffic(tablet.page, 100), { audio: 0, video: 0 })
  await phase(page, 'calling')
  await tablet.pickUp()
  await phase(page, 'talking')
  await tablet.sees(10)
})
