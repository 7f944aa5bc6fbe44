// Moving a patient in the list: by pointer or finger at the row's handle, or with the keys: Enter lifts, arrows move,
// Enter drops, Escape puts back. A press on the handle without a drag opens the dialog, where the place is chosen from
// a list. Nothing is changed until the dialog has its reason.

import { byId } from '../shared/dom.js'
import { t } from '../shared/text.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('./list.js').List} List */

const drag = 6 // px after which a press is a drag
const edge = 56 // px from the edge of what scrolls, within which a drag scrolls it
const speed = 10 // px a frame

export class Order {
  #root
  #list
  #ask
  #said = byId('moving')
  /** @type {{id: string, name: string, before: string, pointer?: {id: number, y: number}} | undefined} lifted, and where it stood */
  #lifted
  /** @type {{id: number, handle: HTMLElement, entry: string, y: number} | undefined} pressed, and not yet dragged */
  #pressed
  #dragged = false // whether the press that ends now was a drag

  /**
   * @param {HTMLElement} root
   * @param {List} list
   * @param {(id: string) => void} ask for the reason of the place that the list shows
   */
  constructor(root, list, ask) {
    this.#root = root
    this.#list = list
    this.#ask = ask
    root.addEventListener('pointerdown', (e) => this.#press(e))
    root.addEventListener('pointermove', (e) => this.#drag(e))
    root.addEventListener('pointerup', () => this.#let(true))
    root.addEventListener('pointercancel', () => this.#let(false))
    root.addEventListener('click', (e) => this.#click(e))
    root.addEventListener('keydown', (e) => this.#key(e), { capture: true })
    root.addEventListener('keyup', (e) => {
      if (e.key === ' ' && handleOf(e.target)) e.preventDefault() // it has done its work when it went down
    })
    root.addEventListener('focusout', () => {
      this.refresh() // a row that is taken away takes the focus with it
      if (this.#lifted && !this.#lifted.pointer) this.#back()
    })
  }

  /** The room was read afresh: one that no longer waits can't be carried on. */
  refresh() {
    const lifted = this.#lifted
    if (!lifted || this.#list.movable.some((e) => e.id === lifted.id)) return
    this.#put('')
    this.#say(t('move.gone', { navn: lifted.name }))
  }

  /** @param {PointerEvent} e */
  #press(e) {
    const handle = handleOf(e.target)
    this.#dragged = false
    if (!handle || e.button !== 0 || this.#list.held) return
    this.#pressed = { id: e.pointerId, handle, entry: entryOf(handle), y: e.clientY }
  }

  /** @param {PointerEvent} e */
  #drag(e) {
    const pressed = this.#pressed
    if (pressed?.id === e.pointerId && Math.abs(e.clientY - pressed.y) > drag) {
      this.#pressed = undefined
      pressed.handle.setPointerCapture(e.pointerId)
      this.#lift(pressed.entry, { id: e.pointerId, y: e.clientY })
      this.#scroll()
    }
    const pointer = this.#lifted?.pointer
    if (pointer?.id !== e.pointerId) return
    pointer.y = e.clientY
    this.#follow()
  }

  /** Shows the lifted one where the pointer is. */
  #follow() {
    const lifted = this.#lifted
    if (!lifted?.pointer) return
    const y = lifted.pointer.y
    const others = this.#list.movable.filter((e) => e.id !== lifted.id)
    const before = others.find((e) => {
      const box = this.#list.row(e.id)?.el.getBoundingClientRect()
      return !!box && y < box.top + box.height / 2
    })
    this.#show(before?.id ?? '')
  }

  /** Scrolls the list under a pointer at its edge. */
  #scroll() {
    const pointer = this.#lifted?.pointer
    if (!pointer) return
    const box = scrollerOf(this.#root)
    const { top, bottom } = box === document.scrollingElement ? { top: 0, bottom: innerHeight } : box.getBoundingClientRect()
    const by = pointer.y < top + edge ? -speed : pointer.y > bottom - edge ? speed : 0
    if (by !== 0) {
      box.scrollBy(0, by)
      this.#follow()
    }
    requestAnimationFrame(() => this.#scroll())
  }

  /** @param {boolean} drop */
  #let(drop) {
    this.#pressed = undefined
    if (!this.#lifted?.pointer) return
    this.#dragged = true
    if (drop) this.#drop()
    else this.#back()
  }

  /** @param {MouseEvent} e */
  #click(e) {
    const handle = handleOf(e.target)
    const dragged = this.#dragged
    this.#dragged = false
    if (!handle || dragged || this.#list.held) return
    this.#ask(entryOf(handle))
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.key === 'Escape' && this.#lifted) {
      this.#back()
      e.preventDefault()
      return
    }
    const handle = handleOf(e.target)
    if (!handle || e.repeat && (e.key === 'Enter' || e.key === ' ')) return
    if (e.key === 'Enter' || e.key === ' ') {
      if (this.#lifted) this.#drop()
      else if (!this.#list.held) this.#lift(entryOf(handle))
    } else if (this.#lifted && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      this.#step(e.key === 'ArrowUp' ? -1 : 1)
    } else if (!this.#lifted || e.key === 'Tab') {
      return
    }
    e.preventDefault()
  }

  /** @param {string} id @param {{id: number, y: number}} [pointer] */
  #lift(id, pointer) {
    const entry = this.#list.movable.find((e) => e.id === id)
    if (!entry) return
    this.#lifted = { id, name: nameOf(entry), before: placeOf(this.#list, id), pointer }
    this.#list.hold()
    this.#mark(true)
    this.#say(t('move.lifted', { navn: nameOf(entry), ...this.#count() }))
  }

  /** @param {number} by one up or down */
  #step(by) {
    const lifted = this.#lifted
    if (!lifted) return
    const all = this.#list.movable.map((e) => e.id)
    const to = Math.min(all.length - 1, Math.max(0, all.indexOf(lifted.id) + by))
    const others = all.filter((id) => id !== lifted.id)
    this.#show(others[to] ?? '')
    this.#list.row(lifted.id)?.el.scrollIntoView({ block: 'nearest' })
  }

  /** @param {string} before */
  #show(before) {
    const lifted = this.#lifted
    if (!lifted || placeOf(this.#list, lifted.id) === before) return
    this.#list.put(lifted.id, before)
    this.#say(t('move.at', this.#count()))
  }

  #drop() {
    const lifted = this.#lifted
    if (!lifted) return
    if (placeOf(this.#list, lifted.id) === lifted.before) {
      this.#back()
      return
    }
    this.#mark(false)
    this.#lifted = undefined
    this.#say('')
    this.#ask(lifted.id)
  }

  /** Puts it back where it stood. */
  #back() {
    const name = this.#lifted?.name ?? ''
    this.#put(t('move.back', { navn: name }))
  }

  /** @param {string} words */
  #put(words) {
    this.#mark(false)
    this.#lifted = undefined
    this.#list.release()
    this.#say(words)
  }

  /** @param {boolean} on */
  #mark(on) {
    const row = this.#list.row(this.#lifted?.id ?? '')
    row?.el.classList.toggle('lifted', on)
    row?.handle.setAttribute('aria-pressed', String(on))
  }

  #count() {
    const all = this.#list.movable
    return { n: all.findIndex((e) => e.id === this.#lifted?.id) + 1, antal: all.length }
  }

  /** @param {string} words */
  #say(words) {
    this.#said.textContent = words
  }
}

/** @param {List} list @param {string} id @returns {string} the patient whom it is shown before, or empty */
export function placeOf(list, id) {
  const all = list.movable.map((e) => e.id)
  return all[all.indexOf(id) + 1] ?? ''
}

/** @param {EventTarget | null} at @returns {HTMLElement | null} */
function handleOf(at) {
  return at instanceof Element ? at.closest('[data-test=handle]') : null
}

/** @param {HTMLElement} handle */
function entryOf(handle) {
  return handle.closest('li')?.dataset.entry ?? ''
}

/** @param {HTMLElement} root @returns {Element} what scrolls it */
function scrollerOf(root) {
  for (let el = root.parentElement; el; el = el.parentElement) {
    if (el.scrollHeight > el.clientHeight && /auto|scroll/.test(getComputedStyle(el).overflowY)) return el
  }
  return document.scrollingElement ?? document.documentElement
}
