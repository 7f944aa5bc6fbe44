// A conversation in words: as the page says it, and as one plain text for the care journal. Whom the nurse talked with
// comes first: a record without that name has been found wanting (S16).

import { language, t } from '../shared/text.js'

/** @typedef {import('../wire').Summary} Summary */
/** @typedef {import('../wire').Speaker} Speaker */

const zone = 'Europe/Copenhagen'

/** @type {Record<string, string>} */
const modes = { videokonsultation: 'mode.consultation', videokonference: 'mode.conference' }
/** @type {Record<string, string>} */
const kinds = { nurse: 'who.nurse', relative: 'who.relative', interpreter: 'who.interpreter', other: 'who.other' }
/** @type {Record<string, string>} */
const ends = {
  done: 'ended.done', no_contact: 'ended.no_contact', phone: 'ended.phone', rebook: 'ended.rebook', wrong_patient: 'ended.wrong_patient',
  transfer: 'ended.transfer', interrupted: 'ended.interrupted', consent_withdrawn: 'ended.consent_withdrawn',
}
/** @type {Record<string, string>} */
const consents = { oral: 'consent.oral', tacit: 'consent.tacit', guardian: 'consent.guardian', cannot: 'consent.cannot' }
/** @type {Record<string, string>} */
const tools = { still: 'tool.still', text: 'tool.text', card: 'tool.card' }
/** @type {Record<string, string>} */
const sides = { tablet: 'ended.by_tablet', clinic: 'ended.by_clinic' }
/** @type {Record<string, string>} */
export const wents = { good: 'went.good', partly: 'went.partly', bad: 'went.bad' }

/** @param {string | number} when @param {Intl.DateTimeFormatOptions} parts */
function said(when, parts) {
  return new Intl.DateTimeFormat(language() === 'da' ? 'da-DK' : 'en-GB', { ...parts, timeZone: zone }).format(new Date(when))
}

/** @param {string} when */
const day = (when) => said(when, { day: 'numeric', month: 'long', year: 'numeric' })
/** @param {string} when such as "10.02" */
export const hour = (when) => said(when, { hour: '2-digit', minute: '2-digit' })
/** @param {string} when */
export const weekday = (when) => said(when, { weekday: 'long' })
/** @param {string} when such as "tirsdag den 24. november kl. 10.14" */
export const moment = (when) => t('time.at', { ugedag: weekday(when), dag: said(when, { day: 'numeric', month: 'long' }), tid: hour(when) })

/** @param {Speaker} s @param {string} at */
const called = (s, at) => [s.name, s.title, at].filter(Boolean).join(', ')

/** @param {Summary} s "Lars Holm, praktiserende læge, Lægerne Havnegade" */
export const doctor = (s) => called(s.clinician, s.clinic)

/** @param {Summary} s */
export const citizen = (s) => (s.citizen.born ? t('text.born', { navn: s.citizen.name, dag: day(`${s.citizen.born}T12:00:00Z`) }) : s.citizen.name)

/** @param {Summary} s "mundtligt, trukket tilbage kl. 10.12" */
function consent({ consent, withdrawn_at }) {
  return [t(consents[consent?.kind ?? ''] ?? 'consent.other'), consent?.reason, withdrawn_at && t('consent.withdrawn', { tid: hour(withdrawn_at) })]
    .filter(Boolean).join(', ')
}

/** @param {Summary} s what stands beside the name: each with its heading @returns {[string, string][]} */
export function facts(s) {
  /** @type {[string, string][]} */
  const all = [
    [t('text.when'), t('text.span', { dag: day(s.from), fra: hour(s.from), til: hour(s.to) })],
    [t('text.mode'), t(modes[s.mode] ?? 'mode.consultation')],
    [t('text.helper'), called(s.helper, s.municipality)],
  ]
  if (s.others.length > 0) all.push([t('text.others'), s.others.map((kind) => t(kinds[kind] ?? 'who.other')).join(', ')])
  if (s.tools.length > 0) all.push([t('text.shared'), s.tools.map((tool) => t(tools[tool] ?? 'tool.other')).join(', ')])
  if (s.consent) all.push([t('text.consent'), consent(s)])
  all.push([t('text.ended'), [t(ends[s.end_reason] ?? 'ended.other'), t(sides[s.ended_by] ?? 'ended.by_itself')].join(', ')])
  return all
}

/** @param {import('../wire').Ordered} o "Digoxin, 62,5 mikrogram, 1 gang om dagen, fra i dag til onsdag (bekræftet af lægen kl. 10.12)" */
function order({ text, confirmed_at }) {
  const span = [text.from && t('text.from', { tid: text.from }), text.until && t('text.until', { tid: text.until })].filter(Boolean).join(' ')
  const words = [text.what, text.dose, text.how_often, span].filter(Boolean).join(', ')
  return `${words} (${confirmed_at ? t('text.confirmed', { tid: hour(confirmed_at) }) : t('text.unconfirmed')})`
}

/** @param {Summary} s the whole of it as it goes into the journal */
export function journal(s) {
  const lines = [[t('text.doctor'), doctor(s)], [t('text.citizen'), citizen(s)], ...facts(s)]
  for (const o of s.orders) lines.push([t('text.order'), order(o)])
  if (s.agreed) lines.push([t('text.agreed'), s.agreed])
  const again = [s.follow_up_at && moment(s.follow_up_at), s.follow_up].filter(Boolean).join(': ')
  if (again) lines.push([t('text.follow_up'), again])
  if (s.went) lines.push([t('text.went'), t(wents[s.went])])
  if (s.code) lines.push([t('text.code'), s.code])
  return lines.map(([what, words]) => `${what}: ${words}`).join('\n')
}

/** @param {number} at the Danish clock at a moment, as if it were UTC */
function wall(at) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).formatToParts(at)
  const n = (/** @type {string} */ type) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'))
}

/** @param {string | undefined} when @returns {string} as a field for date and time holds it, by the Danish clock whatever the PC's is */
export function toField(when) {
  return when ? new Date(wall(Date.parse(when))).toISOString().slice(0, 16) : ''
}

/** @param {string} text of that field @returns {string | undefined} */
export function fromField(text) {
  const meant = Date.parse(`${text}Z`)
  if (Number.isNaN(meant)) return undefined
  const guess = meant - (wall(meant) - meant)
  return new Date(guess - (wall(guess) - meant)).toISOString().replace('.000Z', 'Z') // the second step: across a change of the clock
}
