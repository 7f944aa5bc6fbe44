// A button of the call's bar: a shape and a word, and whether it holds something back.

import { h, icon, setIcon, setText } from '../dom.js'

/** @param {string} test @param {string} name of its icon */
export function control(test, name) {
  const svg = icon(name)
  const word = h('span')
  const el = h('button', { class: 'button control', type: 'button', 'data-test': test }, svg, word)
  return {
    el,
    /** @param {string} text @param {string} shape @param {boolean} [off] whether it holds something back */
    show(text, shape, off = false) {
      setText(word, text)
      setIcon(svg, shape)
      el.classList.toggle('off', off)
    },
  }
}
