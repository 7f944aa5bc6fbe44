// A still picture as it is looked at: its progress while it comes, then itself with zoom, and the fingers of all who
// point at it.

import { h, setLine, setText } from '../dom.js'
import { t } from '../text.js'

/** @typedef {import('./exchange.js').Exchange} Exchange */
/** @typedef {import('./stills.js').Still} Still */

const mostPixels = 16_000_000 // that every browser's canvas bears
const steps = [1, 1.5, 2, 3, 4, 6, 8]

export class Viewer {
  #title = h('h2', { id: 'viewer-title' })
  #progress = h('progress', { max: '1', 'data-test': 'still-progress' })
  #state = h('p', { role: 'status', 'data-test': 'still-state' })
  #canvas = h('canvas', { role: 'img', 'data-test': 'still-picture' })
  #fingers = h('div', { class: 'fingers' })
  #sheet = h('div', { class: 'sheet' }, this.#canvas, this.#fingers)
  #frame = h('div', { class: 'frame', tabindex: '0' }, this.#sheet)
  #point = button('still-point')
  #closer = button('still-closer')
  #away = button('still-away')
  #save = button('still-save')
  #drop = button('still-drop', 'removing')
  #close = button('still-close', 'primary')
  #note = h('p', { class: 'muted' })
  #dialog = h('dialog', { class: 'dialog viewer', 'aria-labelledby': 'viewer-title', 'data-test': 'viewer' },
    this.#title, this.#progress, this.#state, this.#frame,
    h('div', { class: 'choices' }, this.#point, this.#closer, this.#away, this.#save, this.#drop, this.#close), this.#note)
  #name
  #hand
  #maySave
  /** @type {Exchange | undefined} */
  #exchange
  /** @type {Still | undefined} */
  #still
  #drawn = ''
  #seen = new Set() // ids that were opened by themselves once
  #pointing = false
  #zoom = 0
  #resized = new ResizeObserver(() => this.#scale(this.#zoom))

  /** @param {{name: (id: string) => string, hand?: (id: string) => string, maySave: boolean}} opt hand: who points, where it has another name */
  constructor({ name, hand = name, maySave }) {
    this.#name = name
    this.#hand = hand
    this.#maySave = maySave
    document.body.append(this.#dialog)
    this.#point.onclick = () => this.#turnPointing(!this.#pointing)
    this.#closer.onclick = () => this.#scale(this.#zoom + 1)
    this.#away.onclick = () => this.#scale(this.#zoom - 1)
    this.#save.onclick = () => this.#keep()
    this.#drop.onclick = () => this.#still && this.#exchange?.stills.drop(this.#still.id)
    this.#close.onclick = () => this.#dialog.close()
    this.#dialog.onclose = () => this.#turnPointing(false)
    this.#listen()
    this.#resized.observe(this.#frame)
  }

  /** @param {Exchange | undefined} x of the call that goes on, if any */
  show(x) {
    this.#exchange = x
    const last = x?.stills.all.at(-1)
    if (!last) {
      this.#forget()
      return
    }
    if (last.id !== this.#still?.id) this.#begin(last)
    if (!this.#seen.has(last.id)) {
      this.#seen.add(last.id)
      this.open()
    }
    this.#draw(last)
  }

  /** Keeps nothing of a picture. */
  close() {
    this.#forget()
    this.#exchange = undefined
    this.#resized.disconnect()
    this.#dialog.remove()
  }

  open() {
    if (this.#still && !this.#dialog.open) this.#dialog.showModal()
  }

  /** @param {Still} s */
  #begin(s) {
    this.#still = s
    this.#drawn = ''
    this.#canvas.width = this.#canvas.height = 0
    this.#scale(0)
  }

  #forget() {
    this.#still = undefined
    this.#drawn = ''
    this.#canvas.width = this.#canvas.height = 0
    this.#fingers.replaceChildren()
    this.#seen.clear()
    this.#dialog.close()
  }

  /** @param {Still} s */
  #draw(s) {
    const whole = !!s.picture
    const navn = this.#name(s.from)
    setText(this.#title, t('still.title', { navn }))
    this.#progress.hidden = whole
    this.#progress.value = s.have / s.size
    this.#progress.setAttribute('aria-label', t('still.coming_label'))
    setLine(this.#state, whole ? '' : t('still.coming', { n: Math.floor(100 * s.have / s.size) }))
    this.#frame.inert = !whole // it keeps its place while the picture is on its way
    this.#frame.setAttribute('aria-label', t('still.frame'))
    this.#canvas.setAttribute('aria-label', t('still.title', { navn }))
    setText(this.#point, t('still.point'))
    this.#point.setAttribute('aria-pressed', String(this.#pointing))
    setText(this.#closer, t('still.closer'))
    setText(this.#away, t('still.away'))
    setText(this.#save, t('still.save'))
    setText(this.#drop, t('still.drop'))
    setText(this.#close, t('still.close'))
    setText(this.#note, t('still.note'))
    for (const b of [this.#point, this.#closer, this.#away]) b.hidden = !whole
    this.#save.hidden = !whole || !this.#maySave
    this.#drop.hidden = !this.#maySave
    if (s.picture && this.#drawn !== s.id) void this.#paint(s, s.picture)
    this.#showFingers(s)
  }

  /** @param {Still} s @param {Blob} picture */
  async #paint(s, picture) {
    this.#drawn = s.id
    try {
      const shrink = Math.min(1, Math.sqrt(mostPixels / (s.width * s.height)))
      const bitmap = await createImageBitmap(picture, shrink < 1 ? { resizeWidth: Math.floor(s.width * shrink) } : {})
      if (this.#still === s) {
        this.#canvas.width = Math.floor(s.width * shrink)
        this.#canvas.height = Math.floor(s.height * shrink)
        this.#canvas.getContext('2d')?.drawImage(bitmap, 0, 0, this.#canvas.width, this.#canvas.height) // not every browser shrinks as it was asked to
      }
      bitmap.close()
    } catch {
      setLine(this.#state, t('still.unreadable'))
    }
  }

  /** @param {Still} s */
  #showFingers(s) {
    const all = [...this.#exchange?.fingers ?? []].filter(([, f]) => f.id === s.id)
    this.#fingers.replaceChildren(...all.map(([id, f]) => {
      const el = h('span', { class: 'finger', 'data-test': 'finger' }, this.#hand(id))
      el.style.left = `${f.x * 100}%`
      el.style.top = `${f.y * 100}%`
      return el
    }))
  }

  #listen() {
    this.#sheet.addEventListener('pointermove', (e) => this.#pointAt(e))
    this.#sheet.addEventListener('pointerdown', (e) => this.#pointAt(e))
    this.#sheet.addEventListener('pointerleave', () => this.#pointing && this.#lift())
    this.#sheet.addEventListener('pointerup', (e) => e.pointerType !== 'mouse' && this.#pointing && this.#lift())
    this.#frame.addEventListener('wheel', (e) => {
      if (!e.ctrlKey) return
      e.preventDefault()
      this.#scale(this.#zoom + (e.deltaY < 0 ? 1 : -1))
    }, { passive: false })
    this.#frame.addEventListener('keydown', (e) => {
      if (e.key === '+') this.#scale(this.#zoom + 1)
      if (e.key === '-') this.#scale(this.#zoom - 1)
    })
  }

  /** @param {PointerEvent} e */
  #pointAt(e) {
    if (!this.#pointing || !this.#still) return
    const at = this.#sheet.getBoundingClientRect()
    const [x, y] = [(e.clientX - at.left) / at.width, (e.clientY - at.top) / at.height]
    if (x >= 0 && x <= 1 && y >= 0 && y <= 1) this.#exchange?.point(this.#still.id, x, y)
  }

  #lift() {
    if (this.#still) this.#exchange?.pointNoMore(this.#still.id)
  }

  /** @param {boolean} on */
  #turnPointing(on) {
    if (this.#pointing && !on) this.#lift()
    this.#pointing = on
    this.#point.setAttribute('aria-pressed', String(on))
    this.#sheet.classList.toggle('pointing', on)
  }

  /** Keeps the middle in the middle. @param {number} step */
  #scale(step) {
    const f = this.#frame
    const middle = [(f.scrollLeft + f.clientWidth / 2) / (f.scrollWidth || 1), (f.scrollTop + f.clientHeight / 2) / (f.scrollHeight || 1)]
    this.#zoom = Math.min(steps.length - 1, Math.max(0, step))
    this.#sheet.style.width = `${steps[this.#zoom] * this.#fit()}px`
    f.scrollLeft = middle[0] * f.scrollWidth - f.clientWidth / 2
    f.scrollTop = middle[1] * f.scrollHeight - f.clientHeight / 2
    this.#closer.disabled = this.#zoom === steps.length - 1
    this.#away.disabled = this.#zoom === 0
  }

  /** The width at which the whole picture is seen. */
  #fit() {
    const { clientWidth: w, clientHeight: h } = this.#frame
    const s = this.#still
    return s ? Math.min(w, h * s.width / s.height) : w
  }

  /** To a file that the person chooses; nothing of the citizen stands in its name. */
  #keep() {
    const s = this.#still
    if (!s?.picture) return
    const url = URL.createObjectURL(s.picture)
    h('a', { href: url, download: `${t('still.file')}-${new Date(s.at).toISOString().slice(0, 16).replaceAll(':', '')}.jpg` }).click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
}

/** @param {string} test @param {string} [look] */
function button(test, look = '') {
  return h('button', { class: `button ${look}`, type: 'button', 'data-test': test })
}
