// Builds and changes elements. Data only ever becomes text or an attribute, never markup.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | ((e: any) => void)>} [props] functions listen, booleans toggle, the rest are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') el.addEventListener(name.slice(2), value)
    else if (typeof value === 'boolean') el.toggleAttribute(name, value)
    else el.setAttribute(name, value)
  }
  el.append(...children)
  return el
}

/**
 * The element with this id; a page without it is a mistake in the page.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const el = document.getElementById(id)
  if (!el) throw new Error(`no #${id}`)
  return /** @type {T} */ (el)
}

/**
 * Sets text only when it differs, so that screen readers and selections are left in peace.
 * @param {Element} el
 * @param {string} text
 */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text
}

/** @param {HTMLElement} el @param {string} text shown when there is any */
export function setLine(el, text) {
  setText(el, text)
  el.hidden = text === ''
}

const SVG = 'http://www.w3.org/2000/svg'

/** @param {string} name of a symbol in the page, #icon-… @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/** @param {Element} svg made by icon @param {string} name */
export function setIcon(svg, name) {
  svg.firstElementChild?.setAttribute('href', `#icon-${name}`)
}
