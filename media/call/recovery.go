package call

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// What becomes of a path that is gone. A path comes back by itself when its network does, within a check of ICE; to look
// for another one the other side must be told, and what is looked for then takes the place of the old path. So as long as
// signals don't get through the old path is left alone, and once they do it gets a moment before it is given up.
const (
	coalesce        = 100 * time.Millisecond // candidates are told together
	restartAfter    = 2 * time.Second        // of a lost path: ICE restart
	relayAfter      = 6 * time.Second        // after that: over the relay only
	againAfter      = 8 * time.Second        // after that, in turn
	connectLimit    = 8 * time.Second        // from the answer to a path
	unansweredAfter = 20 * time.Second       // from an offer that was delivered to the next: the other side has no network
	returnGrace     = 700 * time.Millisecond // from when signals get through again: the old path may be there too
	silencePause    = 500 * time.Millisecond // between looks whether signals get through
	movedPause      = 40 * time.Millisecond  // the same, on another network
)

// follow sees what the line has come to.
func (l *leg) follow() {
	if found := l.line.found(); len(found) > 0 {
		if len(l.pending) == 0 {
			l.flush.Reset(coalesce)
		}
		l.pending = append(l.pending, found...)
	}
	switch connected := l.line.connected(); {
	case connected:
		if l.remote.State != Live {
			l.remote.State = Live
			l.remote.Path, _ = l.line.path()
			l.log.Info("call: a path", "participant", l.id, "path", l.remote.Path, "after", time.Since(l.offeredAt).Round(time.Millisecond))
			l.station.pictures.nudge() // it has what to send: a key frame
		}
		l.remote.Path, _ = l.line.path()
		l.lived, l.attempt = true, 0
		if !l.left {
			l.rescue.Stop()
		}
	case l.remote.State == Live:
		l.remote.State, l.remote.Path = Lost, ""
		l.log.Info("call: path lost", "participant", l.id)
		l.tellState(true) // which also shows whether signals get through
		if l.attempt == 0 {
			l.rescue.Reset(restartAfter)
		}
	}
	l.tellState(false) // what the line carries may have changed
}

// restore looks for a path again: by an ICE restart first, then by a new connection; over the relay alone where the
// other side has answered and yet no path came up.
func (l *leg) restore() {
	switch {
	case l.line == nil:
		l.renew(false)
	case l.left && !l.out.idle():
		l.rescue.Reset(movedPause)
	case l.left:
		l.left, l.attempt = false, 1
		l.renew(false)
		l.rescue.Reset(againAfter)
	case l.lived && !l.out.idle():
		l.rescue.Reset(silencePause)
	case !l.line.stable() && time.Since(l.offeredAt) < unansweredAfter:
		l.rescue.Reset(unansweredAfter - time.Since(l.offeredAt))
	default:
		l.attempt++
		if l.attempt > 1 || !l.restart() {
			l.renew(l.line.stable() && !l.line.relayOnly && len(l.relay.Servers) > 0)
			if l.lived {
				l.rescue.Reset(againAfter)
			}
		}
	}
}

// restart looks for another path on the same connection.
func (l *leg) restart() bool {
	state := l.line.connection()
	if !l.lived || !l.line.stable() || state == webrtc.PeerConnectionStateClosed || state == webrtc.PeerConnectionStateNew {
		return false
	}
	if err := l.line.restart(); err != nil {
		l.log.Info("call: no ICE restart", "err", err)
		return false
	}
	l.log.Info("call: ICE restart", "participant", l.id)
	l.offer()
	l.rescue.Reset(relayAfter)
	return true
}

// moved is for when the tablet has another network. It takes a new connection as soon as signals get through, and no ICE
// restart: Chromium goes on sending into the old path until it counts as silent, for 3.5 s at the least (measured from
// the change to pictures both ways: 3.7 to 8.6 s by a restart, 0.8 to 0.9 s by a new connection).
func (l *leg) moved() {
	if !l.lived {
		l.renew(false)
		return
	}
	l.left = true
	l.tellState(true)
	l.rescue.Reset(movedPause)
}

// through is for when signals get through that did not: the network is back.
func (l *leg) through() {
	switch {
	case l.left:
		l.restore()
	case l.line == nil || !l.lived || l.remote.State == Live:
	case !l.line.stable(): // what was offered was found while there was no network
		l.renew(false)
		l.rescue.Reset(againAfter)
	case l.line.connection() == webrtc.PeerConnectionStateFailed:
		l.attempt = 0
		l.restore()
	default:
		l.attempt = 0
		l.rescue.Reset(returnGrace)
	}
}
