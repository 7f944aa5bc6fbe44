// The clinic's words to those who wait, opening and closing, and signing out: what a secretary does and reads, and what
// reaches the tablet.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, press, says, shown, text, until } from './look.mjs'
import { choose, guard, part, row, stage } from './stage.mjs'

const { lab, inspect } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

/** The doctor's page with so many waiting. @param {number} n */
async function waiting(n) {
  const page = await lab().page('doctor')
  const all = []
  for (let i = 0; i < n; i++) all.push(await lab().join())
  await until(page, (n) => document.querySelectorAll('[data-test=row]').length === n, n)
  return { page, all }
}

test('a message to one: written by hand, kept, and seen as read when the nurse has read it', guard, async () => {
  const { page, all: [e] } = await waiting(1)
  await choose(page, e, 'menu-message')
  await inspect(page, 'message')
  await press(page, 'Tab')
  await click(page, '[data-test=message-do]')
  await shown(page, 'message-words-missing')
  await page.type('[data-test=message-words]', 'Vi ringer, når prøven er her')
  await click(page, '[data-test=message-do]')
  await says(page, part(e.id, 'message-line'), /Vi ringer, når prøven er her · ikke læst endnu/)
  await says(page, '[data-test=news]', /Beskeden er sendt/)
  assert.equal((await lab().seen(e)).messages[0].text, 'Vi ringer, når prøven er her')
  await lab().read(e)
  await says(page, part(e.id, 'message-line'), /læst kl\. \d\d\.\d\d/)
  await choose(page, e, 'menu-message')
  assert.match(await text(page, 'said'), /Vi ringer, når prøven er her.*Lars Holm.*læst kl/)
  await inspect(page, 'message-again')
})

test('a message to all who wait reaches each of them, and a colleague sees it in the rows', guard, async () => {
  const { page, all } = await waiting(2)
  const colleague = await lab().page('colleague')
  await click(page, '[data-test=all]')
  assert.match(await page.$eval('#message-title', (el) => el.textContent ?? ''), /\(2\)/)
  await click(page, '[data-test=message-dialog] [data-test=pick]')
  await click(page, '[data-test=message-do]')
  await says(page, '[data-test=news]', /Besked sendt til 2 ventende/)
  for (const e of all) {
    assert.equal((await lab().seen(e)).messages.at(-1).text, 'Vi ringer om lidt.')
    await says(colleague, part(e.id, 'message-line'), /Vi ringer om lidt\. · ikke læst endnu/)
  }
})

test('E45: a delay is two presses; said twice within a minute, the last counts, on every page and tablet', guard, async () => {
  const { page, all: [e] } = await waiting(1)
  const colleague = await lab().page('colleague')
  await click(page, '[data-test=delay]')
  await inspect(page, 'delay')
  await click(page, '[data-test=delay-15]')
  await says(page, '[data-test=late-line]', /Forsinket ca\. 15 min\., meldt kl\. \d\d\.\d\d/)
  await says(page, '[data-test=news]', /1 ventende får at vide: Vi er ca\. 15 min\. forsinket/)
  await click(page, '[data-test=delay]')
  await click(page, '[data-test=delay-45]')
  for (const p of [page, colleague]) await says(p, '[data-test=late-line]', /ca\. 45 min\./)
  assert.equal((await lab().seen(e)).clinic.delay_min, 45)
  await inspect(page, 'delayed')
  await page.focus('[data-test=delay]')
  await press(page, 'Enter')
  await press(page, 'End')
  await press(page, 'Enter')
  for (const p of [page, colleague]) await hidden(p, 'late-line')
  assert.equal((await lab().seen(e)).clinic.delay_min, undefined)
})

test('E09: closing says first how many wait and what becomes of them, and afterwards when; opening lets them stay', guard, async () => {
  const { page, all } = await waiting(3)
  await click(page, '[data-test=toggle]')
  assert.match(await text(page, 'close-text'), /^3 venter\..*tages af køen kl\. \d\d\.\d\d/)
  await lab().leave(all[2])
  await says(page, '[data-test=close-text]', /^2 venter\./)
  await inspect(page, 'closing')
  await page.type('[data-test=close-reason]', 'Akut besøg')
  await press(page, 'Enter')
  await says(page, '[data-test=opening]', /^Lukket: Akut besøg · 2 venter · længst \d+ min\. · tages af køen kl\. \d\d\.\d\d$/)
  assert.equal(await count(page, row(all[0].id)), 1)
  await inspect(page, 'closed')
  await click(page, '[data-test=toggle]')
  await says(page, '[data-test=opening]', /^Åbent · 2 venter/)
})

test('E09: where the clinic may, closing keeps the places until it opens again', guard, async () => {
  await lab().kontaktd('clinic', 'set', '099001', '--keep=yes')
  const { page, all: [e] } = await waiting(1)
  await click(page, '[data-test=toggle]')
  await click(page, '[data-test=close-keep]')
  assert.match(await text(page, 'close-text'), /^1 venter\..*beholder nummer og plads til næste åbning/)
  await inspect(page, 'closing-keep')
  await click(page, '[data-test=close-dialog] [data-test=pick]')
  await click(page, '[data-test=close-do]')
  await says(page, '[data-test=opening]', /^Lukket: Akut besøg · 1 venter · .* · de beholder deres plads$/)
  assert.equal((await lab().seen(e)).state, 'waiting')
  await click(page, '[data-test=toggle]')
  await says(page, '[data-test=opening]', /^Åbent/)
  await lab().kontaktd('clinic', 'set', '099001', '--keep=no')
})

test('a row says the booked time, that there is none where the clinic wants one, and holiday cover', guard, async () => {
  await lab().kontaktd('clinic', 'set', '099001', '--booking=flag')
  await lab().cover()
  const page = await lab().page('doctor')
  const cpr = lab().next()
  await lab().book(cpr, '23:45')
  const none = await lab().join()
  const booked = await lab().join({ cpr })
  const covered = await lab().join({ cpr: lab().next('Lægerne Møllevej') })
  await says(page, part(booked.id, 'planned'), /^Aftale kl\. 23\.45$/)
  await says(page, part(none.id, 'no-booking'), /^Ingen aftale i dag$/)
  await says(page, part(covered.id, 'attachment'), /^Ferieafløsning$/)
  await inspect(page, 'booked')
  await lab().kontaktd('clinic', 'set', '099001', '--booking=off')
})

test('E61: who signs out while people wait is asked first', guard, async () => {
  const { page } = await waiting(1)
  await click(page, '[data-test=logout]')
  await shown(page, 'leave-dialog')
  await inspect(page, 'leaving')
  await click(page, '[data-test=leave-cancel]')
  await hidden(page, 'leave-dialog')
  assert.equal(await count(page, '[data-test=row]'), 1)
  await click(page, '[data-test=logout]')
  await click(page, '[data-test=leave-do]')
  await shown(page, 'login')
})

test('E60: a tab behind another rings by a notice that names nobody, and its title counts', guard, async () => {
  const page = await lab().page('doctor')
  await page.browserContext().overridePermissions(page.url(), ['notifications'])
  await page.evaluate(() => {
    const w = /** @type {any} */ (window)
    w.notices = []
    w.Notification = new Proxy(Notification, {
      construct(real, [title, options]) {
        w.notices.push(`${title}: ${options.body}`)
        return new real(title, options)
      },
    })
  })
  await click(page, '[data-test=sound]')
  const front = await page.browserContext().newPage()
  await front.bringToFront()
  const e = await lab().join()
  await until(page, () => /** @type {any} */ (window).notices.length > 0)
  const [said] = await page.evaluate(() => /** @type {any} */ (window).notices)
  assert.equal(said, `Virtuelt venteværelse: Ny patient, nummer ${e.number}.`)
  assert.match(await page.title(), /^\(1\)/)
})

test('who waits longer than was said is marked, with what was said (M7)', guard, async () => {
  const page = await lab().page('doctor')
  // The backend of the test is too young to have told anybody a wait, and nobody waits so long for a test.
  await page.evaluateOnNewDocument(() => {
    const real = window.fetch
    window.fetch = async (...args) => {
      const answer = await real(...args)
      if (!String(args[0]).endsWith('/clinic/entries')) return answer
      const body = await answer.json()
      for (const e of body.entries) {
        e.joined_at = new Date(Date.parse(body.now) - 25 * 60_000).toISOString()
        e.told_until = new Date(Date.parse(body.now) - 5 * 60_000).toISOString()
      }
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers })
    }
  })
  const e = await lab().join()
  await page.reload()
  await says(page, part(e.id, 'late'), /Sagt højst 20 min\./)
  await inspect(page, 'beyond')
})
