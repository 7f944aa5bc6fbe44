// Camera, microphone and loudspeaker: which ones this person chose, opening what there is, and saying plainly what is
// missing. A call never waits for them: without a camera it has sound, without either one still sees and hears.

/** @typedef {'camera' | 'microphone' | 'speaker'} Role */

/** @type {Record<Role, MediaDeviceKind>} */
const kinds = { camera: 'videoinput', microphone: 'audioinput', speaker: 'audiooutput' }

/** Whether this browser lets a page choose the loudspeaker. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype

/** @param {Role} role */
export function chosen(role) {
  return localStorage.getItem(`kontakt.${role}`) ?? ''
}

/** @param {Role} role @param {string} id empty for the system's own choice */
export function choose(role, id) {
  localStorage.setItem(`kontakt.${role}`, id)
}

/** @param {Role} role */
export async function present(role) {
  const all = await navigator.mediaDevices.enumerateDevices()
  return all.filter((d) => d.kind === kinds[role] && d.deviceId !== '' && d.deviceId !== 'default')
}

/** @param {() => void} changed called when a device comes or goes */
export function onDeviceChange(changed) {
  navigator.mediaDevices.addEventListener('devicechange', changed)
}

/** @param {Role} role */
function wanted(role) {
  const id = chosen(role)
  return id ? { deviceId: { ideal: id } } : {}
}

/**
 * Opens camera and microphone, or what there is of them.
 * @returns {Promise<{stream: MediaStream, problem: string}>} problem is the key of a sentence, empty when both opened
 */
export async function openDevices() {
  const audio = { ...wanted('microphone'), echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  const video = { ...wanted('camera'), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ audio, video }), problem: '' }
  } catch {
    // One of the two is in the way: take them one by one, so that the other still works.
  }
  const [sound, picture] = [await attempt({ audio }), await attempt({ video })]
  const stream = new MediaStream([...sound.tracks, ...picture.tracks])
  return { stream, problem: problem(sound.error, picture.error) }
}

/** @param {MediaStreamConstraints} constraints @returns {Promise<{tracks: MediaStreamTrack[], error: string}>} */
async function attempt(constraints) {
  try {
    return { tracks: (await navigator.mediaDevices.getUserMedia(constraints)).getTracks(), error: '' }
  } catch (err) {
    return { tracks: [], error: err instanceof DOMException ? err.name : 'NotFoundError' }
  }
}

/**
 * @param {string} sound name of the error, empty where it opened
 * @param {string} picture the same
 */
function problem(sound, picture) {
  if (sound === '' && picture === '') return ''
  if (sound === 'NotAllowedError' && picture === 'NotAllowedError') return 'dev.refused'
  if (sound === 'NotReadableError' || picture === 'NotReadableError') return 'dev.busy'
  if (sound === '') return picture === 'NotAllowedError' ? 'dev.camera_refused' : 'dev.no_camera'
  if (picture === '') return sound === 'NotAllowedError' ? 'dev.mic_refused' : 'dev.no_mic'
  return sound === 'NotAllowedError' || picture === 'NotAllowedError' ? 'dev.refused' : 'dev.none'
}

/** @param {HTMLMediaElement} el where sound comes out */
export async function playThroughChosen(el) {
  if (!canChooseSpeaker || el.sinkId === chosen('speaker')) return
  try {
    await el.setSinkId(chosen('speaker'))
  } catch {
    await el.setSinkId('') // the chosen one is not there now: the system's own
  }
}
