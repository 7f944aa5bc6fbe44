// Sentences by key, in Danish or English, and how times are said. A page loads one language at a time.

import { Problem } from './api.js'

/** @type {Record<string, string>} */
let words = {}
let lang = 'da'

const remembered = 'kontakt.language'

/** @returns {string} the language that this person last chose here, Danish until then */
export function chosenLanguage() {
  return localStorage.getItem(remembered) === 'en' ? 'en' : 'da'
}

export function language() {
  return lang
}

/** @param {string} wanted "da" or "en" */
export async function loadText(wanted) {
  const reply = await fetch(`text/${wanted}.json`)
  if (!reply.ok) throw new Error(`text/${wanted}.json: ${reply.status}`)
  words = await reply.json()
  lang = wanted
  localStorage.setItem(remembered, wanted)
  document.documentElement.lang = wanted
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [params] fills {name}
 */
export function t(key, params = {}) {
  const text = words[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole))
}

/**
 * What a person may read about a failure.
 * @param {unknown} err
 */
export function sentence(err) {
  if (!(err instanceof Problem)) {
    console.error(err)
    return t('err.unknown', { kode: 'js' })
  }
  if (err.msg in words) return t(err.msg, { kode: err.request, ...err.params })
  return t('err.unknown', { kode: err.request || err.kind })
}

/**
 * Fills every element that names its text: data-text its content, data-label its accessible name.
 * @param {ParentNode} root
 */
export function fillText(root) {
  for (const el of root.querySelectorAll('[data-text]')) {
    const text = t(el.getAttribute('data-text') ?? '')
    if (el.textContent !== text) el.textContent = text
  }
  for (const el of root.querySelectorAll('[data-label]')) {
    el.setAttribute('aria-label', t(el.getAttribute('data-label') ?? ''))
  }
}

/** @param {string | number | Date} when @returns {string} Danish time of day, such as "14.05" */
export function clock(when) {
  return new Intl.DateTimeFormat(lang === 'da' ? 'da-DK' : 'en-GB', {
    hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Copenhagen',
  }).format(new Date(when))
}

/** @param {number} ms @returns {string} minutes and seconds, such as "3:07" */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}
