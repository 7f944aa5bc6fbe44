package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// The functions From… make what travels out of what is meant; the functions To… parse it back and answer with an
// Invalid *kontakt.Error for anything that the other side would not write.

func invalid(op string, err error) error {
	return &kontakt.Error{Op: "wire." + op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest, Err: err}
}

// moment gives nil for the zero time, else t in UTC.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func fromMoment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Seconds gives d in whole seconds, never 0 for what is left of something.
func Seconds(d time.Duration) int {
	if d <= 0 {
		return 0
	}
	return int((d + time.Second - 1) / time.Second)
}

// FromDevice leaves the municipality's id at home: a tablet shows its name.
func FromDevice(d kontakt.Device) Device {
	return Device{ID: string(d.ID), Name: d.Name, Place: d.Place, Municipality: d.Organisation}
}

// ToDevice gives a device without the municipality's id, which does not travel.
func ToDevice(d Device) (kontakt.Device, error) {
	id, err := kontakt.ParseDeviceID(d.ID)
	if err != nil {
		return kontakt.Device{}, err
	}
	return kontakt.Device{ID: id, Name: d.Name, Place: d.Place, Organisation: d.Municipality}, nil
}

// FromProof is what the tablet sends.
func FromProof(p kontakt.DeviceProof) Proof {
	return Proof{Device: string(p.Device), Challenge: p.Challenge, Signature: p.Signature}
}

// Sizes of a proof: a challenge of 32 random bytes and an Ed25519 signature.
const (
	ChallengeSize = 32
	signatureSize = 64
)

// ToProof checks the form of a proof, not its truth.
func ToProof(p Proof) (kontakt.DeviceProof, error) {
	id, err := kontakt.ParseDeviceID(p.Device)
	if err != nil {
		return kontakt.DeviceProof{}, err
	}
	if len(p.Challenge) != ChallengeSize || len(p.Signature) != signatureSize {
		return kontakt.DeviceProof{}, invalid("ToProof", nil)
	}
	return kontakt.DeviceProof{Device: id, Challenge: p.Challenge, Signature: p.Signature}, nil
}

// FromPerson is an employee as the other side may see them.
func FromPerson(p kontakt.Person) Employee {
	return Employee{ID: string(p.ID), Name: p.Name, Title: p.Title}
}

// ToPerson is its reverse.
func ToPerson(e Employee) (kontakt.Person, error) {
	id, err := kontakt.ParseEmployeeID(e.ID)
	if err != nil {
		return kontakt.Person{}, err
	}
	return kontakt.Person{ID: id, Name: e.Name, Title: e.Title}, nil
}

// FromClinic is a clinic as a tablet may know it.
func FromClinic(c kontakt.Clinic) Clinic {
	return Clinic{
		ID: string(c.ID), Name: c.Name, Town: c.Town, Ydernummer: string(c.Ydernummer), Phone: c.Phone,
		Open: c.Open, Closed: c.Closed, OpensAt: moment(c.OpensAt), ClosesAt: moment(c.ClosesAt),
		DelayMin: int(c.Delay / time.Minute), DelayAt: moment(c.DelayAt), Unstaffed: c.Unstaffed,
	}
}

// ToClinic gives a clinic without its settings, which are the clinic's own business.
func ToClinic(c Clinic) (kontakt.Clinic, error) {
	id, err := kontakt.ParseClinicID(c.ID)
	if err != nil {
		return kontakt.Clinic{}, err
	}
	yder, err := kontakt.ParseYdernummer(c.Ydernummer)
	if err != nil {
		return kontakt.Clinic{}, err
	}
	return kontakt.Clinic{
		ID: id, Name: c.Name, Town: c.Town, Ydernummer: yder, Phone: c.Phone,
		Open: c.Open, Closed: c.Closed, OpensAt: fromMoment(c.OpensAt), ClosesAt: fromMoment(c.ClosesAt),
		Delay: time.Duration(c.DelayMin) * time.Minute, DelayAt: fromMoment(c.DelayAt), Unstaffed: c.Unstaffed,
	}, nil
}

func fromClinic(c *kontakt.Clinic) *Clinic {
	if c == nil {
		return nil
	}
	w := FromClinic(*c)
	return &w
}

func toClinic(c *Clinic) (*kontakt.Clinic, error) {
	if c == nil {
		return nil, nil
	}
	k, err := ToClinic(*c)
	return &k, err
}

func fromPerson(p *kontakt.Person) *Employee {
	if p == nil {
		return nil
	}
	e := FromPerson(*p)
	return &e
}

func toPerson(e *Employee) (*kontakt.Person, error) {
	if e == nil {
		return nil, nil
	}
	p, err := ToPerson(*e)
	return &p, err
}

// FromCitizen gives the age on today; a number that does not tell the day of birth gives neither day nor age.
func FromCitizen(c kontakt.Citizen, today kontakt.Date) Citizen {
	w := Citizen{
		ID: string(c.ID), Name: c.Name, Masked: c.Masked, Clinic: fromClinic(c.Clinic), Cover: fromClinic(c.Cover), Unchecked: c.Unchecked,
	}
	if c.Born != (kontakt.Date{}) {
		w.Born = c.Born.String()
		w.Age = c.Born.AgeOn(today)
	}
	for _, k := range c.Warnings {
		w.Warnings = append(w.Warnings, string(k))
	}
	return w
}

// ToCitizen is its reverse. The age is the backend's: the reader's clock decides nothing.
func ToCitizen(w Citizen) (kontakt.Citizen, error) {
	id, err := kontakt.ParseCitizenID(w.ID)
	if err != nil {
		return kontakt.Citizen{}, err
	}
	c := kontakt.Citizen{ID: id, Name: w.Name, Age: w.Age, Masked: w.Masked, Unchecked: w.Unchecked}
	if w.Born != "" {
		if c.Born, err = kontakt.ParseDate(w.Born); err != nil {
			return kontakt.Citizen{}, err
		}
	}
	for _, k := range w.Warnings {
		c.Warnings = append(c.Warnings, kontakt.MsgKey(k))
	}
	if c.Clinic, err = toClinic(w.Clinic); err != nil {
		return kontakt.Citizen{}, err
	}
	if c.Cover, err = toClinic(w.Cover); err != nil {
		return kontakt.Citizen{}, err
	}
	return c, nil
}

// FromRelay is the way past a wall.
func FromRelay(r kontakt.Relay) Relay {
	w := Relay{Servers: make([]ICEServer, 0, len(r.Servers)), ExpiresIn: Seconds(r.ExpiresIn)}
	for _, s := range r.Servers {
		w.Servers = append(w.Servers, ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return w
}

// ToRelay is its reverse.
func ToRelay(w Relay) kontakt.Relay {
	r := kontakt.Relay{ExpiresIn: time.Duration(w.ExpiresIn) * time.Second}
	for _, s := range w.Servers {
		r.Servers = append(r.Servers, kontakt.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return r
}

// FromSignal is one step of a negotiation.
func FromSignal(s kontakt.Signal) Signal {
	w := Signal{
		From: s.From, To: s.To, Kind: string(s.Kind), Peer: s.Peer, SDP: s.SDP, Muted: s.Muted, CameraOff: s.CameraOff,
		Rung: string(s.Rung),
	}
	for _, c := range s.Candidates {
		w.Candidates = append(w.Candidates, Candidate{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex})
	}
	return w
}

// Limits of a signal, far above what a browser or pion makes.
const (
	maxPeer      = 64
	maxCandidate = 1024
)

// ToSignal checks that a signal has what its kind needs and nothing of another kind. What stands in a session
// description or a candidate is the peers' business: whoever reads it must bear anything.
func ToSignal(w Signal) (kontakt.Signal, error) {
	s := kontakt.Signal{
		From: w.From, To: w.To, Kind: kontakt.SignalKind(w.Kind), Peer: w.Peer, SDP: w.SDP, Muted: w.Muted, CameraOff: w.CameraOff,
		Rung: kontakt.Rung(w.Rung),
	}
	needsPeer, needsSDP, needsCandidates, needsState := false, false, false, false
	switch s.Kind {
	case kontakt.SignalOffer, kontakt.SignalAnswer:
		needsPeer, needsSDP = true, true
	case kontakt.SignalCandidates:
		needsPeer, needsCandidates = true, true
	case kontakt.SignalReady:
		needsPeer = w.Peer != "" // a page may name itself, so that a second one of the same person is noticed
	case kontakt.SignalState:
		needsState = true
	default:
		return kontakt.Signal{}, invalid("ToSignal", nil)
	}
	if !participant(w.From) || !participant(w.To) || len(w.Peer) > maxPeer || len(w.Candidates) > kontakt.MaxCandidates ||
		needsPeer != (w.Peer != "") || needsSDP != (w.SDP != "") || needsCandidates != (len(w.Candidates) > 0) ||
		needsState != (w.Muted != nil || w.CameraOff != nil || w.Rung != "") || s.Rung != "" && !s.Rung.Known() {
		return kontakt.Signal{}, invalid("ToSignal", nil)
	}
	for _, c := range w.Candidates {
		if len(c.Candidate) > maxCandidate {
			return kontakt.Signal{}, invalid("ToSignal", nil)
		}
		s.Candidates = append(s.Candidates, kontakt.Candidate{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex})
	}
	return s, nil
}

func participant(s string) bool {
	if s == "" || s == kontakt.ParticipantTablet || s == kontakt.ParticipantClinic {
		return true
	}
	_, err := kontakt.ParseGuestID(s)
	return err == nil
}

// FromEvent is a line of a room's log.
func FromEvent(e kontakt.Event) Event {
	return Event{Room: string(e.Room), Seq: int64(e.Seq), Type: string(e.Type), At: e.At.UTC(), Data: e.Data}
}

// ToEvent is its reverse. An unknown type passes: a newer backend may say more than an older tablet knows.
func ToEvent(w Event) (kontakt.Event, error) {
	room, err := kontakt.ParseRoom(w.Room)
	if err != nil {
		return kontakt.Event{}, err
	}
	if w.Seq < 1 || w.Type == "" {
		return kontakt.Event{}, invalid("ToEvent", nil)
	}
	return kontakt.Event{Room: room, Seq: kontakt.Seq(w.Seq), Type: kontakt.EventType(w.Type), At: w.At, Data: w.Data}, nil
}

// FromError is what the outside may know of err: Hidden answers like NotFound, and nothing of the cause goes along.
func FromError(err error, request string) Problem {
	kind := kontakt.KindOf(err)
	msg, params := kontakt.MsgOf(err)
	if kind == kontakt.Hidden || kind == kontakt.NotFound && msg == kontakt.MsgUnknown {
		kind, msg, params = kontakt.NotFound, kontakt.MsgNotFound, nil
	}
	return Problem{Kind: string(kind), Msg: string(msg), Params: params, Request: request}
}

// ToError gives the error that p tells, with op as the place where it was heard.
func ToError(p Problem, op string) error {
	return &kontakt.Error{Op: op, Kind: kontakt.Kind(p.Kind), Msg: kontakt.MsgKey(p.Msg), Params: p.Params}
}
