// Package rights says who may do what to which, and nothing else does. What the table does not allow is refused.
//
// Invariants: a target that is not the actor's own is Hidden, which answers like a thing that does not exist; an own
// target that the actor's role may not act on is Forbidden; an actor without a role may nothing.
package rights

import (
	"maps"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// Action is something that can be done.
type Action string

// The actions.
const (
	FindCitizen Action = "citizen.lookup"
	Join        Action = "entry.join"
	SeeEntry    Action = "entry.see"
	SeeCitizen  Action = "entry.citizen" // name and birthday of who holds the place
	Leave       Action = "entry.leave"
	Answer      Action = "entry.answer"
	NotNow      Action = "entry.not_now"
	Wait        Action = "entry.wait"
	NoAnswer    Action = "entry.no_answer"
	End         Action = "entry.end"
	Presence    Action = "entry.presence"
	Media       Action = "call.media"
	Start       Action = "entry.start"
	TakeOver    Action = "entry.take_over" // hold a place that another tablet holds, from this one too
	Remove      Action = "entry.remove"
	Restore     Action = "entry.restore" // take a removal back
	Transfer    Action = "entry.transfer"
	Place       Action = "entry.place" // another place in the order
	Urgent      Action = "entry.urgent"
	Signal      Action = "call.signal" // read and write a call's negotiation
	SeeClinic   Action = "clinic.see"  // the list and the settings
	SetOpening  Action = "clinic.opening"
	Write       Action = "entry.message"
	WriteAll    Action = "clinic.message"
	Read        Action = "entry.read" // say that the clinic's messages were read
	Delay       Action = "clinic.delay"
	SeeLine     Action = "line.see" // that places moved, not whose
	SeeDevice   Action = "device.see"
	SetMode     Action = "entry.mode"
	Invite      Action = "guest.invite"
	SeeGuests   Action = "guest.list" // of a place
	Admit       Action = "guest.admit"
	RemoveGuest Action = "guest.remove"
	BeGuest     Action = "guest.visit" // see what a guest sees, and go
	SeeTOBS     Action = "tobs.see"    // the own municipality's table
	SeeOrders   Action = "order.list"  // of a place
	WriteOrder  Action = "order.write"
	ReadBack    Action = "order.read_back"
	Withdraw    Action = "order.withdraw"
	Confirm     Action = "order.confirm"
	Correct     Action = "order.correct"
	SeeRecord   Action = "record.see" // of consent and presence
	AddToRecord Action = "record.add" // a line that no move brings about
	Emergency   Action = "entry.emergency"
	// WithdrawConsent is the citizen's right at any time. In a call, which a tablet with nobody signed in may end too, it
	// may do that; while the citizen waits it takes an employee, as leaving does: nobody who passes a tablet in a hallway
	// ends a place.
	WithdrawConsent Action = "consent.withdraw"
	// WrongPatient says why a patient was taken for another (E26).
	WrongPatient Action = "entry.wrong_patient"
	WriteCard    Action = "card.write"
	SeeCard      Action = "card.see"
	SetTold      Action = "entry.told" // the reason, after the number was drawn

	ListSummaries Action = "summary.list" // one's own
	ReadSummary   Action = "summary.read"
	WriteSummary  Action = "summary.write"
	DropSummary   Action = "summary.done" // it stands in the journal

	SeeRound    Action = "round.see"
	PutVisit    Action = "round.add" // on a round
	MoveVisit   Action = "round.move"
	EndVisit    Action = "round.end" // done, missed, dropped
	ImportRound Action = "round.import"
	SeeMissed   Action = "round.missed" // the unit's list
	TakeVisit   Action = "round.take"   // from it
	HandOver    Action = "handover.offer"
	SeeHandover Action = "handover.see"
	Accept      Action = "handover.accept"
)

// Target is what an action is done to; fields that do not apply are empty.
type Target struct {
	Clinic    kontakt.ClinicID
	Devices   []kontakt.DeviceID // that hold the entry, or the one that is in the call, or is the target
	Citizen   kontakt.CitizenID  // whose place it is
	Clinician kontakt.EmployeeID // who started the call
	Guests    []kontakt.GuestID  // that were let in to the call, or the one that is the target
	Helper    Helper             // whose summary, round or hand-over it is
}

// Helper is a municipality's employee, who is one only there.
type Helper struct {
	Employee     kontakt.EmployeeID
	Municipality kontakt.MunicipalityID
}

func (on Target) somebodys() bool {
	return on.Clinic != "" || len(on.Devices) > 0 || on.Clinician != "" || len(on.Guests) > 0 || on.Helper != (Helper{})
}

// own says whether a target is the actor's.
type own func(a kontakt.Actor, on Target) bool

func anything(kontakt.Actor, Target) bool { return true }
func device(a kontakt.Actor, on Target) bool {
	return a.Device != "" && slices.Contains(on.Devices, a.Device)
}

func self(a kontakt.Actor, on Target) bool {
	return a.Citizen != "" && a.Citizen == on.Citizen
}

func clinic(a kontakt.Actor, on Target) bool {
	return a.Clinic != "" && a.Clinic == on.Clinic
}

func call(a kontakt.Actor, on Target) bool {
	return clinic(a, on) && a.Employee != "" && a.Employee == on.Clinician
}

func guest(a kontakt.Actor, on Target) bool {
	return a.Guest != "" && slices.Contains(on.Guests, a.Guest)
}

func helper(a kontakt.Actor, on Target) bool {
	return a.Employee != "" && a.Municipality != "" && on.Helper == Helper{a.Employee, a.Municipality}
}

// colleague is one of the same municipality.
func colleague(a kontakt.Actor, on Target) bool {
	return a.Employee != "" && a.Municipality != "" && a.Municipality == on.Helper.Municipality
}

// Who an action is for, by what it is done to.
var (
	ofNurse  = map[kontakt.Role]own{kontakt.RoleNurse: device}
	ofTablet = map[kontakt.Role]own{kontakt.RoleDevice: device, kontakt.RoleNurse: device}
	ofStaff  = map[kontakt.Role]own{kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic}
	ofCall   = join(ofTablet, map[kontakt.Role]own{kontakt.RoleClinician: call})
	ofSelf   = map[kontakt.Role]own{kontakt.RoleCitizen: self}
	ofGuest  = map[kontakt.Role]own{kontakt.RoleGuest: guest}
	ofHelper = map[kontakt.Role]own{kontakt.RoleNurse: helper, kontakt.RoleNursePC: helper}
	ofRound  = map[kontakt.Role]own{kontakt.RoleNurse: helper} // at a tablet
	whoJoins = join(ofSelf, map[kontakt.Role]own{kontakt.RoleNurse: anything})
)

func join(all ...map[kontakt.Role]own) map[kontakt.Role]own {
	joined := map[kontakt.Role]own{}
	for _, some := range all {
		maps.Copy(joined, some)
	}
	return joined
}

var table = map[Action]map[kontakt.Role]own{
	FindCitizen:     {kontakt.RoleNurse: anything},
	Join:            whoJoins,
	TakeOver:        whoJoins,
	SeeEntry:        join(ofTablet, ofStaff, ofSelf),
	SeeCitizen:      join(ofNurse, ofStaff, ofSelf),
	Leave:           join(ofNurse, ofStaff, ofSelf),
	Answer:          ofNurse,
	NotNow:          ofTablet,
	Wait:            ofTablet,
	NoAnswer:        ofStaff,
	End:             join(ofTablet, ofStaff),
	Presence:        ofTablet,
	Media:           ofCall,
	Start:           {kontakt.RoleClinician: clinic},
	Signal:          join(ofCall, ofGuest),
	Remove:          ofStaff,
	Restore:         ofStaff,
	Transfer:        ofStaff,
	Place:           ofStaff,
	Urgent:          ofStaff,
	SeeClinic:       ofStaff,
	SetOpening:      ofStaff,
	Write:           ofStaff,
	WriteAll:        ofStaff,
	Read:            ofNurse,
	Delay:           ofStaff,
	SeeLine:         join(ofTablet, ofStaff),
	SeeDevice:       ofTablet,
	SetMode:         join(ofNurse, ofStaff),
	Invite:          join(ofNurse, ofStaff),
	SeeGuests:       join(ofTablet, ofStaff),
	Admit:           {kontakt.RoleClinician: call},
	RemoveGuest:     join(ofNurse, ofStaff),
	SeeRecord:       join(ofNurse, ofStaff),
	AddToRecord:     join(ofNurse, ofStaff),
	Emergency:       ofTablet,
	WithdrawConsent: ofTablet,
	WrongPatient:    join(ofNurse, ofStaff),
	BeGuest:         ofGuest,
	SeeTOBS:         {kontakt.RoleNurse: anything},
	SeeOrders:       join(ofNurse, ofStaff),
	WriteOrder:      ofNurse,
	ReadBack:        ofNurse,
	Withdraw:        ofNurse,
	Confirm:         {kontakt.RoleClinician: call},
	Correct:         {kontakt.RoleClinician: call},
	WriteCard:       ofNurse,
	SeeCard:         join(ofNurse, ofStaff),
	SetTold:         ofNurse,

	ListSummaries: {kontakt.RoleNurse: anything, kontakt.RoleNursePC: anything},
	ReadSummary:   ofHelper,
	WriteSummary:  ofHelper,
	DropSummary:   ofHelper,

	SeeRound:    ofRound,
	PutVisit:    ofRound,
	MoveVisit:   ofRound,
	EndVisit:    ofRound,
	ImportRound: ofRound,
	SeeMissed:   ofNurse,
	TakeVisit:   ofNurse,
	HandOver:    ofRound,
	SeeHandover: ofRound,
	Accept:      {kontakt.RoleNurse: colleague},
}

// Check gives nil when the actor may do the action on the target.
func Check(a kontakt.Actor, do Action, on Target) error {
	mine, allowed := table[do][a.Role]
	switch {
	case allowed && mine(a, on):
		return nil
	case allowed || on.somebodys() && !device(a, on) && !clinic(a, on) && !self(a, on) && !guest(a, on) && !helper(a, on):
		return &kontakt.Error{Op: "rights.Check", Kind: kontakt.Hidden, Msg: kontakt.MsgNotFound}
	default:
		return &kontakt.Error{Op: "rights.Check", Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
	}
}
