// Notices on the desktop, for a page that nobody looks at: its tab is behind another, or its window is. They name no
// patient, since anyone who passes may read them. Off until someone turns them on.

import { t } from '../shared/text.js'

const remembered = 'kontakt.bell'

export const canNotify = 'Notification' in window

export class Bell {
  get on() {
    return canNotify && localStorage.getItem(remembered) === 'on' && Notification.permission === 'granted'
  }

  /** @param {boolean} on @returns {Promise<boolean>} whether the browser lets it be as wanted */
  async turn(on) {
    const may = on && (await Notification.requestPermission()) === 'granted'
    localStorage.setItem(remembered, may ? 'on' : 'off')
    return may === on
  }

  /** @param {string} text */
  ring(text) {
    if (!this.on || (!document.hidden && document.hasFocus())) return
    const notice = new Notification(t('cl.tab_room'), { body: text, tag: 'kontakt', lang: document.documentElement.lang })
    notice.onclick = () => {
      focus()
      notice.close()
    }
  }
}
