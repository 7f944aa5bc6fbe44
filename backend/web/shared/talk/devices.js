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

/** @param {() => void} changed called when a device comes or goes @returns {() => void} ends it */
export function onDeviceChange(changed) {
  navigator.mediaDevices.addEventListener('devicechange', changed)
  return () => navigator.mediaDevices.removeEventListener('devicechange', changed)
}

/** The chosen device where it is there, else whatever the system takes. @param {Role} role */
async function wanted(role) {
  const id = chosen(role)
  if (!id || !(await present(role)).some((d) => d.deviceId === id)) return {}
  return { deviceId: { exact: id } }
}

/**
 * Opens camera and microphone, or what there is of them.
 * @returns {Promise<{stream: MediaStream, problem: string}>} problem is the key of a sentence, empty when both opened
 */
export async function openDevices() {
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ audio: await sounding(), video: await seeing() }), problem: '' }
  } catch {
    // One of the two is in the way: take them one by one, so that the other still works.
  }
  const [sound, picture] = [await attempt({ audio: await sounding() }), await attempt({ video: await seeing() })]
  const stream = new MediaStream([...sound.tracks, ...picture.tracks])
  return { stream, problem: problem(sound.error, picture.error) }
}

/** Opens one of the two anew. @param {'audio' | 'video'} kind */
export async function openOne(kind) {
  const { tracks, error } = await attempt(kind === 'audio' ? { audio: await sounding() } : { video: await seeing() })
  return { tracks, problem: kind === 'audio' ? problem(error, '') : problem('', error) }
}

/**
 * Whether a track is of another device than this person wants now: it has gone, the chosen one has come, or, where none
 * is chosen, a headset has become the system's own.
 * @param {MediaStreamTrack} track
 */
export async function adrift(track) {
  const role = track.kind === 'audio' ? 'microphone' : 'camera'
  const all = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === kinds[role])
  const { deviceId, groupId } = track.getSettings()
  if (all.length === 0) return track.readyState === 'ended'
  if (!all.some((d) => d.deviceId === deviceId)) return true
  const id = chosen(role)
  if (id && all.some((d) => d.deviceId === id)) return deviceId !== id
  return role === 'microphone' && !!groupId && all[0].groupId !== groupId
}

async function sounding() {
  return { ...await wanted('microphone'), echoCancellation: true, noiseSuppression: true, autoGainControl: true }
}

async function seeing() {
  return { ...await wanted('camera'), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }
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
