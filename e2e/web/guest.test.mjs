// Three and four people: a guest's journey on a telephone from the link to the end, and what the clinic does and sees.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, phase, shown, text, until } from './look.mjs'
import { guard, out, stage } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

/** @param {Page} page @param {string} name */
async function enter(page, name) {
  await shown(page, 'name-screen')
  await page.type('[data-test=name]', name)
  await click(page, '[data-test=enter]')
  await shown(page, 'devices-screen')
  await click(page, '[data-test=open-devices]')
  await shown(page, 'room-screen')
}

/** Waits until somebody's picture in this page moves. @param {Page} page @param {string} from */
const moves = (page, from) => until(page, (from) => {
  const v = document.querySelector(`[data-participant="${from}"][data-look=picture] video`)
  return v instanceof HTMLVideoElement && v.getVideoPlaybackQuality().totalVideoFrames > 5
}, from)

/** A guest that the clinic has let in. @param {{page: Page, e: {id: string}}} call @param {string} name @param {string} kind */
async function letIn({ page, e }, name, kind) {
  const { url, guest } = await lab().invite(e, { kind })
  const phone = await lab().phone(url)
  await enter(phone, name)
  await until(page, (n) => document.querySelector('[data-test=lobby]')?.textContent?.includes(n), name)
  await click(page, '[data-test=admit]')
  await moves(phone, 'clinic')
  return { phone, guest: guest.id }
}

test('E48: a relative by a link: name, leave, lobby, let in; all three see each other; reload keeps the place; shown out', guard, async () => {
  const { page, e, tablet } = await talking()
  await click(page, '[data-test=guests]')
  await inspect(page, 'guests-empty')
  await page.type('[data-test=invite-name]', 'Mette Madsen')
  await click(page, '[data-test=invite-do]')
  await until(page, () => /\/gaest\/#.+/.test(/** @type {HTMLInputElement} */ (document.querySelector('[data-test=invite-link]')).value))
  await inspect(page, 'guests-link')
  const url = await page.$eval('[data-test=invite-link]', (el) => /** @type {HTMLInputElement} */ (el).value)
  await click(page, '[data-test=guests-close]')
  await until(page, () => /** @type {HTMLInputElement} */ (document.querySelector('[data-test=invite-link]')).value === '') // it is shown once

  const phone = await lab().phone(url)
  await shown(phone, 'name-screen')
  assert.ok(!phone.url().includes('#'), 'the secret has left the address')
  await inspect(phone, 'guest-name')
  await click(phone, '[data-test=enter]')
  await shown(phone, 'name-missing')
  await phone.type('[data-test=name]', 'Mette Madsen')
  await click(phone, '[data-test=enter]')
  await shown(phone, 'devices-screen')
  assert.match(await phone.$eval('h1', (el) => el.textContent ?? ''), /Lægerne Havnegade inviterer dig/)
  await inspect(phone, 'guest-devices')
  await click(phone, '[data-test=open-devices]')
  await shown(phone, 'self')
  assert.equal(await text(phone, 'lobby-words'), 'Klinikken lukker dig ind om lidt')
  assert.equal(await count(phone, '[data-test=tile]'), 0, 'nobody is seen from the lobby')
  await inspect(phone, 'guest-lobby')

  await until(page, () => /Mette Madsen \(pårørende\) venter udenfor/.test(document.querySelector('[data-test=lobby]')?.textContent ?? ''))
  await inspect(page, 'lobby')
  await click(page, '[data-test=admit]')
  const guest = await phone.waitForFunction(() => document.querySelectorAll('[data-test=tile][data-look=picture]').length === 2, { polling: 50, timeout: 20_000 })
  assert.ok(guest)
  for (const from of ['tablet', 'clinic']) await moves(phone, from)
  const id = await page.$eval('[data-participant^=gst_]', (el) => /** @type {HTMLElement} */ (el).dataset.participant ?? '')
  await moves(page, id)
  await tablet.sees(10, id)
  await moves(page, 'tablet')
  await inspect(page, 'three')
  await inspect(phone, 'guest-three')
  const over = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(over <= 0, `${over} px too wide`)

  await phone.reload()
  for (const from of ['tablet', 'clinic']) await moves(phone, from)
  await moves(page, id)

  await click(page, '[data-test=guests]')
  await inspect(page, 'guests-inside')
  await click(page, '[data-test=remove-guest]')
  await shown(phone, 'over-screen')
  assert.equal(await text(phone, 'over-words'), 'Du er ikke med i samtalen længere')
  assert.match(await phone.$eval('[data-test=over-phone]', (el) => el.getAttribute('href') ?? ''), /^tel:\+?\d+/)
  await inspect(phone, 'guest-removed')
  await until(page, (id) => !document.querySelector(`[data-participant="${id}"]`), id)
  assert.ok(e.id)
})

test('four people: every pair has a connection, and one who leaves costs the others nothing', { timeout: 120_000 }, async () => {
  const call = await talking()
  const a = await letIn(call, 'Mette Madsen', 'relative')
  const b = await letIn(call, 'Amina Yusuf', 'interpreter')
  for (const [page, others] of /** @type {[Page, string[]][]} */ ([
    [call.page, ['tablet', a.guest, b.guest]], [a.phone, ['tablet', 'clinic', b.guest]], [b.phone, ['tablet', 'clinic', a.guest]],
  ])) {
    for (const from of others) await moves(page, from)
  }
  for (const from of ['clinic', a.guest, b.guest]) await call.tablet.sees(5, from)
  await inspect(call.page, 'four')
  await a.phone.screenshot({ path: `${out}guest-four.png` })
  await click(call.page, '[data-test=guests]')
  assert.match(await call.page.$eval('[data-test=guests-dialog]', (el) => el.textContent ?? ''), /højst tilføjes to deltagere/)
  await click(call.page, '[data-test=guests-close]')

  await click(a.phone, '[data-test=leave]')
  await shown(a.phone, 'over-screen')
  assert.equal(await text(a.phone, 'over-words'), 'Du har forladt samtalen')
  await until(call.page, (id) => !document.querySelector(`[data-participant="${id}"]`), a.guest)
  await until(b.phone, (id) => !document.querySelector(`[data-participant="${id}"]`), a.guest)
  await moves(call.page, b.guest)
})

test('a link that is no good says so, and what to do', guard, async () => {
  const { e } = await talking()
  const nobody = await lab().phone(lab().guestPage)
  await shown(nobody, 'over-screen')
  assert.equal(await text(nobody, 'over-words'), 'Åbn linket fra beskeden')
  await inspect(nobody, 'guest-no-link')

  const { url } = await lab().invite(e, { kind: 'interpreter' })
  const first = await lab().phone(url)
  await enter(first, 'Amina Yusuf')
  const second = await lab().phone(url)
  await second.type('[data-test=name]', 'En anden')
  await click(second, '[data-test=enter]')
  await shown(second, 'over-screen')
  assert.match(await text(second, 'over-words'), /Linket er brugt/)

  const { url: unknown } = { url: `${lab().guestPage}#${'a'.repeat(26)}` }
  const third = await lab().phone(unknown)
  await third.type('[data-test=name]', 'En tredje')
  await click(third, '[data-test=enter]')
  await shown(third, 'over-screen')
  assert.match(await text(third, 'over-words'), /kender ikke linket/)
})

test('refused at the door: the guest is told, with the clinic\'s telephone number', guard, async () => {
  const { page, e } = await talking()
  const { url } = await lab().invite(e, { kind: 'relative', name: 'Mette Madsen' })
  const phone = await lab().phone(url)
  await enter(phone, 'Mette Madsen')
  await click(page, '[data-test=refuse]')
  await shown(phone, 'over-screen')
  assert.equal(await text(phone, 'over-words'), 'Du er ikke med i samtalen længere')
  await shown(phone, 'over-phone')
  await hidden(page, 'admit')
})

test('the call ends for all: the guest reads it', guard, async () => {
  const call = await talking()
  const { phone } = await letIn(call, 'Mette Madsen', 'relative')
  await click(call.page, '[data-test=end]')
  await click(call.page, '[data-test=end-done]')
  await shown(phone, 'over-screen')
  assert.equal(await text(phone, 'over-words'), 'Samtalen er slut')
  await inspect(phone, 'guest-over')
})

test('the clinic\'s page loaded again in a call of three is back with both', guard, async () => {
  const call = await talking()
  const { phone, guest } = await letIn(call, 'Mette Madsen', 'relative')
  await call.page.reload()
  await phase(call.page, 'talking')
  await moves(call.page, 'tablet')
  await moves(call.page, guest)
  await moves(phone, 'clinic')
})

test('the mode is chosen and shown', guard, async () => {
  const { page } = await talking()
  assert.equal(await text(page, 'call-mode'), 'Videokonsultation')
  await click(page, '[data-test=guests]')
  await page.select('[data-test=guests-dialog] [data-test=mode]', 'videokonference')
  await until(page, () => document.querySelector('[data-test=call-mode]')?.textContent === 'Videokonference')
})
