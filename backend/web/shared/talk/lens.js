// What a camera can do besides filming: come closer, light, and be the one on the other side of a telephone. Each control
// is there only where the camera that films has it.

import { h, icon, setText } from '../dom.js'
import { t } from '../text.js'

/** @typedef {{min: number, max: number, step?: number}} Range */

/** @param {MediaStreamTrack} track @returns {{zoom?: Range, torch?: boolean}} what the types of TypeScript do not know yet */
function able(track) {
  return /** @type {any} */ (track.getCapabilities?.() ?? {})
}

/** @param {MediaStreamTrack} track @returns {{zoom?: number, torch?: boolean}} */
function set(track) {
  return /** @type {any} */ (track.getSettings())
}

export class Lens {
  #flipWord = h('span')
  #flip = h('button', { class: 'button', type: 'button', 'data-test': 'flip' }, icon('flip'), this.#flipWord)
  #torchWord = h('span')
  #torch = h('button', { class: 'button', type: 'button', 'data-test': 'torch' }, icon('torch'), this.#torchWord)
  #zoomWord = h('span')
  #zoom = h('input', { type: 'range', 'data-test': 'zoom' })
  #zoomLine = h('label', { class: 'lens-zoom' }, this.#zoomWord, this.#zoom)
  /** @type {MediaStreamTrack | null} */
  #track = null

  el = h('div', { class: 'lens', 'data-test': 'lens', hidden: true }, this.#flip, this.#torch, this.#zoomLine)

  /** @param {() => void} [flip] the camera of the other side */
  constructor(flip) {
    this.#flip.onclick = () => flip?.()
    this.#torch.onclick = () => void this.#apply({ torch: !this.#lit })
    this.#zoom.oninput = () => void this.#apply({ zoom: Number(this.#zoom.value) })
  }

  /** A camera may say what it can do a moment after it has opened: shown again, it is asked again. @param {MediaStreamTrack | null} track @param {boolean} flippable */
  show(track, flippable) {
    this.#track = track?.readyState === 'live' ? track : null
    const { zoom, torch } = this.#track ? able(this.#track) : {}
    this.#flip.hidden = !flippable
    this.#torch.hidden = !torch
    this.#zoomLine.hidden = !zoom || zoom.max <= zoom.min
    this.el.hidden = [this.#flip, this.#torch, this.#zoomLine].every((el) => el.hidden)
    setText(this.#flipWord, t('lens.flip'))
    setText(this.#torchWord, t('lens.torch'))
    this.#showLit()
    setText(this.#zoomWord, t('lens.zoom'))
    if (zoom && this.#track) this.#showZoom(zoom, this.#track)
  }

  get #lit() {
    return !!this.#track && !!set(this.#track).torch
  }

  /** @param {Range} zoom @param {MediaStreamTrack} track */
  #showZoom(zoom, track) {
    if (document.activeElement === this.#zoom && this.#zoom.matches(':active')) return // it is being drawn
    this.#zoom.min = String(zoom.min)
    this.#zoom.max = String(zoom.max)
    this.#zoom.step = String(zoom.step || 'any')
    this.#zoom.value = String(set(track).zoom ?? zoom.min)
  }

  /** @param {{zoom?: number, torch?: boolean}} wanted */
  async #apply(wanted) {
    const track = this.#track
    try {
      await track?.applyConstraints({ advanced: [/** @type {MediaTrackConstraintSet} */ (wanted)] })
    } catch {
      // The camera refused, as one that is just being closed does: the control shows how it stands.
    }
    this.#showLit()
  }

  #showLit() {
    this.#torch.setAttribute('aria-pressed', String(this.#lit))
  }
}
