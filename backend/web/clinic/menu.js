// One menu for the whole page: it opens at a button, names what it is about, and is walked with the arrow keys.

import { byId, h, setText } from '../shared/dom.js'

/** @typedef {{test: string, text: string, act: () => void, danger?: boolean}} Item */

const gap = 4 // px between button and menu

export class Menu {
  #title = h('p', { class: 'menu-title', id: 'menu-title' })
  #items = h('div', { role: 'menu', 'aria-labelledby': 'menu-title' })
  #el = h('div', { class: 'menu', popover: 'auto', 'data-test': 'menu' }, this.#title, this.#items)
  /** @type {HTMLElement | undefined} */
  #button
  /** @type {HTMLElement | undefined} the button that was pressed while its menu was open: the press closes it */
  #closing

  constructor() {
    byId('body').append(this.#el)
    this.#el.addEventListener('keydown', (e) => this.#key(e))
    this.#el.addEventListener('toggle', (e) => {
      if (/** @type {ToggleEvent} */ (e).newState === 'open') return
      this.#button?.setAttribute('aria-expanded', 'false')
      this.#button = undefined
      setText(this.#title, '')
      this.#items.replaceChildren()
    })
    addEventListener('pointerdown', (e) => {
      this.#closing = e.target instanceof Node && this.#button?.contains(e.target) ? this.#button : undefined
    }, { capture: true })
    for (const moves of ['resize', 'scroll']) addEventListener(moves, () => this.#follow(), { capture: true })
  }

  /** @param {HTMLElement} button @param {string} title @param {Item[]} items */
  open(button, title, items) {
    if (this.#closing === button) {
      this.#closing = undefined
      this.hide()
      return
    }
    this.#button = button
    setText(this.#title, title)
    this.#items.replaceChildren(...items.map((item) => h('button', {
      class: item.danger ? 'menu-item danger' : 'menu-item', type: 'button', role: 'menuitem', tabindex: '-1', 'data-test': item.test,
      onclick: () => {
        this.hide()
        item.act()
      },
    }, item.text)))
    this.#el.showPopover()
    this.#place(button)
    button.setAttribute('aria-expanded', 'true')
    this.#focus(0)
  }

  /** Stays at the button, which moves by itself too: a call's picture comes and makes the page longer. */
  #follow() {
    if (!this.#button) return
    const { top, bottom } = this.#button.getBoundingClientRect()
    if (this.#button.checkVisibility() && bottom > 0 && top < innerHeight) this.#place(this.#button)
    else this.hide()
  }

  /** Below the button, or above it where there is no room; never outside the window. @param {HTMLElement} button */
  #place(button) {
    const at = button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#el
    const below = at.bottom + gap
    const top = below + height <= innerHeight ? below : Math.max(0, at.top - gap - height)
    this.#el.style.top = `${top}px`
    this.#el.style.left = `${Math.max(0, Math.min(at.right - width, innerWidth - width))}px`
  }

  /** @param {number} at */
  #focus(at) {
    const all = /** @type {HTMLElement[]} */ ([...this.#items.children])
    all[(at + all.length) % all.length]?.focus({ preventScroll: true })
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const at = document.activeElement ? [...this.#items.children].indexOf(document.activeElement) : -1
    switch (e.key) {
      case 'ArrowDown': this.#focus(at + 1); break
      case 'ArrowUp': this.#focus(at - 1); break
      case 'Home': this.#focus(0); break
      case 'End': this.#focus(-1); break
      case 'Tab': this.hide(); break
      default: return
    }
    e.preventDefault()
  }

  hide() {
    if (this.#el.matches(':popover-open')) this.#el.hidePopover()
  }
}
