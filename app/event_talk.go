package app

import "kontaktlaege/internal/kontakt"

// What happens in a call besides its media.
type (
	// Invited answers InviteGuest.
	Invited struct {
		Place   kontakt.EntryID
		Key     string // of the request
		Guest   kontakt.Guest
		Link    string
		Sent    bool // by SMS
		Failure Failure
	}
	// GuestsFetched answers FetchGuests.
	GuestsFetched struct {
		Place   kontakt.EntryID
		Guests  []kontakt.Guest
		Failure Failure
	}
	// GuestRemoved answers RemoveGuest.
	GuestRemoved struct {
		Place   kontakt.EntryID
		Guest   kontakt.GuestID
		Failure Failure
	}
	// ModeSet answers SetMode, after the place's PlaceFetched; a failure leaves the mode that the place has.
	ModeSet struct {
		Place   kontakt.EntryID
		Mode    kontakt.Mode
		Failure Failure
	}
	// GuestChanged: the stream tells that the guests of a place have changed, to be fetched.
	GuestChanged struct {
		Place kontakt.EntryID
		Guest kontakt.GuestID
		State kontakt.GuestState
	}
	// TextCame: another participant writes T.140.
	TextCame struct {
		Call kontakt.CallID
		From string
		Text string
	}
	// StillChanged: something has become of a still picture.
	StillChanged struct {
		Call   kontakt.CallID
		Change StillChange
	}
	// PointerMoved: another participant points at a still picture.
	PointerMoved struct {
		Call kontakt.CallID
		ID   string // of the picture
		From string
		X, Y float64
		On   bool
	}
	// NetSaid: what was said of the network has been shown for long enough. NetCalm: it has been good for a while.
	NetSaid struct {
		Call kontakt.CallID
		Said int
	}
	NetCalm struct {
		Call  kontakt.CallID
		Falls int
	}
	// StillAway: the clinic has been neither seen nor heard for long.
	StillAway struct {
		Call   kontakt.CallID
		Absent int
	}
	// NewsRead: what was told of a guest, or of what a tap came to, has been shown for long enough.
	NewsRead struct {
		Call kontakt.CallID
		Told int
	}
)

// StillStage is what became of a still picture.
type StillStage int

// The stages of a still picture.
const (
	StillAsked     StillStage = iota // From wants one
	StillTaken                       // here: it has a name and a size, and is on the screen's album
	StillGoing                       // ours is on its way: Progress
	StillComing                      // one of From is on its way: Progress
	StillCame                        // it is whole, and on the screen's album
	StillDelivered                   // all have ours
	StillDropped                     // it was taken back, or came to nothing
	StillFailed                      // here: none could be taken, and Problem says why
)

// StillChange is one step in the life of a still picture.
type StillChange struct {
	Stage         StillStage
	ID, From      string
	Progress      float64
	Width, Height int
	Problem       Sentence
}

func (Invited) event()       {}
func (GuestsFetched) event() {}
func (GuestRemoved) event()  {}
func (ModeSet) event()       {}
func (GuestChanged) event()  {}
func (TextCame) event()      {}
func (StillChanged) event()  {}
func (PointerMoved) event()  {}
func (NetSaid) event()       {}
func (NetCalm) event()       {}
func (StillAway) event()     {}
func (NewsRead) event()      {}
