package kontakt

import "slices"

// Rung is a step of the ladder that a call climbs down when the network is bad (domain.md M6), and up again.
type Rung string

// The rungs, best first; Ladder has what is said of each.
const (
	RungFull  Rung = "full"
	RungLower Rung = "lower" // a smaller picture
	RungStill Rung = "still" // a still picture every 2 s
	RungSound Rung = "sound" // no picture
	RungText  Rung = "text"  // the sound is too bad to talk: write
	RungPhone Rung = "phone" // nothing gets through: telephone; the place is kept
)

// Step is a rung with all that a tablet says of it.
type Step struct {
	Rung  Rung
	Moves bool   // its pictures follow each other: one that stands still is news
	Bars  int    // of 4
	Word  MsgKey // beside the bars
	Told  MsgKey // the sentence at the way down to it
}

// Ladder is every step, best first. When a call takes a rung, media/call/ladder decides.
var Ladder = []Step{
	{Rung: RungFull, Moves: true, Bars: 4, Word: "net.is_good"},
	{Rung: RungLower, Moves: true, Bars: 3, Word: "net.is_weak", Told: "net.lower"},
	{Rung: RungStill, Bars: 2, Word: "net.is_weak", Told: "net.still"},
	{Rung: RungSound, Bars: 1, Word: "net.is_sound", Told: "net.audio"},
	{Rung: RungText, Bars: 1, Word: "net.is_text", Told: "net.text"},
	{Rung: RungPhone, Word: "net.is_lost", Told: "net.phone"}, // {tlf}
}

// Known says whether there is such a rung.
func (r Rung) Known() bool { return r.index() >= 0 }

// Depth counts the rungs above this one; one that was not told yet is the first.
func (r Rung) Depth() int { return max(r.index(), 0) }

// Step gives what is said of it.
func (r Rung) Step() Step { return Ladder[r.Depth()] }

func (r Rung) index() int { return slices.IndexFunc(Ladder, func(s Step) bool { return s.Rung == r }) }
