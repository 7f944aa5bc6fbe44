package main

import (
	"fmt"
	"math"
	"time"
)

// access is what the tablet's network is like when nothing is wrong: a rural 4G cell with room.
var access = conditions{Delay: 20 * time.Millisecond}

func shaped(change func(*conditions)) conditions {
	c := access
	change(&c)
	return c
}

// netCase is one case: a network, what happens to it, and what we want of the call.
type netCase struct {
	name  string
	from  conditions
	then  []event // after the call has stood for a while
	warm  time.Duration
	long  time.Duration // of the stretch that is measured, after warm
	moves bool          // the tablet gets another address at the first event
	typed string        // in the stretch
	proxy bool          // programs on the tablet are told of the proxy
	only  bool          // ours alone
	up    int           // bits a second that the tablet's access sends; 0: as it takes
	more  []string      // who else is in the call
	goal  func(ours, theirs outcome) (want string, met bool)
	smoke func(outcome) (want string, met bool) // of --short, where no goal may measure the machine; nil: no part of it
}

// event is another network, so long after the begin of the stretch.
type event struct {
	after time.Duration
	to    conditions
	heals bool // from here recovery is measured
}

// outcome is what one call was like. There is what the clinic's browser got from the tablet's side, Here the other way.
type outcome struct {
	Failed      string // it did not come up, and why
	Up          time.Duration
	There, Here figures
	Others      []figures     // what each of the others got from the tablet
	Back        time.Duration // until pictures moved again on both sides; negative: never
	Path        string
	Letters     int
	LettersP95  time.Duration
}

func limited(rate int) conditions { return shaped(func(c *conditions) { c.Rate = rate }) }

func cases() []netCase {
	return []netCase{
		{name: "300 kbit/s", from: limited(300_000), warm: 25 * time.Second, long: 20 * time.Second, goal: asGoodAsTheirs, smoke: talks},
		{name: "600 kbit/s", from: limited(600_000), warm: 25 * time.Second, long: 20 * time.Second, goal: asGoodAsTheirs},
		{name: "1,200 kbit/s", from: limited(1_200_000), warm: 25 * time.Second, long: 20 * time.Second, goal: asGoodAsTheirs},
		{
			name: "64 kbit/s, 20 % loss", from: access, warm: 15 * time.Second, long: 30 * time.Second, typed: lettersTyped,
			then: []event{{to: shaped(func(c *conditions) { c.Rate, c.Loss = 64_000, 0.2 })}}, goal: talkAndText,
		},
		{
			name: "10 % loss", from: shaped(func(c *conditions) { c.Loss = 0.1 }), warm: 10 * time.Second, long: 20 * time.Second,
			goal: func(o, _ outcome) (string, bool) {
				return "concealed < 5 %", heard(o, 5)
			},
		},
		{
			name: "10 % reordered", from: shaped(func(c *conditions) { c.Reorder = 0.1 }), warm: 10 * time.Second, long: 15 * time.Second,
			goal: func(o, _ outcome) (string, bool) {
				return "≥ 25 fps, concealed < 1 %", o.There.FPS >= 25 && heard(o, 1)
			},
		},
		{
			name: "cut for 5 s", from: access, warm: 8 * time.Second, long: 20 * time.Second, goal: backWithin(3 * time.Second), smoke: works,
			then: []event{{to: cut}, {after: 5 * time.Second, to: access, heals: true}},
		},
		{
			name: "cut for 30 s", from: access, warm: 8 * time.Second, long: 50 * time.Second, goal: backWithin(3 * time.Second),
			then: []event{{to: cut}, {after: 30 * time.Second, to: access, heals: true}},
		},
		{
			name: "another address", from: access, warm: 8 * time.Second, long: 20 * time.Second, goal: backWithin(3 * time.Second),
			moves: true, then: []event{{to: access, heals: true}},
		},
		{
			name: "no UDP: TCP 3478 and 443", from: through(onlyTCP(serverAddress, 3478, 443)), warm: 8 * time.Second, long: 10 * time.Second,
			goal: comesUp,
		},
		{
			name: "TLS on 443 alone", from: through(onlyTCP(serverAddress, 443)), warm: 8 * time.Second, long: 10 * time.Second,
			goal: comesUp, smoke: worksOverRelay,
		},
		{
			name: "CONNECT proxy alone", from: through(onlyTCP(proxyAddress, 3128)), warm: 8 * time.Second, long: 10 * time.Second,
			proxy: true, goal: comesUp, smoke: worksOverRelay,
		},
		{
			name: "four people, 1.5 Mbit/s up", from: access, up: 1_500_000, more: []string{"gst_one", "gst_two"}, only: true,
			warm: 20 * time.Second, long: 20 * time.Second, goal: everyoneHears,
		},
	}
}

var cut = conditions{Cut: true}

func through(f filter) conditions { return shaped(func(c *conditions) { c.Pass = f }) }

// asGoodAsTheirs: what Chromium holds on the same link, or more. A row of pixels is no difference, a tenth of the pictures
// is none, and neither is sound that nobody would miss.
func asGoodAsTheirs(ours, theirs outcome) (string, bool) {
	t := theirs.There
	concealed := max(t.Concealed, 0.3)
	want := fmt.Sprintf("≥ %dp, ≥ %.0f fps, concealed ≤ %.1f %%", t.Height, math.Floor(0.9*t.FPS), concealed)
	if theirs.Failed != "" || theirs.Up == 0 { // nothing beside it
		return "moves, ≥ 180p, concealed ≤ 3 %", ours.There.Height >= 176 && ours.There.FPS >= 10 && heard(ours, 3)
	}
	return want, ours.There.Height+8 >= t.Height && ours.There.FPS >= math.Floor(0.9*t.FPS) && heard(ours, concealed)
}

// heard: the clinic hears the citizen, with at most so many per cent made up.
func heard(o outcome, percent float64) bool { return o.There.Sound && o.There.Concealed <= percent }

const text = "Hun fik en tablet kl. 8 og en halv kl. 12. Hun har ondt i maven nu. "

// lettersTyped are as many as the goal names.
var lettersTyped = (text + text + text)[:200]

func talkAndText(o, _ outcome) (string, bool) {
	return "concealed ≤ 10 %, 200 letters, p95 < 1 s", heard(o, 10) && o.Letters == len(lettersTyped) && o.LettersP95 < time.Second
}

func backWithin(limit time.Duration) func(ours, _ outcome) (string, bool) {
	return func(o, _ outcome) (string, bool) {
		return fmt.Sprintf("picture back ≤ %.0f s", limit.Seconds()), o.Back >= 0 && o.Back <= limit
	}
}

func everyoneHears(o, _ outcome) (string, bool) {
	met := heard(o, 5) && len(o.Others) == 2
	for _, f := range o.Others {
		met = met && f.Sound && f.Concealed <= 5
	}
	return "all three hear, concealed ≤ 5 %", met
}

func comesUp(o, _ outcome) (string, bool) {
	return "comes up over the relay, with sound", o.Path == "relay" && o.There.FPS > 0 && heard(o, 5)
}

// talks: sound comes both ways, and every letter. How much of it depends on how busy the machine is; that some comes does not.
func talks(o outcome) (string, bool) {
	return "sound both ways, every letter", heard(o, 90) && o.Here.Sound && o.Here.Concealed <= 90 && o.Letters == len(shortTyped)
}

func works(o outcome) (string, bool) {
	_, met := talks(o)
	return "pictures and sound both ways, every letter", met && o.There.Pictures >= 10 && o.Here.Pictures >= 10
}

func worksOverRelay(o outcome) (string, bool) {
	want, met := works(o)
	return want + ", over the relay", met && o.Path == "relay"
}

// shortened is the case as --short plays it: no longer than it takes, and judged as soon as it does what it has to do.
func (c netCase) shortened() netCase {
	c.warm, c.only, c.typed = shortWarm, true, shortTyped
	c.long = 0
	for _, e := range c.then {
		c.long = max(c.long, e.after)
	}
	smoke := c.smoke
	c.goal = func(ours, _ outcome) (string, bool) { return smoke(ours) }
	return c
}

const shortWarm = 2 * time.Second

var shortTyped = lettersTyped[:24]
