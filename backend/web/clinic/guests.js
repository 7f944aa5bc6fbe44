// Who else takes part: those who wait outside, with one press to let in; the dialog to invite, show out and choose the
// kind of call.

import { h, setLine, setText } from '../shared/dom.js'
import { clock, sentence, t } from '../shared/text.js'

/** @typedef {import('../wire').Guest} Guest */
/** @typedef {import('../wire').InviteReply} InviteReply */
/** @typedef {import('./conversation.js').Conversation} Conversation */

/** @param {string} kind */
function kindWord(kind) {
  switch (kind) {
    case 'nurse': return t('guest.nurse')
    case 'relative': return t('guest.relative')
    case 'interpreter': return t('guest.interpreter')
    default: return t('guest.other')
  }
}

/** @param {string} word as it begins a sentence */
function heading(word) {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** @param {Guest} g such as "Mette Madsen (pårørende)" */
export function guestName(g) {
  return g.name ? t('guest.named', { navn: g.name, hvem: kindWord(g.kind) }) : heading(kindWord(g.kind))
}

/** Those who wait outside. */
export class Lobby {
  #wishes
  #drawn = ''

  el = h('div', { class: 'lobby', role: 'status', 'data-test': 'lobby' })

  /** @param {{admit: (id: string) => void, refuse: (id: string) => void}} wishes */
  constructor(wishes) {
    this.#wishes = wishes
  }

  /** @param {Guest[]} outside */
  show(outside) {
    const drawn = JSON.stringify([t('guest.admit'), outside.map((g) => [g.id, g.name, g.kind])])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.el.replaceChildren(...outside.map((g) => h('div', { class: 'notice' },
      h('p', {}, t('guest.outside', { navn: guestName(g) })),
      h('div', { class: 'choices' },
        h('button', { class: 'button primary', type: 'button', 'data-test': 'admit', onclick: () => this.#wishes.admit(g.id) }, t('guest.admit')),
        h('button', { class: 'button removing', type: 'button', 'data-test': 'refuse', onclick: () => this.#wishes.refuse(g.id) }, t('guest.refuse'))))))
  }
}

const kinds = ['relative', 'interpreter', 'nurse', 'other']
const modes = ['videokonsultation', 'videokonference']

export class GuestsDialog {
  #title = h('h2', { id: 'guests-title' })
  #mode = h('select', { 'data-test': 'mode' })
  #modeLabel = h('span')
  #modeHint = h('p', { class: 'muted' })
  #list = h('ul', { class: 'guests', 'data-test': 'guest-list' })
  #inviteTitle = h('h3')
  #kind = h('select', { 'data-test': 'invite-kind' })
  #kindLabel = h('span')
  #name = h('input', { type: 'text', maxlength: '80', autocomplete: 'off', 'data-test': 'invite-name' })
  #nameLabel = h('span')
  #phone = h('input', { type: 'tel', maxlength: '20', autocomplete: 'off', 'data-test': 'invite-phone' })
  #phoneLabel = h('span')
  #problem = h('p', { class: 'missing', role: 'alert', 'data-test': 'invite-problem' })
  #do = h('button', { class: 'button primary', type: 'submit', 'data-test': 'invite-do' })
  #form = h('form', { class: 'invite' }, this.#inviteTitle, field(this.#kindLabel, this.#kind), field(this.#nameLabel, this.#name),
    field(this.#phoneLabel, this.#phone), this.#problem, h('div', {}, this.#do))
  #full = h('p', { class: 'muted' })
  #link = h('input', { type: 'text', readonly: true, 'data-test': 'invite-link' })
  #linkLabel = h('span')
  #copy = h('button', { class: 'button', type: 'button', 'data-test': 'invite-copy' })
  #linkHint = h('p', { role: 'status', 'data-test': 'invite-said' })
  #result = h('div', { class: 'invite', hidden: true }, this.#linkHint, h('div', { class: 'copy' }, field(this.#linkLabel, this.#link), this.#copy))
  #close = h('button', { class: 'button', type: 'button', 'data-test': 'guests-close' })
  #dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'guests-title', 'data-test': 'guests-dialog' },
    this.#title, field(this.#modeLabel, this.#mode), this.#modeHint, this.#list, this.#result, this.#form, this.#full,
    h('div', { class: 'choices' }, this.#close))
  #press
  /** @type {Conversation | undefined} */
  #conversation
  #drawn = ''

  /** @param {(act: () => Promise<void>) => Promise<void>} press does what is asked for and says so when it fails */
  constructor(press) {
    this.#press = press
    document.body.append(this.#dialog)
    this.#close.onclick = () => this.#dialog.close()
    this.#mode.onchange = () => void this.#press(async () => this.#conversation?.choose(this.#mode.value))
    this.#form.addEventListener('submit', (e) => {
      e.preventDefault()
      void this.#invite()
    })
    this.#copy.onclick = () => void this.#copyLink()
    this.#dialog.onclose = () => this.#forget()
  }

  /** @param {Conversation} c */
  open(c) {
    this.#conversation = c
    this.#words()
    this.#forget()
    this.show(c)
    this.#dialog.showModal()
  }

  /** @param {Conversation | undefined} c */
  show(c) {
    if (!c || c.phase === 'over' || c !== this.#conversation) {
      if (this.#dialog.open) this.#dialog.close()
      return
    }
    this.#mode.value = c.entry.mode
    setText(this.#modeHint, c.entry.mode === 'videokonference' ? t('mode.conference_hint') : t('mode.consultation_hint'))
    const full = c.party.guests.length >= 2
    this.#form.hidden = full
    setLine(this.#full, full ? t('guest.enough') : '')
    this.#showList(c)
  }

  /** @param {Conversation} c */
  #showList(c) {
    const drawn = JSON.stringify([t('guest.remove'), c.party.guests])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#list.replaceChildren(...c.party.guests.map((g) => h('li', {},
      h('span', {}, h('strong', {}, guestName(g)), ' ', h('span', { class: 'muted' }, stateText(g))),
      h('span', { class: 'choices' },
        ...(g.state === 'lobby' ? [h('button', { class: 'button primary', type: 'button', 'data-test': 'list-admit', onclick: () => this.#act((id) => c.party.admit(id), g) }, t('guest.admit'))] : []),
        h('button', { class: 'button removing', type: 'button', 'data-test': 'remove-guest', onclick: () => this.#act((id) => c.party.remove(id), g) },
          g.state === 'invited' ? t('guest.take_back') : t('guest.remove'))))))
  }

  /** @param {(id: string) => Promise<void>} act @param {Guest} g */
  #act(act, g) {
    void this.#press(() => act(g.id))
  }

  async #invite() {
    const c = this.#conversation
    if (!c || this.#do.disabled) return
    setLine(this.#problem, '')
    const [name, phone] = [this.#name.value.trim(), this.#phone.value.trim()]
    this.#do.disabled = true
    try {
      const reply = await c.party.invite({ kind: this.#kind.value, ...(name && { name }), ...(phone && { phone }) })
      this.#said(reply)
    } catch (err) {
      setLine(this.#problem, sentence(err))
    } finally {
      this.#do.disabled = false
    }
  }

  /** @param {InviteReply} reply */
  #said(reply) {
    const tid = clock(reply.guest.expires_at)
    this.#name.value = this.#phone.value = ''
    setText(this.#linkHint, reply.sent ? t('guest.sent', { tid }) : t('guest.link_made', { tid }))
    this.#link.value = reply.url
    this.#result.hidden = false
    this.#link.select()
  }

  async #copyLink() {
    this.#link.select()
    try {
      await navigator.clipboard.writeText(this.#link.value)
      setText(this.#linkHint, t('guest.copied'))
    } catch {
      setText(this.#linkHint, t('guest.copy_self')) // it is selected: the keyboard copies it
    }
  }

  /** The link is shown once. */
  #forget() {
    this.#result.hidden = true
    this.#link.value = ''
    this.#drawn = ''
    this.#name.value = this.#phone.value = ''
    setLine(this.#problem, '')
  }

  #words() {
    setText(this.#title, t('call.guests'))
    setText(this.#modeLabel, t('mode.label'))
    this.#mode.replaceChildren(...modes.map((m) => h('option', { value: m }, m === 'videokonference' ? t('row.conference') : t('row.consultation'))))
    setText(this.#inviteTitle, t('guest.invite'))
    setText(this.#kindLabel, t('guest.kind'))
    this.#kind.replaceChildren(...kinds.map((k) => h('option', { value: k }, heading(kindWord(k)))))
    setText(this.#nameLabel, t('guest.name'))
    setText(this.#phoneLabel, t('guest.phone'))
    setText(this.#do, t('guest.make'))
    setText(this.#linkLabel, t('guest.link'))
    setText(this.#copy, t('guest.copy'))
    setText(this.#close, t('dev.close'))
  }
}

/** @param {Guest} g */
function stateText(g) {
  switch (g.state) {
    case 'lobby': return t('guest.in_lobby')
    case 'admitted': return t('guest.inside')
    default: return t('guest.invited', { tid: clock(g.expires_at) })
  }
}

/** @param {HTMLElement} label @param {HTMLElement} control */
function field(label, control) {
  return h('label', { class: 'field' }, label, control)
}
