// What a call carries and how it holds: text with each key, still pictures, pointing; bad networks said in words; devices
// that go away; the window of its own, the figures.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { click, count, frames, hidden, press, shown, text, until } from './look.mjs'
import { guard, stage } from './stage.mjs'

const { lab, inspect, talking } = stage()

/** @typedef {import('puppeteer-core').Page} Page */

/** What the tablet's page knows of its connection with the clinic. @param {Page} tablet @param {(l: any) => unknown} holds */
const heard = (tablet, holds) => tablet.waitForFunction(`(${holds})(tablet.line())`, { polling: 20 })

/** @param {Page} page @param {string} selector @param {string} want */
const says = (page, selector, want) => until(page, (s, w) => document.querySelector(s)?.textContent?.includes(w), selector, want)

test('EN 301 549: each key is with the other side while it is written, both ways, and the two are told apart', guard, async () => {
  const { page, tablet } = await talking()
  const line = (/** @type {string} */ js) => tablet.page.evaluate(`(() => { const l = tablet.line(); return ${js} })()`)
  await click(page, '[data-test=write-open]')
  await page.keyboard.type('K')
  await heard(tablet.page, (l) => l.text === 'K') // a letter, not a line
  await page.keyboard.type('an I hørr')
  await heard(tablet.page, (l) => l.text === 'Kan I hørr')
  await press(page, 'Backspace')
  await page.keyboard.type('e mig? 😀')
  await heard(tablet.page, (l) => l.text === 'Kan I hørr\u0008e mig? 😀')
  await press(page, 'Enter')
  await heard(tablet.page, (l) => l.text.endsWith('\u2028'))
  await says(page, '[data-test=written] .said-own', 'Kan I høre mig? 😀')

  await line('l.write("Ja, l\u00e6ge")')
  await says(page, '[data-test=writing] .said-other', 'Ja, læge')
  await line('l.write("\\b\\b\\b\\b\\b\\b, doktor\\u2028")')
  await says(page, '[data-test=written] .said-other', 'Ja, doktor')
  assert.equal(await count(page, '[data-test=writing] li'), 0)
  await line('l.write("nej")')
  await says(page, '[data-test=writing] .said-other', 'nej')
  await inspect(page, 'text')
})

test('the text of before stands again, once, when the tablet comes back on a new connection', guard, async () => {
  const { page, tablet } = await talking()
  await click(page, '[data-test=write-open]')
  await page.keyboard.type('Først')
  await press(page, 'Enter')
  await page.keyboard.type('så')
  await heard(tablet.page, (l) => l.text === 'Først\u2028så')
  await tablet.page.evaluate('tablet.line().write("hej")')
  await says(page, '[data-test=writing] .said-other', 'hej')
  await tablet.page.evaluate('tablet.line().text = ""')
  await tablet.offer()
  await heard(tablet.page, (l) => l.text === 'Først\u2028så')
  await tablet.page.evaluate('tablet.line().write("\\ufeffhej igen\\u0003")')
  await says(page, '[data-test=writing] .said-other', 'hej igen')
})

test('the tablet writes while nobody has opened the text: the button says so', guard, async () => {
  const { page, tablet } = await talking()
  await heard(tablet.page, (l) => l.t140.readyState === 'open')
  await tablet.page.evaluate('tablet.line().write("hej")')
  await says(page, '[data-test=write-open]', 'Ny tekst')
})

test('a still picture: asked for, on its way in words, resumed after a break, checked, zoomed, pointed at, forgotten', guard, async () => {
  const { page, tablet } = await talking()
  await heard(tablet.page, (l) => l.still.readyState === 'open')
  await click(page, '[data-test=still]')
  await heard(tablet.page, (l) => l.said.some((/** @type {any} */ m) => m.kind === 'ask'))
  await says(page, '[data-test=still-line]', 'Tabletten er bedt om et foto')
  const sent = /** @type {{size: number}} */ (await tablet.page.evaluate('tablet.sendStill({ width: 1600, height: 1200, cutAt: 300000 })'))
  assert.ok(sent.size > 400_000, `the picture is ${sent.size} bytes, too small to be broken off`)
  await shown(page, 'viewer')
  await says(page, '[data-test=still-state]', 'Fotoet er på vej')
  await hidden(page, 'still-line')
  await until(page, (n) => /** @type {HTMLProgressElement} */ (document.querySelector('[data-test=still-progress]')).value >= 300_000 / n - 0.01, sent.size)
  await inspect(page, 'still-coming')
  await tablet.offer()
  await heard(tablet.page, (l) => l.said.some((/** @type {any} */ m) => m.kind === 'have'))
  const from = Number(await tablet.page.evaluate('tablet.stills[0].from'))
  assert.ok(from > 250_000, `resumed at ${from}`)
  await until(page, () => /** @type {HTMLCanvasElement} */ (document.querySelector('[data-test=still-picture]')).width === 1600)
  const red = await page.evaluate(() => {
    const c = /** @type {HTMLCanvasElement} */ (document.querySelector('[data-test=still-picture]'))
    return [.../** @type {CanvasRenderingContext2D} */ (c.getContext('2d')).getImageData(800, 600, 1, 1).data]
  })
  assert.ok(red[0] > 150 && red[1] < 80, `the middle is ${red}`)

  const wide = () => page.$eval('[data-test=still-picture]', (el) => el.getBoundingClientRect().width)
  const before = await wide()
  await click(page, '[data-test=still-closer]')
  assert.ok(await wide() > before * 1.3)
  await click(page, '[data-test=still-point]')
  const box = await (await page.$('.viewer .frame'))?.boundingBox()
  assert.ok(box)
  await page.mouse.move(box.x + 60, box.y + 60)
  await page.mouse.move(box.x + 80, box.y + 80, { steps: 3 })
  await heard(tablet.page, (l) => l.points.some((/** @type {any} */ p) => p.x > 0 && p.x < 1 && p.y > 0))
  const id = await tablet.page.evaluate('tablet.stills[0].id')
  await tablet.page.evaluate(`tablet.line().pointer.send(JSON.stringify({ id: ${JSON.stringify(id)}, x: 0.3, y: 0.2 }))`)
  await shown(page, 'finger')
  await inspect(page, 'still')
  await tablet.page.evaluate(`tablet.line().pointer.send(JSON.stringify({ id: ${JSON.stringify(id)} }))`)
  await until(page, () => !document.querySelector('[data-test=finger]'))

  await click(page, '[data-test=still-drop]')
  await heard(tablet.page, (l) => l.said.some((/** @type {any} */ m) => m.kind === 'drop'))
  await hidden(page, 'viewer')
  assert.equal(await page.$eval('[data-test=still-picture]', (el) => /** @type {HTMLCanvasElement} */ (el).width), 0)
})

test('not now: who was asked for a picture says so, and may be asked again; an answer from nowhere means nothing', guard, async () => {
  const { page, tablet } = await talking()
  await heard(tablet.page, (l) => l.still.readyState === 'open')
  const pending = (/** @type {boolean} */ on) => until(page, (on) => document.querySelector('[data-test=still]')?.getAttribute('aria-disabled') === String(on), on)
  const decline = () => tablet.page.evaluate(`tablet.line().still.send('{"kind":"decline"}')`)
  await page.evaluate(() => {
    const line = document.querySelector('[data-test=still-line]')
    const told = /** @type {string[]} */ (/** @type {any} */ (window).told = [])
    new MutationObserver(() => {
      const now = line?.textContent ?? ''
      if (now && now !== told.at(-1)) told.push(now)
    }).observe(/** @type {Element} */ (line), { childList: true, characterData: true, subtree: true })
  })
  await tablet.page.evaluate(`tablet.line().still.send('{"kind":"sing","id":7}')`) // a newer tablet's word
  await decline()
  for (const time of [1, 2]) {
    await click(page, '[data-test=still]')
    await tablet.page.waitForFunction((n) => /** @type {any} */ (window).tablet.line().said.filter((/** @type {any} */ m) => m.kind === 'ask').length === n, { polling: 20 }, time)
    await says(page, '[data-test=still-line]', 'Tabletten er bedt om et foto')
    await pending(true)
    await click(page, '[data-test=still]') // pressed again meanwhile, it asks no second time
    await decline()
    await says(page, '[data-test=still-line]', 'Ikke lige nu, siger de ved tabletten')
    await pending(false)
  }
  assert.equal(await tablet.page.evaluate('tablet.line().said.length'), 2)
  const told = /** @type {string[]} */ (await page.evaluate('told'))
  assert.deepEqual(told.map((line) => line.split(' ')[0]), ['Tabletten', 'Ikke', 'Tabletten', 'Ikke'])
  await inspect(page, 'still-declined')
})

test('a still picture whose hash is wrong is never shown', guard, async () => {
  const { page, tablet } = await talking()
  await heard(tablet.page, (l) => l.still.readyState === 'open')
  await tablet.page.evaluate('tablet.sendStill({ width: 320, height: 240, wrong: true })')
  await heard(tablet.page, (l) => l.said.some((/** @type {any} */ m) => m.kind === 'bad'))
  await shown(page, 'still-line')
  await hidden(page, 'viewer')
})

test('what is no offer of ours is refused: too large, another type, a third at a time', guard, async () => {
  const { page, tablet } = await talking()
  await heard(tablet.page, (l) => l.still.readyState === 'open')
  const bad = /** @type {any[]} */ (await tablet.page.evaluate(async () => {
    const w = /** @type {any} */ (window)
    const l = w.tablet.line()
    const offer = (/** @type {string} */ c, /** @type {object} */ more) => l.still.send(JSON.stringify({
      kind: 'offer', id: c.repeat(32), type: 'image/jpeg', size: 1000, sha256: '0'.repeat(64), width: 10, height: 10, ...more,
    }))
    w.tablet.pieces = () => {}
    l.still.send('{')
    l.still.send(new Uint8Array(7))
    offer('a', { size: (20 << 20) + 1 })
    offer('b', { type: 'text/html' })
    offer('c', {})
    offer('d', {})
    offer('e', {})
    while (l.said.filter((/** @type {any} */ m) => m.kind === 'bad').length < 3) await new Promise((done) => setTimeout(done, 20))
    return l.said.filter((/** @type {any} */ m) => m.kind === 'bad').map((/** @type {any} */ m) => m.id[0])
  }))
  assert.deepEqual(bad, ['a', 'b', 'e'])
  await frames(page, 10) // the call goes on
})

test('a frozen face is never without a word: the sound goes on behind a card', guard, async () => {
  const { page, tablet } = await talking()
  await frames(page, 10)
  await tablet.page.evaluate('tablet.freeze(true)')
  await until(page, () => document.querySelector('[data-test=tile]')?.getAttribute('data-look') === 'sound')
  assert.equal(await text(page, 'tile-words'), 'Dårligt net – vi bliver ved med at have lyd')
  await until(page, () => Number(/** @type {HTMLMeterElement} */ (document.querySelector('[data-test=tile-level]')).value) > 0.05)
  await inspect(page, 'sound-only')
  await tablet.page.evaluate('tablet.freeze(false)')
  await until(page, () => document.querySelector('[data-test=tile]')?.getAttribute('data-look') === 'picture')
})

test('a connection that claims to stand while nothing comes is said to be lost, and replaced', guard, async () => {
  const { page, tablet } = await talking()
  await frames(page, 10)
  await tablet.page.evaluate('Promise.all(tablet.line().pc.getSenders().map((s) => s.replaceTrack(null)))')
  await says(page, '[data-test=tile-words]', 'Forbindelsen er ved at komme tilbage')
  await tablet.reconnected(2)
  await hidden(page, 'tile-words')
  await frames(page, 10)
})

test('each rung of the ladder that the tablet is on has its words', guard, async () => {
  const { page, tablet } = await talking()
  for (const [rung, words] of [['sound', 'vi bliver ved med at have lyd'], ['text', 'Skriv i stedet'], ['phone', 'Ring i stedet']]) {
    await tablet.state({ muted: false, camera_off: false, rung })
    await says(page, '[data-test=tile-words]', words)
  }
  await tablet.state({ muted: false, camera_off: false, rung: 'still' })
  await says(page, '[data-test=remote-note]', 'hvert 2. sekund')
  await hidden(page, 'tile-words')
  await tablet.state({ muted: false, camera_off: false, rung: 'full' })
  await hidden(page, 'remote-note')
})

test('a camera and a microphone that go away are replaced, and nothing breaks off', guard, async () => {
  const { page, tablet } = await talking()
  await tablet.sees(10)
  const ids = () => page.$eval('[data-test=self]', (v) => /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (v).srcObject).getTracks().map((t) => [t.kind, t.id]).sort())
  const before = await ids()
  await page.$eval('[data-test=self]', (v) => {
    const track = /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (v).srcObject).getVideoTracks()[0]
    track.stop()
    track.dispatchEvent(new Event('ended')) // as the browser does when the plug is pulled
  })
  await until(page, (id) => /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (document.querySelector('[data-test=self]')).srcObject).getVideoTracks()[0]?.id !== id, before[1][1])
  const after = await ids()
  assert.deepEqual(after[0], before[0], 'the microphone goes on untouched')
  const shown = await tablet.page.$eval('video', (v) => v.getVideoPlaybackQuality().totalVideoFrames)
  await tablet.sees(shown + 10)
  assert.equal(await tablet.page.evaluate('tablet.line().answers'), 1, 'without a negotiation')
})

test('another microphone, chosen in mid-call, is remembered', guard, async () => {
  const { page } = await talking()
  await click(page, '[data-test=more]')
  await click(page, '[data-test=more-call-equipment]')
  await until(page, () => document.querySelectorAll('[data-test=choose-microphone] option').length > 2)
  const id = await page.$eval('[data-test=choose-microphone]', (el) => /** @type {HTMLOptionElement} */ (el.lastElementChild).value)
  await page.select('[data-test=choose-microphone]', id)
  await until(page, (id) => /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (document.querySelector('[data-test=self]')).srcObject).getAudioTracks()[0]?.getSettings().deviceId === id, id)
  await click(page, '[data-test=equipment-close]')
  const used = () => until(page, (id) => /** @type {MediaStream | null} */ (/** @type {HTMLVideoElement | null} */ (document.querySelector('[data-test=self]'))?.srcObject ?? null)?.getAudioTracks()[0]?.getSettings().deviceId === id, id)
  await page.reload()
  await used()
  await page.evaluateOnNewDocument(() => { // as Safari: nothing has a name before something is open
    const media = navigator.mediaDevices
    const [list, open] = [media.enumerateDevices.bind(media), media.getUserMedia.bind(media)]
    let opened = false
    media.enumerateDevices = async () => (opened ? list() : [])
    media.getUserMedia = async (c) => {
      const stream = await open(c)
      opened = true
      return stream
    }
  })
  await page.reload()
  await used()
})

test('the figures come and go by key', guard, async () => {
  const { page } = await talking()
  await frames(page, 10)
  const toggle = async () => {
    await page.keyboard.down('Control')
    await page.keyboard.down('Alt')
    await press(page, 'KeyS')
    await page.keyboard.up('Alt')
    await page.keyboard.up('Control')
  }
  await toggle()
  await until(page, () => /Modtager\d+ kbit\/s/.test(document.querySelector('[data-test=stats]')?.textContent ?? '') && /640×360/.test(document.querySelector('[data-test=stats]')?.textContent ?? ''))
  await inspect(page, 'figures')
  await toggle()
  await hidden(page, 'stats')
})

test('the call in a window of its own, and back', guard, async () => {
  const { page } = await talking()
  await frames(page, 10)
  await click(page, '[data-test=window]')
  await says(page, '[data-test=window]', 'Hent billedet')
  assert.equal(await text(page, 'call-words'), 'Billedet er i sit eget vindue')
  assert.equal(await page.evaluate(() => !!/** @type {any} */ (window).documentPictureInPicture?.window || !!document.pictureInPictureElement), true)
  await click(page, '[data-test=window]')
  await says(page, '[data-test=window]', 'Eget vindue')
  await hidden(page, 'call-words')
  await frames(page, 10) // the picture goes on in the page
})

test('what is sent says which part goes first, and how large', guard, async () => {
  const page = await lab().page('doctor')
  await page.evaluateOnNewDocument(() => {
    const Real = RTCPeerConnection
    const w = /** @type {any} */ (window)
    w.made = []
    window.RTCPeerConnection = class extends Real {
      /** @param {RTCConfiguration} [c] */
      constructor(c) {
        super(c)
        w.made.push(this)
      }
    }
  })
  await page.reload()
  const e = await lab().join()
  await click(page, `[data-entry="${e.id}"] [data-test=start]`)
  const tablet = await lab().tablet(e)
  await tablet.answer()
  await until(page, () => {
    const pc = /** @type {any} */ (window).made.at(-1)
    const of = (/** @type {string} */ kind) => pc?.getSenders().find((/** @type {RTCRtpSender} */ s) => s.track?.kind === kind)?.getParameters().encodings[0]
    return of('audio')?.priority === 'high' && of('video')?.priority === 'low' && of('video')?.maxBitrate === 2_000_000 && of('video')?.active
  })
})

test('the buttons of a call are one row at any width down to 200 % zoom, in the order of the keyboard; a menu has the rest', guard, async () => {
  const { page } = await talking()
  const all = ['mute', 'camera', 'card-toggle', 'write-open', 'still', 'window', 'guests', 'fullscreen', 'call-equipment', 'hand-over', 'wrong', 'more', 'end']
  const always = ['mute', 'camera', 'card-toggle', 'write-open', 'still']
  for (const [width, height, rest] of /** @type {[number, number, string[]][]} */ ([
    [1920, 1080, []], [1280, 800, ['fullscreen', 'call-equipment', 'hand-over', 'wrong']],
    [1024, 768, ['window', 'guests', 'fullscreen', 'call-equipment', 'hand-over', 'wrong']], [640, 400, ['window', 'guests', 'fullscreen', 'call-equipment', 'hand-over', 'wrong']],
  ])) {
    await page.setViewport({ width, height })
    const seen = await page.$$eval('.bar.controls button', (els) => els.filter((el) => el.checkVisibility()).map((el) => {
      const { left, right, top } = el.getBoundingClientRect()
      return { test: el.getAttribute('data-test') ?? '', left, right, top, cut: el.scrollWidth > el.clientWidth }
    }))
    const names = seen.map((b) => b.test)
    assert.deepEqual(names, all.filter((name) => !rest.includes(name) && (name !== 'more' || rest.length > 0)), `at ${width} px`)
    assert.ok(always.every((name) => names.includes(name)))
    assert.equal(new Set(seen.map((b) => b.top)).size, 1, `one row at ${width} px: ${JSON.stringify(seen)}`)
    assert.ok(seen.every((b, i) => !b.cut && (i === 0 || b.left >= seen[i - 1].right)), `at ${width} px: ${JSON.stringify(seen)}`)
    await page.focus('[data-test=mute]')
    for (const name of names.slice(1)) {
      await press(page, 'Tab')
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), name, `Tab at ${width} px`)
    }
    if (rest.length === 0) continue
    await page.focus('[data-test=more]')
    await press(page, 'Enter')
    await until(page, (want) => [...document.querySelectorAll('[role=menuitem]')].map((el) => el.getAttribute('data-test')).join() === want, rest.map((name) => `more-${name}`).join())
    await inspect(page, `more-${width}`)
    await press(page, 'Escape')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'more')
  }
  await page.setViewport({ width: 1280, height: 800 })
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)) })) // a menu closes where the window changes
  await press(page, 'Enter')
  await until(page, () => document.activeElement?.getAttribute('data-test') === 'more-fullscreen')
  await press(page, 'Enter')
  await until(page, () => document.fullscreenElement?.id === 'call')
})
