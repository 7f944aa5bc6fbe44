package history

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"kontaktlaege/internal/kontakt"
)

// timeline is all that is known of one place.
type timeline struct {
	entry Entry
	steps []step // by version
	ops   []asked
	seen  []sight

	shared bool           // another tablet may have taken it over: whose it is can't be told from who drew it
	claims map[int]*group // by version: the acknowledged operation that made it

	byDone  []sight // with the highest version so far
	byBegun []int   // claimed versions by the begin of their operations, …
	begins  []time.Duration
}

// step is the place after one change.
type step struct {
	version int
	state   kontakt.EntryState
	call    kontakt.CallID // while there is one
}

// asked is an operation about the place and the requests that it belongs to.
type asked struct {
	op    *Op
	group *group
}

// sight is one answer that named the place's version. begun is when its request was first sent.
type sight struct {
	op    *Op
	begun time.Duration
	place Place
}

func sortBy[T any, K cmp.Ordered](all []T, key func(T) K) {
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

func isChange(t kontakt.EventType) bool {
	return t == kontakt.EventEntryChanged || t == kontakt.EventEntryCalled
}

func newTimeline(e Entry, log []Event) *timeline {
	t := &timeline{entry: e, claims: map[int]*group{}}
	var call kontakt.CallID
	for _, event := range log {
		if !isChange(event.Type) {
			continue
		}
		if event.Call != "" {
			call = event.Call
		}
		if event.State == kontakt.EntryWaiting || !event.State.Open() {
			call = ""
		}
		t.steps = append(t.steps, step{event.Version, event.State, call})
	}
	return t
}

// at gives the place at a version; false where the log does not know it.
func (t *timeline) at(version int) (step, bool) {
	i := sort.Search(len(t.steps), func(i int) bool { return t.steps[i].version >= version })
	if i == len(t.steps) || t.steps[i].version != version {
		return step{}, false
	}
	return t.steps[i], true
}

func (t *timeline) last() int {
	if len(t.steps) == 0 {
		return 0
	}
	return t.steps[len(t.steps)-1].version
}

// fresh says whether the operation may have made the version: its effect is what happened there.
func (t *timeline) fresh(op *Op, version int) bool {
	was, before := t.at(version - 1)
	is, there := t.at(version)
	return before && there && op.Kind.fits(was.state, is.state)
}

// claimed says whether the version is the operation's own doing for certain: one that leaves the state as it is, such as
// a word on presence, may also have been told what was so already.
func (t *timeline) claimed(op *Op, version int) bool {
	if op.Kind == Join {
		return version == 1
	}
	was, _ := t.at(version - 1)
	is, _ := t.at(version)
	return t.fresh(op, version) && (effects[op.Kind].always || was.state != is.state)
}

// letGo says whether an answer to a tablet that leaves only says that it holds the place no longer: others do.
func (t *timeline) letGo(p Place) bool {
	is, there := t.at(p.Version)
	return t.shared && there && is.state.Open() && p.State == kontakt.EntryLeft
}

// index finds who made which version, and prepares floor and ceiling.
func (t *timeline) index() {
	for _, a := range t.ops {
		if a.op.Outcome != OK || a.op.Got == nil {
			continue
		}
		v := a.op.Got.Version
		if t.claims[v] == nil && t.claimed(a.op, v) {
			t.claims[v] = a.group
		}
	}
	t.byDone = slices.Clone(t.seen)
	sortBy(t.byDone, func(s sight) time.Duration { return s.op.Done })
	high := 0
	for i := range t.byDone {
		high = max(high, t.byDone[i].place.Version)
		t.byDone[i].place.Version = high
	}
	type claim struct {
		begun   time.Duration
		version int
	}
	var claims []claim
	for v, g := range t.claims {
		claims = append(claims, claim{g.first().Begun, v})
	}
	sortBy(claims, func(c claim) time.Duration { return c.begun })
	low := math.MaxInt
	t.byBegun, t.begins = make([]int, len(claims)), make([]time.Duration, len(claims))
	for i, c := range slices.Backward(claims) {
		low = min(low, c.version)
		t.byBegun[i], t.begins[i] = low, c.begun
	}
}

// floor is the lowest version that the place can have had at a time: what somebody had been told before then.
func (t *timeline) floor(at time.Duration) int {
	i := sort.Search(len(t.byDone), func(i int) bool { return t.byDone[i].op.Done >= at })
	if i == 0 {
		return 0
	}
	return t.byDone[i-1].place.Version
}

// ceiling is the highest version that the place can have had at a time: below what was first asked for later.
func (t *timeline) ceiling(at time.Duration) int {
	i := sort.Search(len(t.begins), func(i int) bool { return t.begins[i] > at })
	if i == len(t.begins) {
		return t.last()
	}
	return min(t.last(), t.byBegun[i]-1)
}

// sometime says whether the place was such at any time at which the operation can have happened.
func (t *timeline) sometime(op *Op, such func(step) bool) bool {
	from, to := t.floor(op.Begun), t.ceiling(op.Done)
	return slices.ContainsFunc(t.steps, func(s step) bool { return s.version >= max(from, 1) && s.version <= to && such(s) })
}
