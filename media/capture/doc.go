// Package capture opens cameras and microphones. Every source opens through the driver manager of pion/mediadevices:
// its V4L2 cameras, and drivers of ours that stand registered there while they are open (the system's microphone, the
// timecode picture and the tone, files).
//
// Invariants: opening takes at most a second and fails with a *media.DeviceError that says why; no source stands in
// for another one: a missing camera is an error, never a test picture. What a source gives bears the time of its
// capture on the media clock. Capture never waits for its reader: a picture not read in time is replaced by the next,
// sound is kept for 200 ms. A device that goes away gives media.DeviceLost from Read, a closed one media.ErrClosed.
package capture
