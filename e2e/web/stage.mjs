// What the tests of the clinic module share: one lab a file, a page in it, and a look at how it stands.

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, afterEach, before } from 'node:test'
import { openLab } from './lab.mjs'
import { click, phase, violations } from './look.mjs'

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {Awaited<ReturnType<typeof openLab>>} Lab */

/** Where the pictures go. */
export const out = new URL('../../out/web/', import.meta.url).pathname

export const guard = { timeout: 240_000 }

/** @param {string} id */
export const row = (id) => `[data-entry="${id}"]`
/** @param {string} id @param {string} test */
export const part = (id, test) => `[data-entry="${id}"] [data-test=${test}]`
/** @param {string} id */
export const start = (id) => part(id, 'start')

/** Chooses from the menu of a patient's row. @param {Page} page @param {{id: string}} e @param {string} item */
export async function choose(page, e, item) {
  await click(page, part(e.id, 'menu-button'))
  await click(page, `[data-test=${item}]`)
}

/** Opens a lab for the file's tests and closes it after them. */
export function stage() {
  mkdirSync(out, { recursive: true })
  /** @type {Lab} */
  let lab
  before(async () => {
    lab = await openLab()
  }, { timeout: 120_000 })
  after(async () => lab?.close())
  afterEach(async () => lab.clear())

  return {
    lab: () => lab,

    /** Axe in light, its contrast in dark too, and a picture of each. @param {Page} page @param {string} name */
    async inspect(page, name) {
      for (const scheme of ['light', 'dark']) {
        await page.emulateMediaFeatures([
          { name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' },
        ])
        assert.deepEqual(await violations(page, scheme === 'dark' ? ['color-contrast'] : undefined), [], `${name}, ${scheme}`)
        await page.screenshot({ path: `${out}${name}-${scheme}.png` })
      }
    },

    /**
     * A call that has come up: the page and the tablet's side of it.
     * @param {{devices?: 'refused' | 'none', relayOnly?: boolean, firefox?: boolean}} [opt]
     */
    async talking(opt = {}) {
      const page = await lab.page('doctor', opt)
      const e = await lab.join()
      await click(page, start(e.id))
      await phase(page, 'calling')
      const tablet = await lab.tablet(e, opt)
      await tablet.answer()
      await phase(page, 'talking')
      return { page, e, tablet }
    },
  }
}
