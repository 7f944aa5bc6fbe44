// Package rights says who may do what to which, and nothing else does. What the table does not allow is refused.
//
// Invariants: a target that is not the actor's own is Hidden, which answers like a thing that does not exist; an own
// target that the actor's role may not act on is Forbidden; an actor without a role may nothing.
package rights

import "kontaktlaege/internal/kontakt"

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
	Signal      Action = "call.signal" // read and write a call's negotiation
	SeeClinic   Action = "clinic.see"  // the list and the settings
	SetOpening  Action = "clinic.opening"
	Write       Action = "entry.message"
	WriteAll    Action = "clinic.message"
	Read        Action = "entry.read" // say that the clinic's messages were read
	Delay       Action = "clinic.delay"
	SeeLine     Action = "line.see" // that places moved, not whose
	SeeDevice   Action = "device.see"
)

// Target is what an action is done to; fields that do not apply are empty.
type Target struct {
	Clinic    kontakt.ClinicID
	Device    kontakt.DeviceID   // that holds the entry, or is the target
	Clinician kontakt.EmployeeID // who started the call
}

// own says whether a target is the actor's.
type own func(a kontakt.Actor, on Target) bool

func anything(kontakt.Actor, Target) bool { return true }
func device(a kontakt.Actor, on Target) bool {
	return a.Device != "" && a.Device == on.Device
}

func clinic(a kontakt.Actor, on Target) bool {
	return a.Clinic != "" && a.Clinic == on.Clinic
}

func call(a kontakt.Actor, on Target) bool {
	return clinic(a, on) && a.Employee != "" && a.Employee == on.Clinician
}

var table = map[Action]map[kontakt.Role]own{
	FindCitizen: {kontakt.RoleNurse: anything},
	Join:        {kontakt.RoleNurse: anything},
	SeeEntry:    {kontakt.RoleDevice: device, kontakt.RoleNurse: device, kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	SeeCitizen:  {kontakt.RoleNurse: device, kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	Leave:       {kontakt.RoleNurse: device, kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	Answer:      {kontakt.RoleNurse: device},
	NotNow:      {kontakt.RoleDevice: device, kontakt.RoleNurse: device},
	Wait:        {kontakt.RoleDevice: device, kontakt.RoleNurse: device},
	NoAnswer:    {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	End:         {kontakt.RoleDevice: device, kontakt.RoleNurse: device, kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	Presence:    {kontakt.RoleDevice: device, kontakt.RoleNurse: device},
	Media:       {kontakt.RoleDevice: device, kontakt.RoleNurse: device, kontakt.RoleClinician: call},
	Start:       {kontakt.RoleClinician: clinic},
	Signal:      {kontakt.RoleDevice: device, kontakt.RoleNurse: device, kontakt.RoleClinician: call},
	SeeClinic:   {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	SetOpening:  {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	Write:       {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	WriteAll:    {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	Read:        {kontakt.RoleNurse: device},
	Delay:       {kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	SeeLine:     {kontakt.RoleDevice: device, kontakt.RoleNurse: device, kontakt.RoleClinician: clinic, kontakt.RoleSecretary: clinic},
	SeeDevice:   {kontakt.RoleDevice: device, kontakt.RoleNurse: device},
}

// Check gives nil when the actor may do the action on the target.
func Check(a kontakt.Actor, do Action, on Target) error {
	mine, allowed := table[do][a.Role]
	switch {
	case allowed && mine(a, on):
		return nil
	case allowed || on != (Target{}) && !device(a, on) && !clinic(a, on):
		return &kontakt.Error{Op: "rights.Check", Kind: kontakt.Hidden, Msg: kontakt.MsgNotFound}
	default:
		return &kontakt.Error{Op: "rights.Check", Kind: kontakt.Forbidden, Msg: kontakt.MsgNotAllowed}
	}
}
