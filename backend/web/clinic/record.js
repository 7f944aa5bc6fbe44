// The record of consent and presence at a place, for the clinic's journal: what happened, line by line, and the code that
// those at the tablet read too. Both sides have the same lines: who reads the same code has the same before them.

import { h, setLine, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { Ask } from './ask.js'
import { nameOf } from './row.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').PlaceRecord} PlaceRecord */
/** @typedef {import('../wire').RecordLine} RecordLine */

/** @type {Record<string, string>} by what, and its detail where it has one */
const sentences = {
  consent_oral: 'rec.consent_oral', consent_tacit: 'rec.consent_tacit', consent_guardian: 'rec.consent_guardian', consent_cannot: 'rec.consent_cannot',
  withdrawn: 'rec.withdrawn', in: 'rec.in', out: 'rec.out', alone: 'rec.alone', alone_over: 'rec.alone_over',
  mode_videokonsultation: 'rec.mode_consultation', mode_videokonference: 'rec.mode_conference',
  call: 'rec.call', call_over: 'rec.call_over', tool_still: 'rec.tool_still', tool_text: 'rec.tool_text', tool_card: 'rec.tool_card',
  emergency: 'rec.emergency', restored: 'rec.restored', correction: 'rec.correction', end: 'rec.end',
  end_done: 'rec.end_done', end_no_contact: 'rec.end_no_contact', end_phone: 'rec.end_phone', end_rebook: 'rec.end_rebook',
  end_wrong_patient: 'rec.end_wrong_patient', end_left: 'rec.end_left', end_not_relevant: 'rec.end_not_relevant', end_removed: 'rec.end_removed',
  end_closed: 'rec.end_closed', end_corrected: 'rec.end_corrected', end_consent_withdrawn: 'rec.end_withdrawn',
}

/** @type {Record<string, string>} */
const roles = {
  nurse: 'rec.nurse', citizen: 'rec.citizen', relative: 'rec.relative', interpreter: 'rec.interpreter', colleague: 'rec.colleague', other: 'rec.other',
}

/** @param {RecordLine} l */
export function sentenceOf(l) {
  const key = sentences[`${l.what}_${l.detail ?? ''}`] ?? sentences[l.what]
  return t(key, { hvem: t(roles[l.who ?? ''] ?? 'rec.other'), navn: l.name ?? '', tekst: l.words ?? '', n: l.corrects ?? 0 })
}

export class RecordDialog {
  #api
  #press
  #lines = h('ol', { class: 'said record', 'data-test': 'record-lines', tabindex: '0' })
  #code = h('p', { class: 'code', 'data-test': 'record-code' })
  #ask = new Ask('record', this.#lines, this.#code)

  /**
   * @param {import('../shared/api.js').Api} api
   * @param {(act: () => Promise<void>) => Promise<void>} press does what is asked for and says so when it fails
   */
  constructor(api, press) {
    this.#api = api
    this.#press = press
  }

  /** @param {ClinicEntry} e */
  open(e) {
    void this.#press(async () => {
      this.#show(e, await this.#api.get(`/clinic/entries/${e.id}/record`))
    })
  }

  /** @param {ClinicEntry} e @param {PlaceRecord} record */
  #show(e, record) {
    this.#lines.setAttribute('aria-label', t('rec.lines'))
    this.#lines.replaceChildren(...record.lines.map((l) => h('li', {}, `${l.n}. ${t('rec.at', { tid: clock(l.at) })} `, sentenceOf(l))))
    setLine(this.#code, record.code && t('rec.code', { kode: record.code }))
    this.#ask.open({
      title: t('rec.title', { navn: nameOf(e) }), text: record.lines.length > 0 ? t('rec.both') : t('rec.none'), act: '', cancel: t('rec.close'),
      run: () => {},
      closed: () => {
        this.#lines.replaceChildren()
        setText(this.#code, '')
      },
    })
  }
}
