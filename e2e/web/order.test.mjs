// The order of the line and what becomes of a place in it: moved by pointer, finger, keys and from a list, urgent,
// removed and taken back, handed over. Two pages of one clinic look on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, phase, press, says, shown, text, until } from './look.mjs'
import { choose, guard, out, part, row, stage, start } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {{id: string, name: string, number: number, cpr: string}} Place */

/** Waits until the page shows these places in this order. @param {Page} page @param {Place[]} want */
const inOrder = (page, ...want) =>
  until(page, (w) => [...document.querySelectorAll('[data-test=row]')].map((el) => /** @type {HTMLElement} */ (el).dataset.entry).join() === w, want.map((e) => e.id).join())

/** Three who wait, in the order of the line, and the pages that look at them. @param {('doctor' | 'colleague')[]} who */
async function three(...who) {
  const pages = []
  for (const w of who) pages.push(await lab().page(w))
  const all = [await lab().join(), await lab().join(), await lab().join()]
  await until(pages[0], () => document.querySelectorAll('[data-test=row]').length === 3)
  const line = await pages[0].$$eval('[data-test=row]', (rows) => rows.map((el) => /** @type {HTMLElement} */ (el).dataset.entry))
  all.sort((a, b) => line.indexOf(a.id) - line.indexOf(b.id)) // by number, or by the time that they have booked
  for (const page of pages) await inOrder(page, ...all)
  return { pages, all }
}

/** @param {Page} page @param {string} dialog @param {string} [reason] */
async function because(page, dialog, reason) {
  await shown(page, `${dialog}-dialog`)
  if (reason) await page.type(`[data-test=${dialog === 'move' ? 'move-reason' : 'reason'}]`, reason)
  else await click(page, `[data-test=${dialog}-dialog] [data-test=pick]`)
  await click(page, `[data-test=${dialog}-do]`)
}

/** The middle of an element. @param {Page} page @param {string} selector */
async function middle(page, selector) {
  const box = await (await page.$(selector))?.boundingBox()
  if (!box) throw new Error(`${selector} is not to be seen`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, top: box.y }
}

/** Carries a place by its handle above another, without letting it go. @param {Page} page @param {Place} e @param {Place} above */
async function carry(page, e, above) {
  const from = await middle(page, part(e.id, 'handle'))
  const to = await middle(page, row(above.id))
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x, to.top + 4, { steps: 8 })
}

test('by mouse: carried to its new place, a reason is asked for, and every page shows who moved it and why', guard, async () => {
  const { pages: [page, other], all: [a, b, c] } = await three('doctor', 'colleague')
  await carry(page, c, a)
  await inOrder(page, c, a, b)
  await page.screenshot({ path: `${out}carried.png` })
  await page.mouse.up()
  await shown(page, 'move-dialog')
  await click(page, '[data-test=move-do]')
  await says(page, '[data-test=move-reason-missing]', /Skriv hvorfor/)
  await inspect(page, 'move')
  await because(page, 'move', 'Skal til dialyse')
  for (const p of [page, other]) {
    await inOrder(p, c, a, b)
    await says(p, part(c.id, 'moved'), /^Flyttet af Lars Holm: Skal til dialyse$/)
  }
  assert.deepEqual((await lab().seen(c)).number, c.number, 'the number stays')
  await inspect(page, 'moved')
})

test('by finger: the same', guard, async () => {
  const { pages: [page], all: [a, b, c] } = await three('doctor')
  const from = await middle(page, part(a.id, 'handle'))
  const to = await middle(page, row(b.id))
  const touch = await page.touchscreen.touchStart(from.x, from.y)
  for (const y of [from.y + 10, (from.y + to.y) / 2, to.y + 20]) await touch.move(from.x, y)
  await inOrder(page, b, a, c)
  await touch.end()
  await because(page, 'move')
  await inOrder(page, b, a, c)
  await says(page, part(a.id, 'moved'), /Er blevet dårligere/)
})

test('by keys alone: Enter lifts, arrows move, Escape puts back, Enter drops; each step is said', guard, async () => {
  const { pages: [page], all: [a, b, c] } = await three('doctor')
  const said = () => text(page, 'moving')
  await page.focus(part(c.id, 'handle'))
  await press(page, 'Enter')
  assert.equal(await said(), `${c.name} er løftet, plads 3 af 3`)
  await inspect(page, 'lifted')
  await press(page, 'ArrowUp')
  await press(page, 'ArrowUp')
  assert.equal(await said(), 'Plads 1 af 3')
  await inOrder(page, c, a, b)
  await press(page, 'Escape')
  await inOrder(page, a, b, c)
  assert.match(await said(), /står, hvor patienten stod/)
  await press(page, 'Space')
  await press(page, 'ArrowUp')
  await inOrder(page, a, c, b)
  await press(page, 'Space')
  await shown(page, 'move-dialog')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'move-reason')
  await page.keyboard.type('Aftalt med datteren')
  await press(page, 'Enter')
  await says(page, part(c.id, 'moved'), /Aftalt med datteren/)
  await inOrder(page, a, c, b)
  await hidden(page, 'move-dialog')
  assert.equal(await page.evaluate(() => document.activeElement?.closest('li')?.dataset.entry), c.id, 'the focus stays with the patient')
})

test('without dragging: the menu opens a list of places', guard, async () => {
  const { pages: [page], all: [a, b, c] } = await three('doctor')
  await choose(page, a, 'menu-move')
  await click(page, '[data-test=move-do]')
  await says(page, '[data-test=move-changed]', /Vælg en anden plads/)
  await page.select('[data-test=move-place]', '')
  await inOrder(page, b, c, a)
  await because(page, 'move')
  await inOrder(page, b, c, a)
  await choose(page, b, 'menu-move')
  await page.select('[data-test=move-place]', '')
  await inOrder(page, c, a, b)
  await press(page, 'Escape')
  await inOrder(page, b, c, a)
})

test('two pages carry at once: the second is told who moved whom, and both end with the backend\'s order', guard, async () => {
  const { pages: [page, other], all: [a, b, c] } = await three('doctor', 'colleague')
  await carry(page, c, a)
  await carry(other, b, a)
  await page.mouse.up()
  await other.mouse.up()
  await shown(other, 'move-dialog')
  await because(page, 'move', 'Feber')
  await says(other, '[data-test=move-changed]', /Lars Holm har flyttet .* imens/)
  await inOrder(other, c, b, a)
  await inspect(other, 'move-changed')
  await because(other, 'move', 'Smerter')
  for (const p of [page, other]) {
    await inOrder(p, c, b, a)
    await says(p, part(b.id, 'moved'), /Peter Lund: Smerter/)
  }
})

test('E67: while somebody carries, the order stands still and newcomers go below; one who leaves is put down', guard, async () => {
  const { pages: [page], all: [a, b, c] } = await three('doctor')
  await page.focus(part(b.id, 'handle'))
  await press(page, 'Enter')
  await press(page, 'ArrowUp')
  const d = await lab().join()
  await inOrder(page, b, a, c, d)
  await lab().leave(b)
  await inOrder(page, a, c, d)
  assert.equal(await text(page, 'moving'), `${b.name} venter ikke længere`)
})

test('urgent: first in line on every page, with a reason, and back again', guard, async () => {
  const { pages: [page, other], all: [a, b, c] } = await three('doctor', 'colleague')
  await choose(page, c, 'menu-urgent')
  await inspect(page, 'urgent')
  await because(page, 'reason', 'Trykken for brystet')
  for (const p of [page, other]) {
    await inOrder(p, c, a, b)
    await says(p, part(c.id, 'urgent'), /^Haster$/)
    await says(p, part(c.id, 'moved'), /^Haster, siger Lars Holm: /)
  }
  await inspect(page, 'urgent-list')
  await choose(other, c, 'menu-urgent')
  for (const p of [page, other]) {
    await inOrder(p, a, b, c)
    await until(p, (s) => !document.querySelector(s)?.checkVisibility(), part(c.id, 'urgent'))
  }
})

test('E44: removed with a reason the tablet reads; half a minute to take it back, to the same place', guard, async () => {
  const { pages: [page, other], all: [a, b, c] } = await three('doctor', 'colleague')
  await choose(page, b, 'menu-remove')
  await click(page, '[data-test=reason-do]')
  await says(page, '[data-test=reason-missing]', /Skriv hvorfor/)
  await inspect(page, 'remove')
  await because(page, 'reason', 'Ring til os')
  for (const p of [page, other]) {
    await says(p, part(b.id, 'state'), /Fjernet fra køen/)
    await says(p, part(b.id, 'start'), /^Fortryd \(\d+ s\)$/)
    await inOrder(p, a, b, c)
  }
  await inspect(page, 'removed')
  assert.equal((await lab().seen(b)).end_words, 'Ring til os')
  assert.match(await page.title(), /^\(2\)/)
  await click(other, start(b.id))
  for (const p of [page, other]) {
    await says(p, part(b.id, 'start'), /^Start$/)
    await inOrder(p, a, b, c)
  }
  assert.equal((await lab().seen(b)).state, 'waiting')
})

test('a call handed over: it ends here, and the colleague has the patient on top, is told, and goes on', guard, async () => {
  const other = await lab().page('colleague')
  const { page, e, tablet } = await talking()
  const waiting = await lab().join()
  await click(page, '[data-test=more]')
  await click(page, '[data-test=more-hand-over]')
  await shown(page, 'handover-dialog')
  await click(page, '[data-test=handover-do]')
  await says(page, '[data-test=handover-text]', /Vælg en kollega/)
  await inspect(page, 'hand-over')
  await click(page, '[data-test=colleague]')
  await says(page, '[data-test=handover-do]', /Overdrag til Peter Lund/)
  await click(page, '[data-test=handover-do]')
  await hidden(page, 'call')
  await tablet.ended()
  await says(page, '[data-test=news]', /er overdraget til Peter Lund/)
  await says(page, part(e.id, 'handed'), /Overdraget til Peter Lund/)
  await inOrder(other, e, waiting)
  await says(other, part(e.id, 'handed'), /Overdraget til dig af Lars Holm/)
  await says(other, '[data-test=news]', /Lars Holm har overdraget .* til dig/)
  await inspect(other, 'handed-over')
  await click(other, start(e.id))
  await phase(other, 'calling')
  const again = await lab().tablet(e)
  await again.answer()
  await phase(other, 'talking')
})

test('a waiting patient is handed over from the row', guard, async () => {
  const { pages: [page, other], all: [a, b, c] } = await three('doctor', 'colleague')
  await choose(page, c, 'menu-hand-over')
  await click(page, '[data-test=colleague]')
  await click(page, '[data-test=handover-do]')
  await says(other, part(c.id, 'handed'), /Overdraget til dig af Lars Holm/)
  await says(other, '[data-test=news]', /Lars Holm har overdraget .* til dig/)
  await inOrder(other, a, b, c)
})

test('E07: three times without an answer: below the line, in words, and still there', guard, async () => {
  const { pages: [page], all: [a, b, c] } = await three('doctor')
  for (let i = 0; i < 3; i++) {
    await click(page, start(a.id))
    await click(page, '[data-test=no-answer]')
    await hidden(page, 'call')
  }
  await inOrder(page, b, c, a)
  await says(page, part(a.id, 'below'), /Har ikke svaret tre gange/)
  await inspect(page, 'below')
})

test('E21, E24: a place held by two tablets says so', guard, async () => {
  const { pages: [page], all: [a] } = await three('doctor')
  await lab().joinToo(a)
  await says(page, part(a.id, 'presence'), /2 tabletter/)
  assert.equal(await count(page, '[data-test=row]'), 3)
})

test('signed out with a dialog open: nothing about a patient stays on the page', guard, async () => {
  const { pages: [page], all } = await three('doctor')
  await choose(page, all[1], 'menu-message')
  await shown(page, 'message-dialog')
  await lab().expire(page)
  await lab().leave(all[2])
  await shown(page, 'login')
  const left = await page.evaluate(() => document.documentElement.textContent ?? '')
  for (const e of all) assert.ok(!left.includes(e.name), `${e.name} stays on the page`)
})

test('at 1024 px and at 200 % zoom, row, menu and dialogs stay on the page', guard, async () => {
  const { pages: [page], all: [a, , c] } = await three('doctor')
  await lab().join({ reason: 'Åndenød siden i går, hoster mere end normalt. Vil gerne have råd om medicin i aften' })
  await choose(page, c, 'menu-urgent')
  await because(page, 'reason', 'Åndenød, som er blevet værre i løbet af formiddagen, og angst')
  await says(page, part(c.id, 'urgent'), /Haster/)
  for (const [width, height, zoom] of [[1024, 768, 1], [1280, 800, 2], [3840, 1600, 1]]) {
    await page.setViewport({ width: width / zoom, height: height / zoom, deviceScaleFactor: zoom })
    await page.$eval(part(a.id, 'menu-button'), (el) => el.scrollIntoView({ block: 'center' }))
    await page.screenshot({ path: `${out}room-${width}-${zoom}.png` })
    await click(page, part(a.id, 'menu-button'))
    await page.screenshot({ path: `${out}menu-${width}-${zoom}.png` })
    for (const selector of ['[data-test=menu]', '[data-test=move-dialog]']) {
      if (selector.includes('move')) await click(page, '[data-test=menu-move]')
      const out = await page.$eval(selector, (el) => {
        const box = el.getBoundingClientRect()
        return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight && el.scrollHeight <= el.clientHeight
      })
      assert.equal(out, false, `${selector} runs out of the window at ${width} px, ${zoom}`)
    }
    await page.screenshot({ path: `${out}move-${width}-${zoom}.png` })
    await press(page, 'Escape')
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${width} px at ${zoom}: ${over} px too wide`)
  }
})
