// Three and four people: a guest's journey on a telephone from the link to the end, and what the clinic does and sees.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, hidden, phase, press, shown, text, until } from './look.mjs'
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

/** A guest that the clinic has let in. @param {{page: Page, e: {id: string}}} call @param {string} name @param {string} kind @param {() => void} [before] in its page */
async function letIn({ page, e }, name, kind, before) {
  const { url, guest } = await lab().invite(e, { kind })
  const phone = await lab().phone(url, { before })
  await enter(phone, name)
  await until(page, (n) => document.querySelector('[data-test=lobby]')?.textContent?.includes(n), name)
  await click(page, '[data-test=admit]')
  await moves(phone, 'clinic')
  return { phone, guest: guest.id }
}

test('E48: a relative by a link: name, leave, lobby, let in; all three see each other; reload keeps the place; shown out', guard, async () => {
  const { page, tablet } = await talking()
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
  await until(phone, () => document.querySelectorAll('[data-test=tile][data-look=picture]').length === 2)
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
})

test('four people: every pair has a connection, and one who leaves costs the others nothing', guard, async () => {
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

test('who is shown out is cut off at once, by those too who can read nothing just now', guard, async () => {
  const call = await talking()
  const a = await letIn(call, 'Mette Madsen', 'relative')
  const b = await letIn(call, 'Amina Yusuf', 'interpreter')
  await moves(b.phone, a.guest)
  for (const page of [call.page, b.phone]) {
    await page.evaluate(() => {
      const ask = fetch
      window.fetch = (what, how) => /\/guests?$/.test(new URL(String(what instanceof Request ? what.url : what), location.href).pathname) && (how?.method ?? 'GET') === 'GET'
        ? Promise.reject(new TypeError('no network')) : ask(what, how)
    })
  }
  await click(call.page, '[data-test=guests]')
  await click(call.page, '[data-test=remove-guest]') // the first that was let in
  for (const page of [call.page, b.phone]) await until(page, (id) => !document.querySelector(`[data-participant="${id}"]`), a.guest)
})

test('a telephone that puts its camera to sleep is not a face that stands still: the others are told', guard, async () => {
  const call = await talking()
  const { phone, guest } = await letIn(call, 'Mette Madsen', 'relative')
  await moves(call.page, guest)
  const sleeps = (/** @type {boolean} */ muted) => phone.evaluate((muted) => {
    const self = /** @type {HTMLVideoElement} */ (document.querySelector('[data-test=self]'))
    const track = /** @type {MediaStream} */ (self.srcObject).getVideoTracks()[0]
    Object.defineProperty(track, 'muted', { configurable: true, get: () => muted })
    track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'))
  }, muted)
  await sleeps(true)
  await until(call.page, (id) => document.querySelector(`[data-participant="${id}"]`)?.getAttribute('data-look') === 'off', guest)
  await sleeps(false)
  await until(call.page, (id) => document.querySelector(`[data-participant="${id}"]`)?.getAttribute('data-look') === 'picture', guest)
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

  const third = await lab().phone(`${lab().guestPage}#${'a'.repeat(26)}`)
  await third.type('[data-test=name]', 'En tredje')
  await click(third, '[data-test=enter]')
  await shown(third, 'over-screen')
  assert.match(await text(third, 'over-words'), /kender ikke linket/)
})

test('an answer that is lost on the way costs no link: the same try is sent again, and the guest is in', guard, async () => {
  const { e } = await talking()
  const { url } = await lab().invite(e, { kind: 'interpreter' })
  const phone = await lab().phone(url)
  await shown(phone, 'name-screen')
  const keys = /** @type {(string | undefined)[]} */ ([])
  await phone.setRequestInterception(true)
  phone.on('request', async (req) => {
    if (req.method() !== 'POST' || !new URL(req.url()).pathname.endsWith('/guest/sessions')) return req.continue()
    const headers = req.headers()
    if (keys.push(headers['idempotency-key']) > 1) return req.continue()
    const reply = await fetch(req.url(), { method: 'POST', headers, body: req.postData() })
    assert.ok(reply.ok, `${reply.status}`)
    return req.abort('connectionreset') // the backend has done it, and the phone never hears
  })
  await phone.type('[data-test=name]', 'Amina Yusuf')
  await click(phone, '[data-test=enter]')
  await shown(phone, 'devices-screen')
  assert.ok(keys.length > 1 && keys[0] && keys.every((k) => k === keys[0]), `keys ${keys}`)
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

/** Two cameras as a telephone has them: one open at a time, the rear one with a lamp, both with a zoom. Runs in the page. */
function telephone() {
  const w = /** @type {any} */ (window)
  w.asked = []
  w.broken = ''
  w.negotiations = 0
  const media = navigator.mediaDevices
  const [open, list, remote] = [media.getUserMedia.bind(media), media.enumerateDevices.bind(media), RTCPeerConnection.prototype.setRemoteDescription]
  RTCPeerConnection.prototype.setRemoteDescription = function (d) {
    w.negotiations++
    return remote.call(this, d)
  }
  media.enumerateDevices = async () => [...await list(), /** @type {any} */ ({ kind: 'videoinput', deviceId: 'another', groupId: 'another', label: '' })]
  /** @type {MediaStreamTrack | undefined} */
  let filming
  media.getUserMedia = async (c = {}) => {
    const { facingMode, zoom, ...video } = /** @type {any} */ (c.video ?? {})
    const facing = facingMode?.exact ?? 'user'
    if (c.video && (filming?.readyState === 'live' || w.broken === facing)) throw new DOMException('', 'NotReadableError')
    const stream = await open({ ...c, ...(c.video && { video }) })
    const [track] = stream.getVideoTracks()
    if (!track) return stream
    filming = track
    const now = { facingMode: facing, zoom: 1, torch: false }
    const own = track.getSettings.bind(track)
    track.getSettings = () => ({ ...own(), ...now })
    track.getCapabilities = () => /** @type {any} */ ({ zoom: { min: 1, max: 8, step: 0.1 }, ...(facing === 'environment' && { torch: true }) })
    track.applyConstraints = async (wanted) => {
      w.asked.push(wanted?.advanced?.[0])
      Object.assign(now, wanted?.advanced?.[0])
    }
    return stream
  }
}

test('a telephone\'s camera: nearer, turned without a negotiation, with its lamp; one that does not open gives back the other', guard, async () => {
  const call = await talking()
  const { phone, guest } = await letIn(call, 'Mette Madsen', 'relative', telephone)
  await phone.setViewport({ width: 390, height: 844 })
  await moves(call.page, guest)
  await shown(phone, 'flip')
  await shown(phone, 'zoom')
  await hidden(phone, 'torch')
  const asked = (/** @type {object} */ want) => until(phone, (w) => JSON.stringify(/** @type {any} */ (window).asked.at(-1)) === w, JSON.stringify(want))
  await phone.focus('[data-test=zoom]')
  for (let i = 0; i < 3; i++) await press(phone, 'ArrowRight')
  await asked({ zoom: 1.3 })

  const negotiations = await phone.evaluate('negotiations')
  const mirrored = (/** @type {boolean} */ on) => until(phone, (on) => (getComputedStyle(/** @type {Element} */ (document.querySelector('[data-test=self]'))).transform !== 'none') === on, on)
  await mirrored(true)
  const seen = () => call.page.$eval(`[data-participant="${guest}"] video`, (v) => /** @type {HTMLVideoElement} */ (v).getVideoPlaybackQuality().totalVideoFrames)
  await click(phone, '[data-test=flip]')
  await mirrored(false)
  await click(phone, '[data-test=torch]')
  await asked({ torch: true })
  await until(phone, () => document.querySelector('[data-test=torch]')?.getAttribute('aria-pressed') === 'true')
  await inspect(phone, 'guest-lens')
  const before = await seen()
  await until(call.page, (id, n) => /** @type {HTMLVideoElement} */ (document.querySelector(`[data-participant="${id}"] video`)).getVideoPlaybackQuality().totalVideoFrames >= n, guest, before + 10)
  assert.equal(await phone.evaluate('negotiations'), negotiations)

  await phone.evaluate('broken = "user"')
  await click(phone, '[data-test=flip]')
  await until(phone, () => document.querySelector('[data-test=torch]')?.getAttribute('aria-pressed') === 'false') // it has been opened anew
  await mirrored(false)
  await hidden(phone, 'devices-problem')
  await phone.evaluate('broken = ""')
  await click(phone, '[data-test=flip]')
  await mirrored(true)
  await click(phone, '[data-test=camera]')
  await hidden(phone, 'lens')
  assert.equal(await phone.evaluate('negotiations'), negotiations)
})

test('a browser that can carry no call says so before it uses the link up', guard, async () => {
  const { e } = await talking()
  const { url } = await lab().invite(e, { kind: 'relative' })
  const old = await lab().phone(url, { before: () => { delete (/** @type {any} */ (window)).RTCPeerConnection } })
  await shown(old, 'over-screen')
  assert.equal(await text(old, 'over-words'), 'Denne browser kan ikke vise video')
  await inspect(old, 'guest-unsupported')
  await enter(await lab().phone(url), 'Mette Madsen')
})

test('who points at the tablet is not said to be the citizen: the nurse may too', guard, async () => {
  const call = await talking()
  const { phone, guest } = await letIn(call, 'Mette Madsen', 'relative')
  await moves(phone, 'tablet')
  assert.equal(await phone.$eval('[data-participant=tablet] [data-test=tile-name]', (el) => el.textContent), 'Borgeren')
  await until(call.tablet.page, (to) => /** @type {any} */ (window).tablet.line(to).still?.readyState === 'open', guest)
  const { id } = /** @type {{id: string}} */ (await call.tablet.page.evaluate('tablet.sendStill({ width: 640, height: 480 })'))
  await until(phone, () => /** @type {HTMLCanvasElement} */ (document.querySelector('[data-test=still-picture]')).width === 640)
  await call.tablet.page.evaluate((to, id) => /** @type {any} */ (window).tablet.line(to).pointer.send(JSON.stringify({ id, x: 0.3, y: 0.2 })), guest, id)
  await until(phone, () => document.querySelector('[data-test=finger]')?.textContent === 'Hos borgeren')
  assert.equal(await phone.$eval('#viewer-title', (el) => el.textContent), 'Foto fra borgerens tablet')
  await inspect(phone, 'guest-still')
})

test('the mode is chosen and shown', guard, async () => {
  const { page } = await talking()
  assert.equal(await text(page, 'call-mode'), 'Videokonsultation')
  await click(page, '[data-test=guests]')
  await page.select('[data-test=guests-dialog] [data-test=mode]', 'videokonference')
  await until(page, () => document.querySelector('[data-test=call-mode]')?.textContent === 'Videokonference')
})
