// Camera, microphone and loudspeaker: which ones this person chose, opening what there is, and saying plainly what is
// missing. A call never waits for them: without a camera it has sound, without either one still sees and hears.

/** @typedef {'camera' | 'microphone' | 'speaker'} Role */
/** @typedef {'' | 'user' | 'environment'} Facing of a telephone's camera: its owner or what is before it; empty for others */

/** Whether this browser, as it is set up here, can carry a call at all. */
export const canTalk = 'RTCPeerConnection' in window && !!navigator.mediaDevices?.getUserMedia

/** Whether this is a telephone or a tablet: there a page that wants to zoom must ask when it opens the camera. */
const handheld = matchMedia('(pointer: coarse)').matches

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
  navigator.mediaDevices?.addEventListener('devicechange', changed)
  return () => navigator.mediaDevices?.removeEventListener('devicechange', changed)
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

/** Opens one of the two anew. @param {'audio' | 'video'} kind @param {Facing} [facing] of the camera, where it is not the chosen one */
export async function openOne(kind, facing = '') {
  const { tracks, error } = await attempt(kind === 'audio' ? { audio: await sounding() } : { video: await seeing(facing) })
  return { tracks, problem: kind === 'audio' ? problem(error, '') : problem('', error) }
}

/** The group of the system's own microphone when a track was opened. @type {WeakMap<MediaStreamTrack, string>} */
const ownThen = new WeakMap()

/**
 * Whether a track is of another device than this person wants now: it has gone, the chosen one is there, or, where none
 * is chosen, a headset has become the system's own since. Safari names the devices only once one of them is open.
 * @param {MediaStreamTrack} track @param {Facing} [facing] what is wanted instead of the chosen camera
 */
export async function adrift(track, facing = '') {
  const role = track.kind === 'audio' ? 'microphone' : 'camera'
  const all = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === kinds[role])
  const { deviceId, groupId } = track.getSettings()
  if (all.length === 0) return track.readyState === 'ended'
  const own = ownThen.get(track) ?? all[0].groupId
  ownThen.set(track, own)
  if (!all.some((d) => d.deviceId === deviceId)) return true
  const id = chosen(role)
  if (role === 'camera' && facing) return false
  if (id && all.some((d) => d.deviceId === id)) return deviceId !== id
  return role === 'microphone' && !!groupId && all[0].groupId !== groupId && all[0].groupId !== own
}

async function sounding() {
  return { ...await wanted('microphone'), echoCancellation: true, noiseSuppression: true, autoGainControl: true }
}

/** @param {Facing} [facing] @returns {Promise<MediaTrackConstraints>} */
async function seeing(facing = '') {
  const which = facing ? { facingMode: { exact: facing } } : await wanted('camera')
  return { ...which, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...(handheld && { zoom: true }) }
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
