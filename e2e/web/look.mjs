// How the tests look at a page. Waiting polls by time, since a page behind another draws no frames.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** @typedef {import('puppeteer-core').Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** @param {Page} page @param {(...args: any[]) => unknown} holds @param {...unknown} args */
export async function until(page, holds, ...args) {
  try {
    await page.waitForFunction(holds, { polling: 50 }, ...args)
  } catch (err) {
    const now = await page.evaluate(() => document.body.innerText).catch(() => '')
    throw new Error(`never: ${holds} ${args.join(' ')}\nthe page says:\n${now}`, { cause: err })
  }
}

/** @param {Page} page @param {string} test */
export async function shown(page, test) {
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), `[data-test=${test}]`)
}

/** @param {Page} page @param {string} test */
export async function hidden(page, test) {
  await until(page, (s) => !document.querySelector(s)?.checkVisibility(), `[data-test=${test}]`)
}

/** @param {Page} page @param {string} selector */
export async function click(page, selector) {
  await until(page, (s) => document.querySelector(s)?.checkVisibility(), selector)
  await page.click(selector)
}

/** @param {Page} page @param {import('puppeteer-core').KeyInput} key */
export async function press(page, key) {
  await page.keyboard.press(key)
}

/** @param {Page} page @param {string} test */
export function text(page, test) {
  return page.$eval(`[data-test=${test}]`, (el) => el.textContent?.trim() ?? '')
}

/** Waits until an element's words match. @param {Page} page @param {string} selector @param {RegExp} want */
export async function says(page, selector, want) {
  await until(page, (s, w) => new RegExp(w).test(document.querySelector(s)?.textContent ?? ''), selector, want.source)
}

/** @param {Page} page @param {string} selector */
export async function count(page, selector) {
  return (await page.$$(selector)).length
}

/** @param {Page} page @param {string} want */
export async function phase(page, want) {
  await until(page, (p) => document.querySelector('[data-test=call]:not([hidden])')?.getAttribute('data-phase') === p, want)
}

/** Waits until the remote video has shown so many more frames. @param {Page} page @param {number} more */
export async function frames(page, more) {
  const video = '[data-test=remote]'
  const shown = () => page.$eval(video, (v) => /** @type {HTMLVideoElement} */ (v).getVideoPlaybackQuality().totalVideoFrames)
  await until(page, (s, n) => document.querySelector(s).getVideoPlaybackQuality().totalVideoFrames >= n, video, (await shown()) + more)
}

/** What axe finds against WCAG 2.2 AA and its good habits. @param {Page} page @param {string[]} [rules] those alone */
export async function violations(page, rules) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe)
  const found = await page.evaluate((only) => /** @type {any} */ (window).axe.run(document, {
    preload: false, resultTypes: ['violations'], ...(only && { runOnly: only }),
  }), rules)
  return found.violations.map((/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.target.join(' ')).join(', ')} ${v.nodes[0].failureSummary}`)
}
