// What a guest sees before the lobby: who one is, and why the browser will ask for camera and microphone.

import { h, setLine } from '../shared/dom.js'
import { sentence, t } from '../shared/text.js'

const most = 80 // characters of a name

/** @param {(name: string) => Promise<void>} enter */
export function nameScreen(enter) {
  const field = h('input', { type: 'text', maxlength: String(most), autocomplete: 'name', required: true, 'data-test': 'name', 'aria-describedby': 'name-missing' })
  const missing = h('p', { class: 'missing', id: 'name-missing', role: 'alert', 'data-test': 'name-missing', hidden: true })
  const go = h('button', { class: 'button primary large', 'data-test': 'enter' }, t('door.go'))
  const submit = async (/** @type {Event} */ e) => {
    e.preventDefault()
    setLine(missing, '')
    if (field.value.trim() === '') {
      setLine(missing, t('guest.name_empty'))
      field.focus()
      return
    }
    go.disabled = true
    try {
      await enter(field.value.trim())
    } catch (err) {
      setLine(missing, sentence(err))
    }
    go.disabled = false
  }
  return h('div', { class: 'sheet-page', 'data-test': 'name-screen' },
    h('h1', {}, t('door.title')), h('p', {}, t('door.text')),
    h('form', { novalidate: true, onsubmit: submit }, h('label', { class: 'field' }, h('span', {}, t('door.name')), field), missing, go),
    h('p', { class: 'muted' }, t('door.private')))
}

/** @param {string} clinic @param {{open: () => void, without: () => void}} choose */
export function devicesScreen(clinic, choose) {
  return h('div', { class: 'sheet-page', 'data-test': 'devices-screen' },
    h('h1', {}, t('door.invited', { klinik: clinic })), h('p', {}, t('door.devices')),
    h('ul', { class: 'points' }, h('li', {}, t('door.allow')), h('li', {}, t('door.unseen')), h('li', {}, t('door.kept'))),
    h('button', { class: 'button primary large', type: 'button', 'data-test': 'open-devices', onclick: choose.open }, t('door.open')),
    h('button', { class: 'button quiet', type: 'button', 'data-test': 'without-devices', onclick: choose.without }, t('door.without')))
}

/**
 * How it ended, and what to do.
 * @param {string} words @param {string} [what] @param {string} [phone] of the clinic
 */
export function overScreen(words, what = '', phone = '') {
  return h('div', { class: 'sheet-page', 'data-test': 'over-screen' },
    h('h1', { 'data-test': 'over-words' }, words), ...(what ? [h('p', { 'data-test': 'over-what' }, what)] : []),
    ...(phone ? [h('a', { class: 'button primary large', href: `tel:${phone}`, 'data-test': 'over-phone' }, t('over.call', { tlf: phone }))] : []))
}
