// The chime for a new patient. Off until someone turns it on; browsers let a page sound only after a press on it.

const remembered = 'kontakt.chime'

export class Chime {
  /** @type {AudioContext | undefined} */
  #audio
  #changed

  /** @param {() => void} changed called when the browser lets the sound through or holds it back */
  constructor(changed) {
    this.#changed = changed
    if (this.on) void this.#wake()
    for (const press of ['pointerdown', 'keydown']) addEventListener(press, () => void this.#wake())
  }

  get on() {
    return localStorage.getItem(remembered) === 'on'
  }

  /** Whether it is on but the browser still holds it back. */
  get blocked() {
    return this.on && this.#audio?.state !== 'running'
  }

  /** @param {boolean} on */
  async turn(on) {
    localStorage.setItem(remembered, on ? 'on' : 'off')
    await this.#wake()
    this.#changed()
    this.ring()
  }

  /** Two short tones, rising. */
  ring() {
    const audio = this.#audio
    if (!this.on || audio?.state !== 'running') return
    for (const [i, pitch] of [660, 880].entries()) {
      const at = audio.currentTime + i * 0.18
      const tone = new OscillatorNode(audio, { frequency: pitch })
      const loud = new GainNode(audio, { gain: 0 })
      loud.gain.linearRampToValueAtTime(0.25, at + 0.02)
      loud.gain.setValueAtTime(0.25, at + 0.1)
      loud.gain.linearRampToValueAtTime(0, at + 0.16)
      tone.connect(loud).connect(audio.destination)
      tone.start(at)
      tone.stop(at + 0.17)
    }
  }

  async #wake() {
    if (!this.on) return
    if (!this.#audio) {
      this.#audio = new AudioContext()
      this.#audio.onstatechange = () => this.#changed()
    }
    if (this.#audio.state === 'suspended') await this.#audio.resume()
  }
}
