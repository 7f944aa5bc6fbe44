// Sentences about what just went wrong. The newest stands alone until it is closed or the next thing succeeds.

import { byId, h } from '../shared/dom.js'
import { t } from '../shared/text.js'

/** @param {string} text */
export function say(text) {
  const close = h('button', { class: 'button quiet', type: 'button', 'data-test': 'dismiss', onclick: clear }, t('notice.dismiss'))
  byId('notices').replaceChildren(h('div', { class: 'notice warn' }, h('p', {}, text), close))
}

export function clear() {
  byId('notices').replaceChildren()
}
