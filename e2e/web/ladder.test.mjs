// The browser's ladder by rows of readings: the same module that the pages run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ladder } from '../../backend/web/shared/talk/ladder.js'

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

test('the picture keeps its size where there is room for the whole, and its movement elsewhere or on a machine that is busy', () => {
  const l = new Ladder()
  const keeps = (/** @type {object} */ c) => {
    times(l, 1, c)
    return l.whole
  }
  assert.equal(keeps({ available: 800 }), false)
  assert.equal(keeps({ available: 900 }), true)
  assert.equal(keeps({ available: 700 }), true)
  assert.equal(keeps({ available: 699 }), false)
  assert.equal(keeps({ available: 800 }), false, 'a way that wavers does not change it all the time')
  assert.equal(keeps({ available: 2000 }), true)
  assert.equal(keeps({ available: 2000, busy: true }), false)
  times(l, 29, { available: 2000 })
  assert.equal(l.whole, false, 'a machine that had no time is not asked again at once')
  assert.equal(keeps({ available: 2000 }), true)
  assert.equal(keeps({}), false)
})
