// The nurse's card as it looks: who it is about, the letters of ISBAR and TOBS with its parts. A letter that is empty
// says so, and is never left out. It is told, politely, when another card takes the place of the one that was seen.

import { h, setLine, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { nameOf, roomText } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').Card} Card */
/** @typedef {import('../wire').Part} Part */
/** @typedef {import('../wire').Scored} Scored */
/** @typedef {import('./cardreader.js').CardReader} CardReader */
/** @typedef {'h2' | 'h3' | 'h4'} Heading */

class Letter {
  #letter = h('span', { class: 'letter', 'aria-hidden': 'true' })
  #word = h('span')
  #text
  el

  /** @param {Heading} heading @param {string} letter @param {...HTMLElement} more */
  constructor(heading, letter, ...more) {
    this.#text = h('p', { 'data-test': `card-${letter}` })
    this.#letter.textContent = letter
    this.el = h('section', { class: 'card-letter' }, h(heading, {}, this.#letter, this.#word), this.#text, ...more)
  }

  /** @param {string} word @param {string} text @param {string} [empty] what stands where there is none */
  show(word, text, empty = t('card.empty')) {
    setText(this.#word, word)
    setText(this.#text, text || empty)
    this.#text.classList.toggle('muted', !text)
  }
}

export class CardView {
  #room = h('p', { class: 'card-room', 'data-test': 'card-room' })
  #reason = h('p', { class: 'card-reason', 'data-test': 'card-reason' })
  #problem = h('p', { class: 'notice warn', 'data-test': 'card-problem' })
  #tobs = h('div', { class: 'tobs', 'data-test': 'card-tobs' })
  #identity
  #situation
  #background
  #analysis
  #request
  #by = h('p', { class: 'muted', 'data-test': 'card-by' })
  #news = h('p', { class: 'unseen', 'aria-live': 'polite', 'data-test': 'card-news' })
  #drawn = ''
  /** @type {{entry: string, card: Card | undefined, first: boolean}} first: there was a card to come when the patient was first shown, which is no news */
  #seen = { entry: '', card: undefined, first: false }

  el

  /** @param {Heading} heading of its letters, one below that of the place where it stands */
  constructor(heading) {
    this.#identity = new Letter(heading, 'I')
    this.#identity.el.classList.add('identity')
    this.#situation = new Letter(heading, 'S')
    this.#background = new Letter(heading, 'B')
    this.#analysis = new Letter(heading, 'A', this.#tobs)
    this.#request = new Letter(heading, 'R')
    this.el = h('div', { class: 'isbar', 'data-test': 'isbar' }, this.#problem, this.#room, this.#reason, this.#identity.el, this.#situation.el,
      this.#background.el, this.#analysis.el, this.#request.el, this.#by, this.#news)
  }

  /** @param {CardReader} reader */
  show({ entry, card, failed, coming }) {
    setLine(this.#problem, entry && failed ? t('card.unread') : '')
    setLine(this.#room, roomText(entry?.room))
    setLine(this.#reason, entry ? `${t('row.reason')}: ${entry.reason || t('card.empty')}` : '')
    this.#reason.classList.toggle('muted', !entry?.reason)
    this.#identity.show(t('card.identity'), entry ? identityOf(entry) : '')
    this.#situation.show(t('card.situation'), card?.situation ?? '')
    this.#background.show(t('card.background'), card?.background ?? '')
    this.#analysis.show(t('card.analysis'), card?.analysis ?? '')
    this.#request.show(t('card.request'), card?.request ?? '')
    setLine(this.#by, card?.by && card.at ? t('card.by', { navn: card.by.name, titel: card.by.title, tid: clock(card.at) }) : '')
    this.#showTOBS(card?.tobs)
    this.#announce(entry?.id ?? '', card, coming)
  }

  /** @param {Scored | undefined} scored */
  #showTOBS(scored) {
    const drawn = JSON.stringify([t('card.points'), scored])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#tobs.replaceChildren(...(scored ? tobsOf(scored) : [h('p', {}, h('strong', {}, 'TOBS'), ' ', h('span', { class: 'muted' }, t('card.empty')))]))
  }

  /** @param {string} entry @param {Card | undefined} card @param {boolean} coming */
  #announce(entry, card, coming) {
    const before = this.#seen
    if (before.entry === entry && before.card === card) return
    const same = before.entry === entry
    this.#seen = { entry, card, first: same ? before.first : coming }
    setText(this.#news, '')
    if (!card || !same || !before.card && before.first) return
    setTimeout(() => this.#seen.card === card && setText(this.#news, newsOf(before.card, card))) // emptied first: the same words again are news too
  }
}

/** @param {ClinicEntry} e who calls about whom: the first letter, which nobody has to write */
function identityOf(e) {
  const about = [nameOf(e), t('row.age', { alder: e.age }), e.masked.replace('-', '\u2011')].filter((s) => s).join(', ')
  if (!e.helper) return about
  const by = [[e.helper.name, e.helper.title].filter((s) => s).join(', '), e.helper.place, e.helper.municipality].filter((s) => s).join(' · ')
  return `${about}\n${by}`
}

/** @param {Card | undefined} before @param {Card} card */
function newsOf(before, card) {
  const parts = [
    [t('card.situation'), before?.situation, card.situation], [t('card.background'), before?.background, card.background],
    [t('card.analysis'), before?.analysis, card.analysis], [t('card.request'), before?.request, card.request],
    ['TOBS', JSON.stringify(before?.tobs), JSON.stringify(card.tobs)], [t('row.reason'), before?.reason ?? card.reason, card.reason],
  ].filter(([, was, is]) => (was ?? '') !== (is ?? '')).map(([word]) => word)
  return parts.length > 0 ? t('card.changed', { hvad: parts.join(', ') }) : ''
}

/** @param {Scored} scored */
function tobsOf({ at, result }) {
  const said = [...result.parts, ...result.unscored ?? []].flatMap((p) => (p.notes ?? []).map((note) => `${p.label}: ${note}`))
  return [
    h('p', { class: 'tobs-total', 'data-test': 'tobs-total' }, h('strong', {}, totalText(result))),
    h('table', {},
      h('thead', {}, h('tr', {}, ...[t('card.measured'), t('card.value'), t('card.points')].map((word) => h('th', { scope: 'col' }, word)))),
      h('tbody', {}, ...result.parts.map((p) => line(p, pointsText(p))), ...(result.unscored ?? []).map((p) => line(p, t('card.not_counted'))))),
    ...said.map((text) => h('p', { 'data-test': 'tobs-note' }, text)),
    ...(result.action ? [h('p', { class: 'tobs-action', 'data-test': 'tobs-action' }, `${t('card.action')}: ${result.action}`)] : []),
    h('p', { class: 'muted' }, t('card.table', { hvis: result.owner, version: result.version, tid: clock(at) })),
  ]
}

/** @param {import('../wire').Result} r */
function totalText(r) {
  return r.total === undefined ? t('card.incomplete', { titel: r.title, liste: (r.missing ?? []).join(', ') }) : t('card.total', { titel: r.title, n: r.total })
}

/** @param {Part} p @param {string} points */
function line(p, points) {
  return h('tr', {}, h('th', { scope: 'row' }, p.label), h('td', {}, valueText(p)), h('td', {}, points))
}

/** @param {Part} p */
function valueText(p) {
  if (!p.value) return t('card.empty')
  const read = [`${p.value}${p.unit ? ` ${p.unit}` : ''}`, p.method ?? ''].filter((s) => s).join(', ')
  if (p.unsaid) return t('card.unsaid', { v: read })
  return p.counts ? t('card.counts', { v: read, som: p.counts }) : read
}

/** @param {Part} p */
function pointsText(p) {
  return p.points === undefined ? t('card.missing') : String(p.points)
}
