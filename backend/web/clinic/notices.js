// Sentences about what just went wrong, said at once, and about what was done, said when there is a pause. The newest
// stands alone until it is closed or the next thing succeeds.

import { byId, h } from '../shared/dom.js'
import { t } from '../shared/text.js'

/** @param {string} text what went wrong, and what to do */
export function say(text) {
  clear()
  put('notices', 'notice warn', text)
}

/** @param {string} text what was done */
export function tell(text) {
  clear()
  put('news', 'notice', text)
}

export function clear() {
  byId('notices').replaceChildren()
  byId('news').replaceChildren()
}

/** @param {string} id @param {string} look @param {string} text */
function put(id, look, text) {
  const close = h('button', { class: 'button quiet', type: 'button', 'data-test': 'dismiss', onclick: clear }, t('notice.dismiss'))
  byId(id).replaceChildren(h('div', { class: look }, h('p', {}, text), close))
}
