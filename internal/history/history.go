package history

import (
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// Kind is what an operation asked for.
type Kind string

// The kinds. Moves are named as kontakt does.
const (
	Join      Kind = "join"
	Lookup    Kind = "lookup"
	Look      Kind = "look"    // at one place
	Held      Kind = "held"    // all open places of a tablet
	List      Kind = "list"    // all open places of a clinic
	Answer    Kind = "answer"  //
	NotNow    Kind = "not_now" //
	Wait      Kind = "wait"
	Leave     Kind = "leave"
	End       Kind = "end" // from either side
	Here      Kind = "here"
	Away      Kind = "away"
	Lost      Kind = "lost"
	Live      Kind = "live"
	Signal    Kind = "signal"
	Start     Kind = "start"
	NoAnswer  Kind = "no_answer"
	Remove    Kind = "remove"
	Restore   Kind = "restore"
	Transfer  Kind = "transfer"
	Reorder   Kind = "place"
	Urgent    Kind = "urgent"
	Message   Kind = "message"
	OpenRoom  Kind = "open"
	CloseRoom Kind = "close"
)

// Outcome is how an operation ended for who asked.
type Outcome string

// The outcomes. Unknown: the answer never came, or said that the backend could not tell.
const (
	OK      Outcome = "ok"
	Refused Outcome = "refused"
	Unknown Outcome = "unknown"
)

// Op is one operation. Times are since the start of the run, on one steady clock.
type Op struct {
	ID      int               `json:"id"`
	Client  string            `json:"client"` // "tablet 7"
	Kind    Kind              `json:"kind"`
	Key     string            `json:"key,omitempty"` // idempotency
	Begun   time.Duration     `json:"begun"`
	Done    time.Duration     `json:"done"`
	Rest    bool              `json:"rest,omitempty"` // after the last fault
	Clinic  kontakt.ClinicID  `json:"clinic,omitempty"`
	Citizen kontakt.CitizenID `json:"citizen,omitempty"`
	Entry   kontakt.EntryID   `json:"entry,omitempty"`
	Call    kontakt.CallID    `json:"call,omitempty"`
	Version int               `json:"version,omitempty"` // that a start names
	Over    bool              `json:"over,omitempty"`    // a join that also takes over the place that there is

	Device kontakt.DeviceID   `json:"device,omitempty"` // who asks: a tablet,
	Staff  kontakt.EmployeeID `json:"staff,omitempty"`  // or a clinician

	Outcome Outcome           `json:"outcome"`
	Why     kontakt.Kind      `json:"why,omitempty"`
	Msg     kontakt.MsgKey    `json:"msg,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
	Got     *Place            `json:"got,omitempty"` // what the answer says of the place
	Saw     []Place           `json:"saw,omitempty"` // what a list said
}

// Place is what an answer says of a place.
type Place struct {
	Entry    kontakt.EntryID    `json:"entry"`
	Version  int                `json:"version"`
	State    kontakt.EntryState `json:"state"`
	Number   int                `json:"number,omitempty"`
	Call     kontakt.CallID     `json:"call,omitempty"`
	RingLeft time.Duration      `json:"ring_left,omitempty"` // by the clock of who reads it
}

// Reader is one reader of the log and what it saw, in the order in which it saw it.
type Reader struct {
	Name     string                    `json:"name"`
	Saw      []Saw                     `json:"saw"`
	Whole    bool                      `json:"whole"`              // it stood until the end, so it must have everything
	Believes map[kontakt.EntryID]Place `json:"believes,omitempty"` // the last that it knew of its own open places

	mu sync.Mutex
}

// From is the type of a Saw that says where in a room a reader begins: behind Seq. Until is where it stops.
const (
	From  kontakt.EventType = "from"
	Until kontakt.EventType = "until"
)

// Saw is one event as a reader saw it, or a mark.
type Saw struct {
	Room    kontakt.Room       `json:"room"`
	Seq     kontakt.Seq        `json:"seq"`
	Type    kontakt.EventType  `json:"type"`
	State   kontakt.EntryState `json:"state,omitempty"`
	Version int                `json:"version,omitempty"`
}

// Note adds what a reader saw; it may be called from everywhere.
func (r *Reader) Note(s ...Saw) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Saw = append(r.Saw, s...)
}

// At gives how far the reader has come in each room that it follows.
func (r *Reader) At() kontakt.Cursor {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := kontakt.Cursor{}
	for _, s := range r.Saw {
		if s.Type == Until {
			delete(at, s.Room)
		} else {
			at[s.Room] = s.Seq
		}
	}
	return at
}

// Believe keeps the newest that a reader knows of a place of its own.
func (r *Reader) Believe(p Place) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Believes == nil {
		r.Believes = map[kontakt.EntryID]Place{}
	}
	if p.Version >= r.Believes[p.Entry].Version {
		r.Believes[p.Entry] = p
	}
}

// Final is what the database holds when all is over.
type Final struct {
	Entries []Entry                  `json:"entries"`
	Calls   []Call                   `json:"calls"`
	Log     map[kontakt.Room][]Event `json:"log"` // not of the calls' rooms, whose log is deleted
}

// Entry is a place as stored.
type Entry struct {
	Place
	Clinic  kontakt.ClinicID  `json:"clinic"`
	Citizen kontakt.CitizenID `json:"citizen"`
	Device  kontakt.DeviceID  `json:"device"`
	Day     string            `json:"day"`
	EndedBy string            `json:"ended_by,omitempty"`
}

// Call is a call as stored.
type Call struct {
	ID    kontakt.CallID     `json:"id"`
	Entry kontakt.EntryID    `json:"entry"`
	Staff kontakt.EmployeeID `json:"staff"`
}

// Event is one line of a room's log; Entry, State, Version and Call are its data's, where it has them.
type Event struct {
	Seq     kontakt.Seq        `json:"seq"`
	Type    kontakt.EventType  `json:"type"`
	Entry   kontakt.EntryID    `json:"entry,omitempty"`
	State   kontakt.EntryState `json:"state,omitempty"`
	Version int                `json:"version,omitempty"`
	Call    kontakt.CallID     `json:"call,omitempty"`
}

// History is all that is known of a run.
type History struct {
	Engine  string                                 `json:"engine"`
	Seed    uint64                                 `json:"seed"`
	Staff   map[kontakt.EmployeeID]string          `json:"staff"`    // the clinicians' names
	Home    map[kontakt.CitizenID]kontakt.ClinicID `json:"home"`     // whose citizen each is
	MaxRing time.Duration                          `json:"max_ring"` // the longest that a call may still ring

	Ops     []Op      `json:"ops"`
	Readers []*Reader `json:"readers"`
	Final   Final     `json:"final"`
	Drained bool      `json:"drained"` // in the end every place was to be called and ended
	Stuck   []string  `json:"stuck"`   // what did not come to rest in time, in words

	mu sync.Mutex
}

// Add keeps an operation under the next id. It may be called from everywhere.
func (h *History) Add(op Op) {
	h.mu.Lock()
	defer h.mu.Unlock()
	op.ID = len(h.Ops) + 1
	h.Ops = append(h.Ops, op)
}

// Count says how many operations there are, and how many of them were acknowledged.
func (h *History) Count() (ops, acked int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.Ops {
		if h.Ops[i].Outcome == OK {
			acked++
		}
	}
	return len(h.Ops), acked
}

// NewReader adds a reader.
func (h *History) NewReader(name string) *Reader {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &Reader{Name: name}
	h.Readers = append(h.Readers, r)
	return r
}

// NotAtRest keeps a sentence on what did not come to rest.
func (h *History) NotAtRest(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Stuck = append(h.Stuck, what)
}

// Outcomes that errors stand for: a transient failure says nothing about what happened.
func OutcomeOf(err error) Outcome {
	switch kind := kontakt.KindOf(err); {
	case kind == "":
		return OK
	case kind.Transient():
		return Unknown
	}
	return Refused
}

// Fail fills in how an operation ended that err ended.
func (op *Op) Fail(err error) {
	op.Outcome = OutcomeOf(err)
	if err != nil {
		op.Why = kontakt.KindOf(err)
		op.Msg, op.Params = kontakt.MsgOf(err)
	}
}

// Reply is what an acknowledged operation says: a place, or several.
type Reply struct {
	Got *Place
	Saw []Place
}
