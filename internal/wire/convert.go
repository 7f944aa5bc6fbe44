package wire

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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

// FromJoin is what the tablet sends.
func FromJoin(j kontakt.Join) JoinRequest {
	return JoinRequest{
		Citizen: string(j.Citizen), Clinic: string(j.Clinic), Mode: string(j.Mode), Reason: j.Reason, TakeOver: j.TakeOver, Corrects: string(j.Corrects),
	}
}

// ToJoin checks ids, mode and the reason's length and characters.
func ToJoin(r JoinRequest) (kontakt.Join, error) {
	citizen, err := kontakt.ParseCitizenID(r.Citizen)
	if err != nil {
		return kontakt.Join{}, err
	}
	clinic, err := kontakt.ParseClinicID(r.Clinic)
	if err != nil {
		return kontakt.Join{}, err
	}
	mode := kontakt.Mode(r.Mode)
	if mode != kontakt.ModeConsultation && mode != kontakt.ModeConference {
		return kontakt.Join{}, invalid("ToJoin", nil)
	}
	j := kontakt.Join{Citizen: citizen, Clinic: clinic, Mode: mode}
	if j.Reason, err = ToReason(r.Reason); err != nil {
		return kontakt.Join{}, err
	}
	if j.TakeOver, err = ToReason(r.TakeOver); err != nil {
		return kontakt.Join{}, err
	}
	if r.Corrects != "" {
		if j.Corrects, err = kontakt.ParseEntryID(r.Corrects); err != nil {
			return kontakt.Join{}, err
		}
	}
	return j, nil
}

// ToReason accepts one line of at most kontakt.MaxReason characters, without the space around it.
func ToReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > kontakt.MaxReason || strings.ContainsFunc(s, unicode.IsControl) {
		return "", invalid("ToReason", nil)
	}
	return s, nil
}

// ToText accepts a message of at most kontakt.MaxMessage characters in any number of lines, not empty, without the space
// around it.
func ToText(s string) (string, error) {
	s = strings.TrimSpace(s)
	other := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	if s == "" || utf8.RuneCountInString(s) > kontakt.MaxMessage || strings.ContainsFunc(s, other) {
		return "", invalid("ToText", nil)
	}
	return s, nil
}

func fromMessages(all []kontakt.Message) []Message {
	var w []Message
	for _, m := range all {
		w = append(w, Message{ID: string(m.ID), Text: m.Text, Sender: FromPerson(m.Sender), All: m.All, At: m.At.UTC(), ReadAt: moment(m.ReadAt)})
	}
	return w
}

func toMessages(all []Message) ([]kontakt.Message, error) {
	var k []kontakt.Message
	for _, m := range all {
		id, err := kontakt.ParseMessageID(m.ID)
		if err != nil {
			return nil, err
		}
		who, err := ToPerson(m.Sender)
		if err != nil {
			return nil, err
		}
		k = append(k, kontakt.Message{ID: id, Text: m.Text, Sender: who, All: m.All, At: m.At, ReadAt: fromMoment(m.ReadAt)})
	}
	return k, nil
}

// ToMessageIDs accepts at most MaxRead of them.
func ToMessageIDs(r ReadRequest) ([]kontakt.MessageID, error) {
	if len(r.Messages) == 0 || len(r.Messages) > MaxRead {
		return nil, invalid("ToMessageIDs", nil)
	}
	ids := make([]kontakt.MessageID, len(r.Messages))
	for i, m := range r.Messages {
		var err error
		if ids[i], err = kontakt.ParseMessageID(m); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Bounds of what a request may ask for.
const (
	MaxRead  = 64
	MaxDelay = 240 // minutes
)

// FromWait gives nil for a wait that is not known; the range never gets narrower by rounding to minutes.
func FromWait(w kontakt.Wait) *Wait {
	if !w.Known {
		return nil
	}
	return &Wait{FromMin: int(w.From / time.Minute), ToMin: int((w.To + time.Minute - 1) / time.Minute)}
}

// ToWait is its reverse.
func ToWait(w *Wait) kontakt.Wait {
	if w == nil {
		return kontakt.Wait{}
	}
	return kontakt.Wait{Known: true, From: time.Duration(w.FromMin) * time.Minute, To: time.Duration(w.ToMin) * time.Minute}
}

func fromCall(c *kontakt.EntryCall, now time.Time) *EntryCall {
	if c == nil {
		return nil
	}
	w := EntryCall{ID: string(c.ID), Clinician: FromPerson(c.Clinician), RingUntil: moment(c.RingUntil)}
	if !c.RingUntil.IsZero() {
		w.RingFor = Seconds(c.RingUntil.Sub(now))
	}
	return &w
}

// FromEntry is an entry as its own tablet sees it, now by the backend's clock. The citizen goes along only where the
// entry names one, which it does for an employee and not for a bare device.
func FromEntry(e kontakt.Entry, now time.Time) Entry {
	w := Entry{
		ID: string(e.ID), Version: e.Version, State: string(e.State), Presence: string(e.Presence), Mode: string(e.Mode),
		Number: e.Number, Before: e.Before, Wait: FromWait(e.Wait), JoinedAt: e.JoinedAt.UTC(), Notice: string(e.Notice),
		Clinic: FromClinic(e.Clinic), Call: fromCall(e.Call, now), Cursor: e.Cursor.String(),
		EndedBy: e.EndedBy, StartedAt: moment(e.StartedAt), EndedAt: moment(e.EndedAt), EndReason: e.EndReason, EndWords: e.EndWords,
		Holders: e.Holders, PlannedAt: moment(e.PlannedAt), HandedTo: fromPerson(e.HandedTo), Messages: fromMessages(e.Messages),
	}
	if e.Citizen.ID != "" {
		c := FromCitizen(e.Citizen, kontakt.DateOf(now))
		w.Citizen = &c
		w.Helper = fromHelper(e.Helper)
	}
	return w
}

func fromHelper(h kontakt.Helper) *Helper {
	if h == (kontakt.Helper{}) {
		return nil
	}
	return &Helper{Name: h.Name, Title: h.Title, Municipality: h.Municipality, Place: h.Place}
}

// ToEntry is its reverse. received is when the answer came, by the reader's own clock: since that clock may be wrong,
// RingUntil becomes received and what is left of the ring, so that it can be compared with that same clock.
func ToEntry(w Entry, received time.Time) (kontakt.Entry, error) {
	id, err := kontakt.ParseEntryID(w.ID)
	if err != nil {
		return kontakt.Entry{}, err
	}
	e := kontakt.Entry{
		ID: id, Version: w.Version, State: kontakt.EntryState(w.State), Presence: kontakt.Presence(w.Presence),
		Mode: kontakt.Mode(w.Mode), Number: w.Number, Before: w.Before, Wait: ToWait(w.Wait), JoinedAt: w.JoinedAt,
		Notice: kontakt.MsgKey(w.Notice), EndedBy: w.EndedBy, StartedAt: fromMoment(w.StartedAt), EndedAt: fromMoment(w.EndedAt),
		EndReason: w.EndReason, EndWords: w.EndWords, Holders: w.Holders, PlannedAt: fromMoment(w.PlannedAt),
	}
	if e.HandedTo, err = toPerson(w.HandedTo); err != nil {
		return kontakt.Entry{}, err
	}
	if e.Messages, err = toMessages(w.Messages); err != nil {
		return kontakt.Entry{}, err
	}
	if e.Clinic, err = ToClinic(w.Clinic); err != nil {
		return kontakt.Entry{}, err
	}
	if w.Citizen != nil {
		if e.Citizen, err = ToCitizen(*w.Citizen); err != nil {
			return kontakt.Entry{}, err
		}
	}
	if w.Helper != nil {
		e.Helper = kontakt.Helper{Name: w.Helper.Name, Title: w.Helper.Title, Municipality: w.Helper.Municipality, Place: w.Helper.Place}
	}
	if w.Call != nil {
		call, err := toCall(*w.Call, received)
		if err != nil {
			return kontakt.Entry{}, err
		}
		e.Call = &call
	}
	if e.Cursor, err = kontakt.ParseCursor(w.Cursor); err != nil {
		return kontakt.Entry{}, err
	}
	return e, nil
}

func toCall(w EntryCall, received time.Time) (kontakt.EntryCall, error) {
	id, err := kontakt.ParseCallID(w.ID)
	if err != nil {
		return kontakt.EntryCall{}, err
	}
	who, err := ToPerson(w.Clinician)
	if err != nil {
		return kontakt.EntryCall{}, err
	}
	c := kontakt.EntryCall{ID: id, Clinician: who}
	if w.RingUntil != nil {
		c.RingUntil = received.Add(time.Duration(w.RingFor) * time.Second)
	}
	return c, nil
}

// FromClinicEntry is an entry as its clinic sees it.
func FromClinicEntry(e kontakt.Entry, now time.Time) ClinicEntry {
	w := ClinicEntry{
		ID: string(e.ID), Version: e.Version, State: string(e.State), Presence: string(e.Presence), Mode: string(e.Mode),
		Source: string(e.Source), Number: e.Number, Name: e.Citizen.Name, Masked: e.Citizen.Masked, Reason: e.Reason,
		JoinedAt: e.JoinedAt.UTC(), Call: fromCall(e.Call, now),
		NoAnswerAt: moment(e.NoAnswerAt), NoAnswers: e.NoAnswers, PostponedTo: moment(e.PostponedTo),
		Holders: e.Holders, Attachment: string(e.Attachment), PlannedAt: moment(e.PlannedAt), NoBooking: e.NoBooking, Urgent: e.Urgent,
		HandedTo: fromPerson(e.HandedTo), HandedBy: fromPerson(e.HandedBy), Messages: fromMessages(e.Messages), Restorable: e.Restorable,
	}
	if e.Restorable {
		w.RestoreUntil = moment(e.EndedAt.Add(kontakt.RestoreWithin))
	}
	if e.Moved != nil {
		w.Moved = &Moved{By: FromPerson(e.Moved.By), Reason: e.Moved.Reason}
	}
	if e.Citizen.Born != (kontakt.Date{}) {
		w.Age = e.Citizen.Born.AgeOn(kontakt.DateOf(now))
	}
	w.Helper = fromHelper(e.Helper)
	return w
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
		needsState != (w.Muted != nil || w.CameraOff != nil) {
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
	return s == "" || s == kontakt.ParticipantTablet || s == kontakt.ParticipantClinic
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
