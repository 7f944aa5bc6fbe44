package call

import (
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/call/congestion"
	"kontaktlaege/media/call/ladder"
	"kontaktlaege/media/call/packet"
)

const (
	// maxBacklog is how much may wait in the pacer before pictures are left out at their source.
	maxBacklog = 200 * time.Millisecond
	stillPause = 2 * time.Second
	// stillPatience is how long a still may take to leave until the next one is made anyway.
	stillPatience = 10 * time.Second

	// Until a path is proven it gets small pictures: the first one is there soon, and a slow path is not filled with it.
	firstHeight = 360
	firstRate   = 600_000

	// Who carries less than largeShare, in per cent, of what the best line does gets the small encoding, and the large one
	// again when it has carried backShare for backAfter.
	largeShare = 60
	backShare  = 80
	backAfter  = 5 * time.Second

	// padLeast is what a path must carry for padding to be no burden.
	padLeast = 35_000
	padIdle  = 300 * time.Millisecond // after the last picture padding may go without one
	// probeApart is between probes of different lines, which may share an uplink.
	probeApart = 300 * time.Millisecond
)

// outlet is what one line gets of the camera. It belongs to the goroutine of pictureOut.
type outlet struct {
	line   *line
	ladder ladder.Ladder
	sound  ladder.Sound
	cutter packet.Cutter
	path   congestion.Reading

	up      bool // the line stands
	carries int  // bit/s for the picture, on the whole
	rate    int  // ... and now
	small   bool
	proven  bool          // it has been
	back    time.Duration // since when it could have the large encoding again
	needKey bool          // its stream stands still until the next key frame
	stillAt time.Duration
	sentAt  time.Duration
}

func newOutlet(l *line) *outlet { return &outlet{line: l, small: true, needKey: true} }

// look reads how the path stands.
func (o *outlet) look(source int, most int, now time.Duration) {
	up := o.line.connected()
	if up != o.up {
		o.up, o.needKey = up, true
	}
	silent := o.path.Silence > 0
	o.path = o.line.bwe.Read(now)
	if silent && o.path.Silence == 0 {
		o.needKey = true // what was sent into the silence is lost
	}
	if o.line.bwe.TakeKey() {
		o.needKey = true
	}
	o.adapt(source, most, now)
}

// adapt goes by what was read.
func (o *outlet) adapt(source, most int, now time.Duration) {
	sound := o.sound.Update(o.path.Carries, now)
	o.line.plan.Store(sound)
	o.carries = ladder.PictureRate(o.path.Carries, sound, most)
	o.rate = ladder.PictureRate(o.path.Target, sound, most)
	o.ladder.Update(ladder.Conditions{
		Rate: o.carries, Loss: o.path.Loss, SoundLoss: o.path.SoundLoss, Silence: o.path.Silence,
	}, now)
	o.line.bwe.Show(o.ladder.Moves() || o.ladder.Still(), now)
	o.line.setRung(o.ladder.Rung(source))
}

// blocked says that a picture made now would only wait.
func (o *outlet) blocked() bool { return o.path.Full || o.path.Backlog > maxBacklog }

// begins says that it has got no picture yet, and could have one.
func (o *outlet) begins() bool { return o.sentAt == 0 && o.moves() && !o.blocked() }

func (o *outlet) moves() bool { return o.up && o.ladder.Moves() && o.path.Silence == 0 }

// wantsStill says whether a still picture is due.
func (o *outlet) wantsStill(now time.Duration) bool {
	if !o.up || !o.ladder.Still() || o.path.Silence > 0 || now-o.stillAt < stillPause {
		return false
	}
	return o.stillAt == 0 || o.path.Backlog == 0 || now-o.stillAt >= stillPatience
}

// choose says which encoding the line gets, when the best of them carries most.
func (o *outlet) choose(most int, now time.Duration) {
	switch {
	case !o.path.Proven:
		o.setSmall(true)
		o.proven = false
	case !o.moves() || o.carries*100 < most*largeShare:
		o.setSmall(true)
	case !o.proven:
		o.setSmall(false)
		o.proven = true
	case !o.small || o.carries*100 < most*backShare:
		o.back = 0
	case o.back == 0:
		o.back = now
	case now-o.back >= backAfter:
		o.setSmall(false)
	}
}

// setSmall changes the encoding, which its stream can only do at a key frame.
func (o *outlet) setSmall(small bool) {
	o.back = 0
	if o.small != small {
		o.small, o.needKey = small, true
	}
}

// send cuts a picture for the line, with padding behind it where probing is allowed and a probe is due.
func (o *outlet) send(unit media.AccessUnit, probing bool, now time.Duration) (probes bool) {
	padding := 0
	if probing {
		padding, probes = o.line.bwe.Probe(len(unit.Data), now)
	}
	o.needKey = false
	if unit.Key {
		o.line.bwe.KeyFrom(o.line.video.packet.SequenceNumber)
	}
	err := o.cutter.Cut(unit.Data, ladder.PacketLimit(o.path.Carries), func(payload []byte, last bool) error {
		return o.line.video.write(payload, unit.Time, last)
	})
	if err != nil {
		o.needKey = true // part of it is missing over there
		return probes
	}
	o.sentAt = now
	_ = o.line.video.pad(padding) // a probe that is cut short says less, and no more
	return probes
}

// idle probes with padding alone where no picture is sent. There must have been one: padding can't begin a stream.
func (o *outlet) idle(now time.Duration) (probes bool) {
	if !o.up || o.sentAt == 0 || now-o.sentAt < padIdle || o.path.Carries < padLeast || o.path.Backlog > 0 {
		return false
	}
	padding, probes := o.line.bwe.Probe(0, now)
	_ = o.line.video.pad(padding)
	return probes
}
