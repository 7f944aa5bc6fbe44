// The line that says how the room stands, opening and closing it, and what a closing or a sign-out does to those who wait.

import { byId, h, setText } from '../shared/dom.js'
import { clock, t } from '../shared/text.js'
import { Ask } from './ask.js'
import { waited } from './row.js'
import { Words } from './words.js'

/** @typedef {import('../wire').ClinicEntry} ClinicEntry */
/** @typedef {import('../wire').ClinicView} ClinicView */
/** @typedef {import('../wire').OpeningRequest} OpeningRequest */

const clearing = 15 * 60_000 // after a closing, those who wait still are taken off the line
const most = 120 // characters of a reason

export class Opening {
  #line = byId('opening')
  #toggle = byId('toggle')
  #keep = h('input', { type: 'checkbox', 'data-test': 'close-keep' })
  #keepWords = h('span')
  #keepField = h('label', { class: 'switch' }, this.#keep, this.#keepWords)
  #why = new Words('close-reason', most)
  #close = new Ask('close', this.#keepField, this.#why.el)
  #leave = new Ask('leave')
  /** @type {ClinicView | undefined} */
  #view
  #waiting = 0
  #now = 0

  /** @param {(o: OpeningRequest) => void} set */
  constructor(set) {
    this.#toggle.onclick = () => {
      if (this.#view?.clinic.open) this.#ask(set)
      else set({ open: true })
    }
    this.#keep.onchange = () => this.#close.say(this.#fate())
  }

  /** @param {ClinicView} view @param {ClinicEntry[]} waiting @param {number} now by the backend's clock */
  show(view, waiting, now) {
    const fresh = this.#waiting !== waiting.length
    this.#view = view
    this.#waiting = waiting.length
    this.#now = now
    const open = view.clinic.open
    setText(this.#line, [status(view), ...queue(waiting, now), ...(open || waiting.length === 0 ? [] : [afterClosing(view)])].join(' · '))
    this.#line.classList.toggle('closed', !open)
    setText(this.#toggle, open ? t('cl.close') : t('cl.open'))
    if (fresh && this.#close.isOpen) this.#close.say(this.#fate())
  }

  /** Asks before somebody signs out while patients wait. @param {() => void} out */
  leaving(out) {
    this.#leave.open({
      title: t('leave.title', { n: this.#waiting }), text: t('leave.text'), act: t('leave.do'), cancel: t('leave.stay'), run: out,
    })
  }

  /** @param {(o: OpeningRequest) => void} set */
  #ask(set) {
    const may = !!this.#view?.may_keep
    this.#keep.checked = false
    this.#keepField.hidden = !may || this.#waiting === 0
    setText(this.#keepWords, t('close.keep'))
    this.#why.reset(t('close.reason'), [t('close.acute'), t('close.done'), t('close.ill')])
    this.#close.open({
      title: t('close.title'),
      text: this.#fate(),
      act: t('close.do'),
      run: () => {
        const reason = this.#why.text
        set({ open: false, ...(reason && { reason }), ...(this.#keep.checked && { keep: true }) })
      },
    })
  }

  /** What a closing does to those who wait. */
  #fate() {
    if (this.#waiting === 0) return t('close.nobody')
    if (this.#keep.checked) return t('close.kept', { n: this.#waiting })
    return t('close.stay', { n: this.#waiting, tid: clock(this.#now + clearing) })
  }
}

/** @param {ClinicView} view */
function status({ clinic: c }) {
  if (!c.open) return c.closed ? t('cl.closed_why', { grund: c.closed }) : t('cl.is_closed')
  return c.closes_at ? t('cl.open_until', { tid: clock(c.closes_at) }) : t('cl.is_open')
}

/** @param {ClinicView} view */
function afterClosing(view) {
  return view.clears_at ? t('cl.clears_at', { tid: clock(view.clears_at) }) : t('cl.keeps')
}

/** @param {ClinicEntry[]} waiting @param {number} now */
function queue(waiting, now) {
  if (waiting.length === 0) return [t('cl.none_waiting')]
  const longest = Math.max(...waiting.map((e) => waited(e, now)))
  return [t('cl.waiting', { n: waiting.length }), t('cl.longest', { n: longest })]
}
