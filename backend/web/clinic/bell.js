// Notices on the desktop, for a page that nobody looks at: its tab is behind another, or its window is. They name no
// patient, since anyone who passes may read them.

import { t } from '../shared/text.js'

export class Bell {
  #wanted

  /** @param {() => boolean} wanted whether somebody wants to be told */
  constructor(wanted) {
    this.#wanted = wanted
  }

  /** Asks the browser for leave; it asks the person. @returns {Promise<boolean>} whether it was given */
  async ask() {
    return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  }

  /** @param {string} text */
  ring(text) {
    if (!this.#wanted() || !('Notification' in window) || Notification.permission !== 'granted') return
    if (!document.hidden && document.hasFocus()) return
    const notice = new Notification(t('cl.tab_room'), { body: text, tag: 'kontakt', lang: document.documentElement.lang })
    notice.onclick = () => {
      focus()
      notice.close()
    }
  }
}
