package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// State is all that the screen may show.
type State struct {
	Device   kontakt.Device // zero until enrolled
	Employee Employee       // zero while nobody is signed in
	Net      Net
	Settings Settings
	Voices   []string // the languages that can be read aloud here
	Screen   Screen
	Over     Screen // Help or Preferences, which lies over Screen; nil: nothing does

	// Drill says that nothing of this is real; nil: it is.
	Drill *Drill

	// Correcting is a place that was drawn for the wrong citizen and holds until the right one has a number (E25); nil: none.
	Correcting *Place

	// Aside are the places that this tablet holds besides the one that is shown, in the order in which they were drawn. One
	// that has ended stays until the nurse has looked at it.
	Aside []Place

	Emergency *Emergency // the sheet "Ring 112"; nil: not shown

	Corner Corner // where one's own picture stands in a call

	Today int // her conversations of the last day that do not stand in the journal yet, as far as it is known
	// Plan is the round of who is signed in; Recent are the citizens that she has confirmed in this session, the last first.
	// They are nowhere but here, and gone with the session.
	Plan   Plan
	Recent []Citizen

	Lock  Lock // over the screen; Face is what it leaves of that
	Kiosk bool // nothing leads out of the app but IT's code

	pin    pin   // unlocks, for who is signed in
	guard  Guard // as IT has set it
	idling bool  // a timer runs that asks how long nobody has touched the tablet

	heard112 map[kontakt.EntryID]Heard112 // what clinics were told from here; nil: nothing
	later    []Ended                      // summaries that a call has pushed off the screen before they were read
	rooms    kontakt.Cursor               // the device's room, where the stream starts
	removed  *Place                       // was taken off the list by its clinic, which may take that back for a while (E44)
	hungUp   kontakt.CallID               // ended here last: the backend may not know it yet
	said     LateWord                     // the last that was said aloud on this tablet (E45)
}

// Employee is who is signed in.
type Employee kontakt.Person

// SignedIn says whether somebody is.
func (e Employee) SignedIn() bool { return e.ID != "" }

// Net is the way to the backend, as the event stream tells it.
type Net struct {
	Offline bool
	Since   time.Time // of the change; backend clock
}

// Sentence is something to say, by key.
type Sentence struct {
	Key    kontakt.MsgKey
	Params map[string]string
}

// None says whether there is nothing to say.
func (s Sentence) None() bool { return s.Key == "" }

// Screen is which screen is shown, with all that it shows. The types below are all there are.
type Screen interface{ screen() }

// Starting: the tablet proves its key to the backend and fetches what it is in the middle of.
type Starting struct {
	Attempt int      // counts from 0; from 1 on Problem says why
	Problem Sentence // the tablet goes on trying by itself

	idle bool // between two attempts
}

// Enrol: the tablet is not known yet. IT gives a code.
type Enrol struct {
	Busy    bool
	Problem Sentence
}

// SignedOut: the tablet is known, nobody is signed in. Held is a place that an earlier session drew and that is kept.
type SignedOut struct {
	Busy    bool
	Problem Sentence
	Held    *Place
}

// SigningIn: the browser is open; the backend tells when it is done.
type SigningIn struct {
	Signin  kontakt.SigninID // empty until the backend has answered
	URL     string           // for a person who has to open it by hand
	Busy    bool             // the code is being exchanged
	Problem Sentence         // login.no_browser: open URL by hand
	Held    *Place

	answer    bool      // a ring waits for this sign-in
	ringUntil time.Time // tablet's clock, while Held is called
	silent    bool      // the ring is over and the backend has not said so yet
	lost      Sentence  // why Held is there no more
}

// Round: the nurse's day (State.Rows): who is planned, who waits, and what to do next (State.Next).
type Round struct {
	Importing bool // a list is being put on it
	Problem   Sentence
}

// FindCitizen: a CPR number is being keyed. The digits live in the widget, never here.
type FindCitizen struct {
	Busy    bool
	Problem Sentence
	Down    bool // the register does not answer: the nurse may choose the clinic
}

// ChooseClinic: the register does not answer, and the citizen knows which clinic it is.
type ChooseClinic struct {
	Clinics []kontakt.Clinic
	Loading bool // of the clinics
	Busy    bool // looking up, with the clinic that was chosen
	Problem Sentence
}

// ReadBack: is it the right citizen?
type ReadBack struct {
	Citizen Citizen
	Visit   kontakt.VisitID // of the round; "": the citizen was found by the number, or again
}

// Consent: may the clinic be asked? The nurse reads the question aloud and says how it was answered; nothing is preset.
type Consent struct {
	Citizen Citizen
	Clinic  kontakt.Clinic       // where the number is to be drawn
	Cannot  bool                 // the citizen can give none: why is asked for. The words live in the widget
	Room    []kontakt.RecordRole // who is there besides the citizen and the nurse
	Problem Sentence
}

// Refused: this citizen can't be put into a queue now, and why, and what else can be done.
type Refused struct {
	Citizen  Citizen
	Clinic   *kontakt.Clinic // the one that was asked; nil: none
	Why      Sentence        // cit.not_attached, q.closed, cit.already_waiting …
	Next     []Sentence      // what can be done instead, most useful first
	TakeOver bool            // another tablet holds the place, and this one may too
	Busy     bool            // the place is being taken over
	Problem  Sentence

	join kontakt.Join // the same again, to take the place over
	key  string
}

// Check: picture of oneself, microphone, network and relay, before a number is drawn.
type Check struct {
	Citizen Citizen
	Clinic  kontakt.Clinic // where the number is drawn
	Report  CheckReport
	Joining bool
	Problem Sentence

	consent kontakt.Consent      // the nurse's statement; it goes with the join
	round   int                  // of the device check
	key     string               // of the join once it has been tried, so that trying again is the same join
	told    kontakt.Told         // with it
	room    []kontakt.RecordRole // and who else is there
}

// Waiting: a number is drawn.
type Waiting struct {
	Place    Place
	Leaving  bool // the question "Forlad køen?" is shown
	Moot     bool // the question "Ikke længere aktuelt?" is shown
	Wrong    bool // the question "Forkert borger?" is shown
	More     bool // the sheet of what is done less often is shown
	Busy     bool // the answer to the first is on its way
	Taking   bool // another nurse's place is being taken over (E18)
	Messages bool // what has been read is shown again
	Problem  Sentence
}

// Tell: the nurse writes to the clinician what she has seen, in the letters of ISBAR and, where her municipality has turned
// it on, with TOBS. What is written leaves by itself.
type Tell struct {
	Place Place
	Writing
}

// Called: the clinic has pressed Start and the tablet rings.
type Called struct {
	Place     Place
	RingUntil time.Time // tablet's clock
	Hushed    bool      // two minutes were asked for: no sound until they are nearly over
	Busy      bool      // an answer is on its way
	Problem   Sentence

	silent    bool // the ring has run out and the backend has not said so yet
	answering bool // the answer that is on its way takes the call
	talked    bool // it was in a call until now: none is connected ahead, so that nothing of that one goes on
}

// InCall: the conversation.
type InCall struct {
	Place     Place
	Since     time.Time // tablet's clock
	Controls  Controls
	Media     MediaState  // of the connection with the clinic
	Remote    RemoteState // the clinic's, as in Others
	Blind     bool        // the own camera is wanted and gives no picture
	Notice    Sentence    // one thing that went wrong and what helps: chk.camera_lost …
	Ending    bool        // the question "Afslut samtalen?" is shown
	Mistaking bool        // the question "Forkert patient?" is
	Hidden    bool        // one's own picture is, on this tablet alone

	Others   []Participant // the clinic first, then the guests in the order in which they were let in
	Rung     kontakt.Rung  // of what leaves here; "" while that is not known
	Net      Sentence      // of the ladder (kontakt.Ladder), and what helps, each once
	Level    float64       // of the own microphone, 0–1
	Silent   bool          // it is on and catches nothing
	Guests   []Guest       // in the order in which they were invited
	News     GuestNews     // what to tell of a guest now
	Problem  Sentence      // why a tap came to nothing: a guest was not shown out, the mode was not changed
	Inviting *Invite       // the sheet "Inviter"; nil: not shown
	Card     *Writing      // the sheet "Kort"; nil: not shown
	Typing   Typing
	Still    *Still       // nil: none is shown
	Mode     kontakt.Mode // as it was chosen; the place has it as soon as the backend has answered
	Orders   OrderBook

	over   bool     // the call has ended and the place is being fetched
	shared []string // tools that the record knows of
	ladder ladder   // what has been said of the network
	told   int      // counts News and Problem
	asked  bool     // Guests are known
}

// Off is a place that its clinic has ended.
type Off struct {
	Why    Sentence // q.removed, q.closed_on_you
	Words  string   // the clinic's own
	Clinic kontakt.Clinic
	Number int
}

func (Starting) screen()     {}
func (Enrol) screen()        {}
func (SignedOut) screen()    {}
func (SigningIn) screen()    {}
func (Round) screen()        {}
func (FindCitizen) screen()  {}
func (ChooseClinic) screen() {}
func (ReadBack) screen()     {}
func (Consent) screen()      {}
func (Refused) screen()      {}
func (Check) screen()        {}
func (Waiting) screen()      {}
func (Tell) screen()         {}
func (Called) screen()       {}
func (InCall) screen()       {}
func (DrillChoice) screen()  {}
func (DrillResult) screen()  {}
func (Scan) screen()         {}
func (HandOver) screen()     {}

// Summary is what the nurse writes in the care record: above all whom the citizen spoke with.
type Summary struct {
	Citizen   string
	Clinic    string
	Clinician string // mandatory: boards have criticised its absence
	Title     string
	Started   time.Time
	Lasted    time.Duration
	How       Sentence // call.ended, call.ended_by_clinic …
	Orders    []OrderLine
}

// First gives the state in which a run begins.
func First() State {
	return State{Settings: DefaultSettings(), Screen: Starting{}}
}

// Tried says whether the backend has been asked for a number.
func (c Check) Tried() bool { return c.key != "" }

// Slow says whether the screen waits for the backend for longer than a good network takes.
func (s State) Slow() bool {
	var problem Sentence
	switch screen := s.Screen.(type) {
	case FindCitizen:
		problem = screen.Problem
	case ChooseClinic:
		problem = screen.Problem
	case Refused:
		problem = screen.Problem
	case Check:
		problem = screen.Problem
	case Waiting:
		problem = screen.Problem
	case Called:
		problem = screen.Problem
	case Scan:
		problem = screen.Problem
	case HandOver:
		problem = screen.Problem
	}
	return problem.Key == stillTrying.Key
}

// place gives the place that the shown screen is about.
func (s State) place() *Place {
	switch screen := s.Screen.(type) {
	case SignedOut:
		return screen.Held
	case SigningIn:
		return screen.Held
	case Waiting:
		return &screen.Place
	case Tell:
		return &screen.Place
	case Called:
		return &screen.Place
	case InCall:
		return &screen.Place
	}
	return s.Correcting
}

// holds gives the place that is shown, first, and those aside.
func (s State) holds() []Place {
	var all []Place
	if p := s.place(); p != nil {
		all = append(all, *p)
	}
	return append(all, s.Aside...)
}

// watched gives the places whose rooms the stream carries.
func (s State) watched() []Place {
	all := s.holds()
	if s.removed != nil {
		all = append(all, *s.removed)
	}
	return all
}
