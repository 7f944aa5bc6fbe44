// The pictures of a call in a small window that stays on top, while the person works in another program: all of them where
// the browser has such a window for a page, else the first alone.

import { h } from '../dom.js'

/** @typedef {{requestWindow: (o: {width: number, height: number}) => Promise<Window>, window: Window | null}} DocumentPiP */

/** @returns {DocumentPiP | undefined} */
function whole() {
  return /** @type {any} */ (window).documentPictureInPicture
}

/** Whether this browser has any. */
export const canPopOut = !!whole() || document.pictureInPictureEnabled

export class Popout {
  #content
  #place = document.createComment('')
  #changed
  /** @type {Window | undefined} */
  #window

  /** @param {HTMLElement} content what moves there, and back @param {() => void} changed */
  constructor(content, changed) {
    this.#content = content
    this.#changed = changed
  }

  get open() {
    return !!this.#window || !!document.pictureInPictureElement
  }

  /** Whether the pictures are not in the page. */
  get away() {
    return !!this.#window
  }

  /** Opens or closes it. @param {HTMLVideoElement | undefined} first */
  async toggle(first) {
    if (this.open) {
      await this.close()
      return
    }
    const pip = whole()
    try {
      if (pip) await this.#move(pip)
      else if (first) await this.#alone(first)
    } catch (err) {
      console.warn('call: no window of its own', err) // the browser refused: the picture stays where it is
    }
    this.#changed()
  }

  async close() {
    this.#window?.close()
    if (document.pictureInPictureElement) await document.exitPictureInPicture()
  }

  /** @param {HTMLVideoElement} video */
  async #alone(video) {
    await video.requestPictureInPicture()
    video.addEventListener('leavepictureinpicture', () => this.#changed(), { once: true }) // by its own cross
  }

  /** @param {DocumentPiP} pip */
  async #move(pip) {
    const w = await pip.requestWindow({ width: 480, height: 320 })
    this.#window = w
    for (const sheet of document.querySelectorAll('link[rel=stylesheet]')) {
      w.document.head.append(h('link', { rel: 'stylesheet', href: /** @type {HTMLLinkElement} */ (sheet).href }))
    }
    w.document.documentElement.lang = document.documentElement.lang
    w.document.title = document.title
    w.document.body.className = 'popped-out'
    this.#content.replaceWith(this.#place)
    w.document.body.append(this.#content)
    this.#play()
    w.addEventListener('pagehide', () => this.#back(), { once: true })
  }

  /** A video that changes its document stands still. */
  #play() {
    for (const v of this.#content.querySelectorAll('video')) void v.play().catch(() => {})
  }

  #back() {
    this.#window = undefined
    this.#place.replaceWith(this.#content)
    this.#play()
    this.#changed()
  }
}
