// Real-time text by rows of keys, and over networks that lose, double and reorder: the same modules that the pages run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, Inflow, Outflow, parse } from '../../backend/web/shared/talk/flow.js'
import { change, Script, TextLine } from '../../backend/web/shared/talk/t140.js'

for (const [before, after, sent] of [
  ['', 'a', 'a'], ['hej', 'hej', ''], ['hej', 'he', '\b'], ['hej', 'hallo', '\b\ballo'], ['a😀', 'a', '\b'], ['kaffe', 'kage', '\b\b\bge'], ['ø', '', '\b'],
  ['', '\ufeffind\u0003sat', 'indsat'],
]) {
  test(`from "${before}" to "${after}" the other side's line becomes the same`, () => {
    assert.equal(change(before, after), sent)
    const s = new Script()
    s.take(before)
    s.take(change(before, after))
    assert.equal(s.line, after.replace(/[\ufeff\u0003]/g, ''))
  })
}

test('whatever comes, a writer\'s text is bounded and plain', () => {
  const s = new Script()
  s.take('\b\b\u0007\u0000a\u0003b\u2028\u2028  \u2028' + 'x'.repeat(10_000))
  assert.deepEqual(s.done.map((l) => l.text), ['ab'])
  assert.ok(s.line.length <= 500)
  for (let i = 0; i < 1000; i++) s.take(`${i}\u2028`)
  assert.ok(s.done.length <= 100)
})

test('all of it anew takes the place of what is there when it has come to its end, and not before', () => {
  const s = new Script()
  s.take('en\u2028to')
  s.take('\ufeffforfra\u2028og')
  assert.deepEqual([s.done.map((l) => l.text), s.line], [['en'], 'to'])
  s.take(' videre\u0003!')
  assert.deepEqual([s.done.map((l) => l.text), s.line], [['forfra'], 'og videre!'])
  s.take('\ufeffhalvt')
  s.restart()
  s.take('?')
  assert.equal(s.line, 'og videre!?')
})

test('a message is read as it was written, and what is none is not', () => {
  for (const m of [{ have: 0, from: 0, text: '' }, { have: 7, from: 0, text: '' }, { have: 5, from: 12, text: 'æ😀\b\u2028:,\ufeff' }]) {
    assert.deepEqual(parse(format(m)), m)
    assert.deepEqual(parse(new TextEncoder().encode(format(m)).buffer), m)
  }
  for (const data of ['', ':', 'a', '-1', '+1', '1.0', '1,', '1,2', '1,2:', '1:a', ',1:a', '1,-2:a', '1,2,3:a', '99999999999', `0,0:${'x'.repeat(3000)}`,
    new Uint8Array([48, 44, 48, 58, 255]).buffer, new ArrayBuffer(0), null, 7, {}]) {
    assert.equal(parse(data), undefined, String(data))
  }
})

test('what cannot be is not believed: places that jump, more than was sent, the same again', () => {
  const o = new Outflow()
  o.put('Hej')
  assert.deepEqual(o.next(0), { from: 0, text: 'Hej' })
  for (const have of [4, 1e9]) o.heard(have)
  assert.deepEqual(o.next(10_000), { from: 0, text: 'Hej' })
  o.heard(2)
  o.heard(1)
  assert.deepEqual(o.next(20_000), { from: 2, text: 'j' })
  o.heard(3)
  assert.equal(o.due, undefined)

  const i = new Inflow()
  assert.equal(i.take(5, 'langt væk'), '')
  assert.equal(i.take(0, 'a😀'), 'a😀')
  assert.equal(i.take(0, 'a😀b'), 'b')
  assert.equal(i.take(1, '😀'), '')
  assert.equal(i.say(0), 3)
  assert.equal(i.take(3, ''), '')
  assert.equal(i.due, undefined, 'an answer is not answered')
})

test('where nothing comes back a message a second goes, with what was typed since', () => {
  const o = new Outflow()
  let sent = 0
  for (let now = 0; now < 60_000; now += 10) {
    if (now % 100 === 0) o.put('x')
    while (o.next(now)) sent++
  }
  assert.ok(sent > 55 && sent < 85, `${sent} messages in a minute`)
})

/** A random number as good as any, and the same each time. @param {number} seed */
const random = (seed) => () => {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32
  return seed / 2 ** 32
}

/** Both ends type on such a network until all has come. @param {{loss: number, delay: number, jitter: number, every: number}} path @param {string[]} typed by each */
function converse({ loss, delay, jitter, every }, typed) {
  const chance = random(4103)
  const ends = typed.map((all) => ({ out: new Outflow(), in: new Inflow(), keys: [...all], read: '', mail: /** @type {{at: number, data: string}[]} */ ([]), sent: 0 }))
  let now = 0
  for (; ends.some((e, i) => e.out.due !== undefined || e.keys.length > 0 || ends[1 - i].read.length < typed[i].length); now += 10) {
    assert.ok(now < 600_000, 'ten minutes were not enough')
    ends.forEach((e, i) => {
      while (e.keys.length > 0 && (every === 0 || now % every === 0)) {
        e.out.put(/** @type {string} */ (e.keys.shift()))
        if (every > 0) break
      }
      for (const { data } of e.mail.filter((m) => m.at <= now)) {
        const m = parse(data)
        assert.ok(m)
        e.out.heard(m.have)
        e.read += e.in.take(m.from, m.text)
      }
      e.mail = e.mail.filter((m) => m.at > now)
      for (;;) {
        const { from, text } = e.out.next(now) ?? { from: 0, text: '' }
        if (text === '' && (e.in.due ?? Infinity) > now) break
        const data = format({ have: e.in.say(now), from, text })
        assert.ok(new TextEncoder().encode(data).length < 1000)
        e.sent++
        for (let n = chance() < 0.05 ? 2 : 1; n > 0; n--) {
          if (chance() >= loss) ends[1 - i].mail.push({ at: now + delay + chance() * jitter, data })
        }
      }
    })
  }
  return { read: ends.map((e) => e.read), sent: ends.map((e) => e.sent), now }
}

for (const [name, path] of /** @type {[string, {loss: number, delay: number, jitter: number, every: number}][]} */ ([
  ['a good network', { loss: 0, delay: 20, jitter: 0, every: 100 }],
  ['one that loses every fifth', { loss: 0.2, delay: 150, jitter: 0, every: 100 }],
  ['one that loses every second', { loss: 0.5, delay: 20, jitter: 0, every: 100 }],
  ['one that reorders', { loss: 0.1, delay: 10, jitter: 400, every: 100 }],
  ['one a second away', { loss: 0.2, delay: 1000, jitter: 100, every: 100 }],
  ['all at once, on a bad one', { loss: 0.2, delay: 100, jitter: 300, every: 0 }],
])) {
  test(`each character comes once and in order: ${name}`, () => {
    const long = 'Hun fik en tablet kl. 8\b9 og en halv kl. 12.\u2028Æøå 😀 '.repeat(30)
    const { read } = converse(path, [long, long.slice(7)])
    assert.deepEqual(read, [long.slice(7), long])
  })
}

test('what is lost costs few messages more', () => {
  const typed = '0123456789'.repeat(20)
  const { sent } = converse({ loss: 0.2, delay: 50, jitter: 0, every: 100 }, [typed, ''])
  assert.ok(sent[0] <= 210 && sent[1] <= 110, `${sent} messages for ${typed.length} characters`)
})

/** Two ends of a channel that loses every third message. */
function channels() {
  const chance = random(7)
  const ends = [0, 1].map(() => /** @type {any} */ ({ readyState: 'connecting', bufferedAmount: 0 }))
  ends.forEach((c, i) => {
    c.send = (/** @type {string} */ data) => {
      if (chance() < 2 / 3) setTimeout(() => ends[1 - i].readyState === 'open' && ends[1 - i].onmessage({ data }), 5)
    }
  })
  return { ends, open: () => ends.forEach((c) => { c.readyState = 'open'; c.onopen() }), close: () => ends.forEach((c) => { c.readyState = 'closed' }) }
}

test('over connections that come and go nothing is lost, and nothing stands there twice', async () => {
  const a = new TextLine()
  /** @param {TextLine} b @param {Script} script that it reads into */
  const connect = (b, script) => {
    const c = channels()
    a.use(c.ends[0], () => {})
    script.restart()
    b.use(c.ends[1], (news) => script.take(news))
    return c
  }
  const reads = async (/** @type {Script} */ script, /** @type {string} */ want) => {
    for (const end = Date.now() + 20_000; script.message.slice(1, -1) !== want;) {
      assert.ok(Date.now() < end, `${script.message} stands there, not ${want}`)
      await new Promise((done) => setTimeout(done, 10))
    }
  }
  const [b, script] = [new TextLine(), new Script()]
  a.write('før') // before there is any connection
  const first = connect(b, script)
  first.open()
  await reads(script, 'før')
  a.write('st\u2028så')
  first.close()
  a.write(' d')
  const second = connect(b, script)
  a.write('et')
  second.open()
  await reads(script, 'først\u2028så det')
  a.write('!')
  await reads(script, 'først\u2028så det!')

  second.close()
  const [reloaded, anew] = [new TextLine(), new Script()]
  connect(reloaded, anew).open()
  await reads(anew, 'først\u2028så det!')
  for (const t of [a, b, reloaded]) t.close()
})
