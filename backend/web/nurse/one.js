// One summary, large: what is known by itself, what the nurse adds, and beside it the text as the journal gets it.

import { h, setLine, setText } from '../shared/dom.js'
import { sentence, t } from '../shared/text.js'
import { citizen, doctor, facts, fromField, journal, moment, toField, wents } from './journal.js'

/** @typedef {import('./draft.js').Draft} Draft */

const most = { agreed: 2000, followUp: 300 } // characters, as the backend takes them

/** What a keyboard does not write, and the backend does not take. @param {string} text */
const plain = (text) => text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uD800-\uDFFF\uFFFD]/gu, '')

export class One {
  #draft
  #done
  #agreed = h('textarea', { rows: '8', maxlength: String(most.agreed), 'data-test': 'agreed' })
  #count = h('span', { class: 'count', 'data-test': 'count' })
  #at = h('input', { type: 'datetime-local', 'data-test': 'follow-up-at' })
  #follow = h('input', { type: 'text', maxlength: String(most.followUp), 'data-test': 'follow-up' })
  #saved = h('p', { class: 'saved', role: 'status', 'data-test': 'saved' })
  #copied = h('p', { class: 'saved', role: 'status', 'data-test': 'copied' })
  #text = h('pre', { class: 'journal', tabindex: '0', 'data-test': 'journal' })
  #notice = h('div', { class: 'notice warn', role: 'alert', 'data-test': 'notice', hidden: true })
  #drop = h('button', { class: 'button removing', type: 'button', 'data-test': 'done', onclick: () => this.#ask.showModal() }, t('one.done'))
  #ask
  #said = ''
  /** @type {HTMLInputElement[]} */
  #went

  /** @param {Draft} draft @param {{done: () => Promise<void>, leave: () => void}} act */
  constructor(draft, { done, leave }) {
    this.#draft = draft
    this.#done = done
    this.#went = Object.keys(wents).map((word) => h('input', {
      type: 'radio', name: 'went', value: word, 'data-test': `went-${word}`, onchange: () => draft.write({ went: word }),
    }))
    this.#ask = this.#question()
    const s = draft.summary
    this.#agreed.oninput = () => this.#write(this.#agreed, (agreed) => draft.write({ agreed }))
    this.#follow.oninput = () => this.#write(this.#follow, (follow_up) => draft.write({ follow_up }))
    this.#at.onchange = () => draft.write({ follow_up_at: fromField(this.#at.value) })
    this.el = h('div', { class: 'one', 'data-test': 'one' },
      h('div', { class: 'head' },
        h('a', { class: 'button quiet', href: '#', 'data-test': 'back', onclick: leave }, t('one.back')),
        h('h1', {}, citizen(s)),
        h('p', { class: 'muted', 'data-test': 'until' }, t('one.until', { tid: moment(s.expires_at) }))),
      this.#notice,
      h('section', { class: 'write', 'aria-label': t('one.write') },
        h('div', { class: 'with' }, h('p', {}, t('text.doctor')), h('p', { class: 'with-name', 'data-test': 'clinician' }, s.clinician.name),
          h('p', {}, [s.clinician.title, s.clinic].filter(Boolean).join(', '))),
        h('dl', { class: 'facts' }, ...facts(s).flatMap(([what, words]) => [h('dt', {}, what), h('dd', {}, words)])),
        h('label', { class: 'field' }, h('span', {}, t('text.agreed')), this.#agreed, this.#count),
        h('label', { class: 'field' }, h('span', {}, t('one.follow_up_at')), this.#at),
        h('label', { class: 'field' }, h('span', {}, t('one.follow_up')), this.#follow),
        h('fieldset', { class: 'went' }, h('legend', {}, t('one.went')),
          h('div', { class: 'choices' }, ...this.#went.map((one) => h('label', {}, one, t(wents[one.value]))))),
        this.#saved),
      h('section', { class: 'result', 'aria-labelledby': 'result' },
        h('h2', { id: 'result' }, t('one.result')), this.#text,
        h('div', { class: 'acts' },
          h('button', { class: 'button primary large', type: 'button', 'data-test': 'copy', onclick: () => void this.#copy() }, t('one.copy')),
          h('button', { class: 'button', type: 'button', 'data-test': 'print', onclick: () => print() }, t('one.print')),
          this.#drop),
        this.#copied),
      this.#ask)
    this.#fill()
    this.show()
  }

  /** As the draft stands; the fields are the nurse's own while she writes. */
  show() {
    const { summary, state, theirs } = this.#draft
    setText(this.#text, journal(summary))
    setText(this.#count, t('one.left', { n: most.agreed - this.#agreed.value.length }))
    this.#saved.dataset.state = state
    setText(this.#saved, state === 'saved' ? t('one.saved') : state === 'writing' ? t('one.writing') : state === 'failed' ? t('one.failed') : '')
    const said = state === 'conflict' ? `conflict ${theirs?.version}` : state
    if (said === this.#said) return
    this.#said = said
    this.#drop.hidden = state === 'gone'
    this.#notice.hidden = state !== 'conflict' && state !== 'gone'
    this.#notice.replaceChildren(...(state === 'conflict' ? this.#conflict() : state === 'gone' ? [h('p', {}, t('one.gone'))] : []))
  }

  #conflict() {
    return [
      h('p', {}, t('one.conflict'), h('br'), h('q', { 'data-test': 'theirs' }, this.#draft.theirs?.agreed || this.#draft.theirs?.follow_up || t('one.empty'))),
      h('button', { class: 'button primary', type: 'button', 'data-test': 'keep-mine', onclick: () => this.#draft.keepMine() }, t('one.mine')),
      h('button', { class: 'button', type: 'button', 'data-test': 'take-theirs', onclick: () => this.#take() }, t('one.theirs')),
    ]
  }

  #take() {
    this.#draft.takeTheirs()
    this.#fill()
    this.#agreed.focus()
  }

  #fill() {
    const s = this.#draft.summary
    this.#agreed.value = s.agreed ?? ''
    this.#follow.value = s.follow_up ?? ''
    this.#at.value = toField(s.follow_up_at)
    for (const one of this.#went) one.checked = one.value === s.went
    this.show()
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field @param {(text: string) => void} take */
  #write(field, take) {
    if (plain(field.value) !== field.value) field.value = plain(field.value)
    take(field.value)
  }

  async #copy() {
    const { summary } = this.#draft
    try {
      await navigator.clipboard.writeText(journal(summary))
      setText(this.#copied, t('one.copied', { navn: doctor(summary) }))
    } catch { // the browser does not let: she takes it herself
      this.#text.focus()
      getSelection()?.selectAllChildren(this.#text)
      setText(this.#copied, t('one.copy_yourself'))
    }
  }

  #question() {
    const fault = h('p', { class: 'missing', role: 'alert', 'data-test': 'done-fault', hidden: true })
    const yes = h('button', { class: 'button danger', 'data-test': 'done-do' }, t('done.do'))
    const submit = async (/** @type {Event} */ e) => {
      e.preventDefault()
      yes.disabled = true
      setLine(fault, '')
      try {
        await this.#done()
      } catch (err) {
        setLine(fault, sentence(err))
      }
      yes.disabled = false
    }
    /** @type {HTMLDialogElement} */
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'done-title', 'data-test': 'done-dialog' },
      h('form', { onsubmit: submit },
        h('h2', { id: 'done-title' }, t('done.title')), h('p', {}, t('done.text')), fault,
        h('div', { class: 'choices' }, yes,
          h('button', { class: 'button', type: 'button', 'data-test': 'done-cancel', onclick: () => dialog.close() }, t('done.cancel')))))
    return dialog
  }
}
