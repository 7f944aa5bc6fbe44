// The browser's ladder by rows of readings, and real-time text by rows of keys: the same modules that the pages run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ladder } from '../../backend/web/shared/talk/ladder.js'
import { change, Script } from '../../backend/web/shared/talk/t140.js'

/** @param {Ladder} l @param {number} n @param {object} c */
function times(l, n, c) {
  for (let i = 0; i < n; i++) l.step({ short: false, ...c })
  return l.rung
}

test('the picture goes after three starved seconds and not after two, and comes back after fifteen good ones', () => {
  const l = new Ladder()
  assert.equal(times(l, 20, { available: 2000 }), 'full')
  assert.equal(times(l, 1, { available: 300, short: true }), 'lower')
  assert.equal(times(l, 2, { available: 30 }), 'full')
  times(l, 1, { available: 2000 })
  assert.equal(times(l, 3, { available: 30 }), 'sound')
  assert.equal(times(l, 14, { available: 30, lost: 0 }), 'sound', 'what is available is not known while nothing but sound is sent')
  assert.equal(times(l, 1, { lost: 0.2 }), 'sound')
  assert.equal(times(l, 14, { lost: 0 }), 'sound', 'a bad second begins the fifteen anew')
  assert.equal(times(l, 1, { lost: 0 }), 'lower')
})

test('where there is room for a still picture, or only a moving one comes too broken, one is sent now and then', () => {
  for (const narrow of [{ available: 60 }, { lost: 0.4 }]) {
    const l = new Ladder()
    times(l, 20, {})
    assert.equal(times(l, 2, narrow), 'full')
    assert.equal(times(l, 1, narrow), 'still')
    assert.equal(times(l, 20, narrow.lost ? narrow : { available: 60, lost: 0.1 }), 'still')
    assert.equal(times(l, 14, { available: 60 }), 'still')
    assert.equal(times(l, 1, { available: 60 }), 'lower')
  }
})

test('a still picture goes too where the sound needs all there is, and the next to come moves', () => {
  for (const none of [{ available: 30 }, { lost: 0.6 }]) {
    const l = new Ladder()
    times(l, 20, {})
    times(l, 3, { available: 60 })
    assert.equal(times(l, 2, none), 'still')
    assert.equal(times(l, 1, none), 'sound')
    assert.equal(times(l, 15, {}), 'lower')
  }
})

test('a picture that goes again at once waits twice as long', () => {
  const l = new Ladder()
  times(l, 20, {})
  assert.equal(times(l, 3, { lost: 0.6 }), 'sound')
  assert.equal(times(l, 15, {}), 'lower')
  assert.equal(times(l, 3, { lost: 0.4 }), 'still')
  assert.equal(times(l, 29, {}), 'still')
  assert.equal(times(l, 1, {}), 'lower')
})

test('a browser that tells no bandwidth is led by losses alone', () => {
  assert.equal(times(new Ladder(), 10, { available: undefined, lost: 0.2 }), 'full')
})

for (const [before, after, sent] of [
  ['', 'a', 'a'], ['hej', 'hej', ''], ['hej', 'he', '\b'], ['hej', 'hallo', '\b\ballo'], ['a😀', 'a', '\b'], ['kaffe', 'kage', '\b\b\bge'], ['ø', '', '\b'],
]) {
  test(`from "${before}" to "${after}" the other side's line becomes the same`, () => {
    assert.equal(change(before, after), sent)
    const s = new Script()
    s.take(before)
    s.take(change(before, after))
    assert.equal(s.line, after)
  })
}

test('whatever comes, a writer\'s text is bounded and plain', () => {
  const s = new Script()
  s.take('\b\b\u0007\u0000a\ufeffb\u2028\u2028  \u2028' + 'x'.repeat(10_000))
  assert.deepEqual(s.done.map((l) => l.text), ['ab'])
  assert.ok(s.line.length <= 500)
  for (let i = 0; i < 1000; i++) s.take(`${i}\u2028`)
  assert.ok(s.done.length <= 100)
  s.take('\ufeffforfra\u2028og videre')
  assert.deepEqual([s.done.map((l) => l.text), s.line], [['forfra'], 'og videre'])
})
