// Consent, presence and 112 as the clinic sees them: a consent that is withdrawn, what happened at a place, and the word
// that 112 was called.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, hidden, phase, shown, text, until } from './look.mjs'
import { choose, guard, part, row, stage, start } from './stage.mjs'

const { lab, inspect, talking } = stage()

test('E47: who waits withdraws the consent: the row goes, and the page says why', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await until(page, (s) => !!document.querySelector(s), row(e.id))
  await lab().withdraw(e)
  await until(page, (s) => !document.querySelector(s), row(e.id))
  assert.equal(await text(page, 'news').then((s) => s.replace(/Luk.*$/, '').trim()), `${e.name}, nummer ${e.number}, har trukket sit samtykke tilbage og står ikke længere i køen.`)
  await hidden(page, 'call')
})

test('E47: in a call it is over for all at once, and the page says why', guard, async (t) => {
  const { page, e, tablet } = await talking()
  const before = Date.now()
  await lab().withdraw(e)
  await phase(page, 'over')
  await tablet.ended()
  t.diagnostic(`over for both ${Date.now() - before} ms after it was asked for`)
  assert.equal(await text(page, 'call-words'), `${e.name} har trukket sit samtykke tilbage. Samtalen er slut for alle.`)
  await inspect(page, 'withdrawn')
  await click(page, '[data-test=call-record]')
  await shown(page, 'record-dialog')
  assert.match(await text(page, 'record-lines'), /Samtykket blev trukket tilbage\./)
  await click(page, '[data-test=record-cancel]')
  await click(page, '[data-test=call-dismiss]')
  await hidden(page, 'call')
  await until(page, (s) => !document.querySelector(s), row(e.id))
})

test('M11: the record says what happened, and has the code that the tablet has; another line makes another code', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await lab().inRoom(e, 'in', 'relative')
  await until(page, (s) => !!document.querySelector(s), row(e.id))
  await choose(page, e, 'menu-record')
  await shown(page, 'record-dialog')
  const said = await page.$$eval('[data-test=record-lines] li', (all) => all.map((el) => el.textContent?.replace(/^\d+\. kl\. \d\d\.\d\d: /, '')))
  assert.deepEqual(said, [
    'Samtykke: borgeren sagde ja.', 'Medarbejderen kom til.', 'Borgeren kom til.', 'Videokonsultation: medarbejderen hjælper med teknikken.', 'En pårørende kom til.',
  ])
  const code = await text(page, 'record-code')
  assert.equal(code, `Kontrolkode: ${(await lab().record(e)).code}`)
  await inspect(page, 'record')
  await click(page, '[data-test=record-cancel]')
  await until(page, () => document.querySelector('[data-test=record-lines]')?.textContent === '')
  await lab().inRoom(e, 'out', 'relative')
  await choose(page, e, 'menu-record')
  await shown(page, 'record-dialog')
  assert.notEqual(await text(page, 'record-code'), code)
})

test('E56: 112 is called: the place is kept, the row says when, and it is said aloud at once', guard, async () => {
  const page = await lab().page('doctor')
  const e = await lab().join()
  await until(page, (s) => !!document.querySelector(s), start(e.id))
  await lab().emergency(e)
  await until(page, (s) => /^112 kaldt kl\. \d\d\.\d\d$/.test(document.querySelector(s)?.textContent ?? ''), part(e.id, 'emergency'))
  assert.match(await text(page, 'notices'), new RegExp(`112 er kaldt kl\\. \\d\\d\\.\\d\\d hos ${e.name}, nummer ${e.number}\\. Pladsen er gemt\\.`))
  assert.equal(await page.$eval('[data-test=notices]', (el) => el.role), 'alert')
  await inspect(page, 'emergency')
  await click(page, '[data-test=dismiss]')
  await lab().emergency(e) // pressed again, it is said once
  await click(page, start(e.id))
  await (await lab().tablet(e)).answer()
  await phase(page, 'talking')
  assert.match(await text(page, 'call-emergency'), /^112 kaldt kl\./)
})

test('M10: the doctor reads that the patient is alone, and that the nurse is back', guard, async () => {
  const { page, e } = await talking()
  assert.match(await text(page, 'call-helper'), /Sanne Ravn/)
  await lab().presence(e, true)
  await until(page, (s) => /alene med dig – Sanne Ravn er gået/.test(document.querySelector(s)?.textContent ?? ''), '[data-test=call-helper]')
  await inspect(page, 'alone')
  await lab().presence(e, false)
  await until(page, (s) => /hjælper med teknikken/.test(document.querySelector(s)?.textContent ?? ''), '[data-test=call-helper]')
})
