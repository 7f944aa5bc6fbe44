// The backend's JSON over HTTP. A failure is always a Problem; requests that may succeed later are tried again with the
// same idempotency key.

/** @typedef {import('../wire').Problem} WireProblem */

export class Problem extends Error {
  /** @param {WireProblem} p @param {number} status 0 where nothing answered */
  constructor(p, status) {
    super(`${p.kind} ${p.msg}`)
    this.kind = p.kind
    this.msg = p.msg
    this.params = p.params ?? {}
    this.request = p.request
    this.status = status
  }

  /** Whether the same request may succeed later. */
  get transient() {
    return ['too_many', 'unavailable', 'internal'].includes(this.kind)
  }
}

const pauses = [300, 1000, 3000]

/** @param {number} ms */
export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms))
}

export class Api {
  #signedOut
  #as

  /**
   * @param {() => void} signedOut called when the backend no longer knows the session
   * @param {string} [as] names whose session counts in a browser that holds several
   */
  constructor(signedOut, as = '') {
    this.#signedOut = signedOut
    this.#as = as
  }

  /** @param {string} path below /api/v1 */
  address(path) {
    return `/api/v1${path}${this.#as && (path.includes('?') ? '&' : '?')}${this.#as}`
  }

  /**
   * @template T
   * @param {string} path below /api/v1
   * @param {{signal?: AbortSignal, once?: boolean}} [opt] once: no second try
   * @returns {Promise<T>}
   */
  get(path, opt) {
    return this.#send(path, { method: 'GET', signal: opt?.signal }, opt?.once ? 0 : pauses.length)
  }

  /**
   * @template T
   * @param {string} path below /api/v1
   * @param {unknown} body
   * @param {{key?: string}} [opt] key: that of an earlier try of the same change
   * @returns {Promise<T>}
   */
  post(path, body, opt) {
    return this.#change('POST', path, body, opt)
  }

  /**
   * @template T
   * @param {string} path below /api/v1
   * @param {unknown} body
   * @param {{key?: string}} [opt] key: that of an earlier try of the same change
   * @returns {Promise<T>}
   */
  put(path, body, opt) {
    return this.#change('PUT', path, body, opt)
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {{key?: string}} [opt] */
  #change(method, path, body, opt) {
    return this.#send(path, {
      method,
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': opt?.key ?? crypto.randomUUID() },
      body: body === undefined ? undefined : JSON.stringify(body),
    }, pauses.length)
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @param {number} tries left after the first
   * @returns {Promise<any>}
   */
  async #send(path, init, tries) {
    for (let i = 0; ; i++) {
      try {
        return await request(this.address(path), init)
      } catch (err) {
        if (!(err instanceof Problem)) throw err
        if (err.status === 401) this.#signedOut()
        if (!err.transient || i >= tries) throw err
        await pause(pauses[i])
      }
    }
  }
}

/**
 * @param {string} address
 * @param {RequestInit} init
 */
async function request(address, init) {
  /** @type {Response} */
  let reply
  try {
    reply = await fetch(address, { cache: 'no-store', ...init })
    if (reply.status === 204) return undefined
    if (reply.ok) return await reply.json()
  } catch (err) {
    if (init.signal?.aborted) throw err
    throw new Problem({ kind: 'unavailable', msg: 'err.server', request: '' }, 0)
  }
  throw new Problem(await problem(reply), reply.status)
}

/** @param {Response} reply @returns {Promise<WireProblem>} */
async function problem(reply) {
  if (reply.headers.get('Content-Type')?.startsWith('application/problem+json')) {
    try {
      return await reply.json()
    } catch {
      // Cut off on the way: told by its status alone.
    }
  }
  const kind = reply.status === 401 ? 'unauthenticated' : reply.status >= 500 ? 'unavailable' : 'invalid'
  return { kind, msg: kind === 'unavailable' ? 'err.server' : 'err.unknown', request: '' }
}
