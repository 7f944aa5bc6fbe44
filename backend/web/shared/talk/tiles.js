// The others of a call as they look: a picture each, or a card that says why there is none, with a name and how loud it
// is. A picture that stands still is never shown without a word.

import { h, setLine, setText } from '../dom.js'
import { t } from '../text.js'
import { playThroughChosen } from './devices.js'

/** @typedef {import('./call.js').Remote} Remote */

const beat = 100 // ms between two looks at how loud it is

class Tile {
  #video = h('video', { class: 'remote', autoplay: true, playsinline: true, 'data-test': 'remote' })
  #name = h('p', { class: 'tile-name', 'data-test': 'tile-name' })
  #note = h('p', { class: 'tile-note', 'data-test': 'remote-note' })
  #who = h('p', { class: 'tile-who' })
  #words = h('p', { class: 'tile-words', 'data-test': 'tile-words' })
  #more = h('p', { 'data-test': 'tile-more' })
  #level = h('meter', { min: '0', max: '1', 'data-test': 'tile-level' })
  #card = h('div', { class: 'tile-card' }, this.#who, this.#words, this.#more, this.#level)
  #remote

  el = h('figure', { class: 'tile', 'data-test': 'tile' }, this.#video, this.#card, this.#name, this.#note)

  /** @param {Remote} r */
  constructor(r) {
    this.#remote = r
    this.el.dataset.participant = r.id
  }

  get video() {
    return this.#video
  }

  /** Plays what comes now. @param {MediaStream} stream @returns {boolean} whether it is another */
  play(stream) {
    if (this.#video.srcObject === stream) return false
    this.#video.srcObject = stream
    return true
  }

  /** @param {Remote} r @param {string} name @param {string} more what to do about it */
  show(r, name, more) {
    this.#remote = r
    const { look } = r
    this.el.dataset.look = look
    const words = look === 'picture' ? '' : wordsFor(look)
    setLine(this.#words, words)
    setLine(this.#more, more)
    setText(this.#who, name)
    this.#card.hidden = look === 'picture'
    this.#level.hidden = look !== 'sound' && look !== 'off'
    this.#level.setAttribute('aria-label', t('tile.level', { navn: name }))
    setLine(this.#name, look === 'picture' ? name : '')
    setLine(this.#note, r.state === 'live' ? noteFor(r) : '')
    this.#video.setAttribute('aria-label', t('tile.picture', { navn: name }))
  }

  listen() {
    if (!this.#card.hidden && !this.#level.hidden) this.#level.value = this.#remote.level
  }
}

/** @param {Remote} r */
function noteFor(r) {
  const picture = r.look === 'picture' && r.rung === 'still' ? t('tile.still') : ''
  return [picture, r.muted ? t('tile.muted') : ''].filter(Boolean).join('. ')
}

/** @param {Exclude<Remote['look'], 'picture'>} look */
function wordsFor(look) {
  switch (look) {
    case 'joining': return t('tile.joining')
    case 'lost': return t('tile.lost')
    case 'off': return t('tile.off')
    case 'sound': return t('tile.sound')
    case 'text': return t('tile.text')
    case 'phone': return t('tile.phone')
  }
}

export class Tiles {
  /** @type {Map<string, Tile>} */
  #tiles = new Map()
  #name
  #more
  #silent = false // whether the browser holds the sound back until somebody presses
  #blocked
  #beat

  el = h('div', { class: 'tiles' })

  /**
   * @param {{name: (r: Remote) => string, more: (r: Remote) => string, blocked: (silent: boolean) => void}} opt
   *   more: what to do about a card; blocked: the browser holds the sound back, or lets it through
   */
  constructor({ name, more, blocked }) {
    this.#name = name
    this.#more = more
    this.#blocked = blocked
    this.#beat = setInterval(() => {
      for (const tile of this.#tiles.values()) tile.listen()
    }, beat)
  }

  /** @param {Remote[]} remotes */
  show(remotes) {
    for (const [id, tile] of this.#tiles) {
      if (remotes.some((r) => r.id === id)) continue
      tile.video.srcObject = null
      tile.el.remove()
      this.#tiles.delete(id)
    }
    for (const [i, r] of remotes.entries()) {
      const tile = this.#tiles.get(r.id) ?? this.#add(r)
      if (this.el.children[i] !== tile.el) this.el.insertBefore(tile.el, this.el.children[i] ?? null)
      tile.show(r, this.#name(r), this.#more(r))
      if (tile.play(r.stream)) void this.#play(tile.video)
    }
    this.el.dataset.count = String(remotes.length)
  }

  /** Puts the sound through the loudspeaker that is chosen now. */
  speaker() {
    for (const tile of this.#tiles.values()) void playThroughChosen(tile.video)
  }

  /** Lets the sound through after a press. */
  hear() {
    this.#silent = false
    for (const tile of this.#tiles.values()) {
      tile.video.muted = false
      void this.#play(tile.video)
    }
  }

  close() {
    clearInterval(this.#beat)
    this.show([])
  }

  /** The picture to show in a window of its own. */
  get first() {
    return [...this.#tiles.values()].map((tile) => tile.video).find((v) => v.readyState > 0)
  }

  /** @param {Remote} r */
  #add(r) {
    const tile = new Tile(r)
    this.#tiles.set(r.id, tile)
    tile.video.muted = this.#silent
    void playThroughChosen(tile.video)
    return tile
  }

  /** @param {HTMLVideoElement} video */
  async #play(video) {
    try {
      await video.play()
      this.#blocked(this.#silent)
    } catch (err) {
      // A page that was loaded again may not sound before someone has pressed on it: show the picture meanwhile.
      if (!(err instanceof DOMException) || err.name !== 'NotAllowedError' || video.muted) return // or another stream came meanwhile
      video.muted = this.#silent = true
      await this.#play(video)
    }
  }
}
