package backend_test

import (
	"crypto/ed25519"
	"net/url"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// scenario is one request and what must come of it. A refused request leaves no event, and its answer tells nothing of
// the citizen.
type scenario struct {
	name    string
	as      who
	do      string // "POST /path"
	body    any
	status  int
	msg     kontakt.MsgKey // of the problem
	must    []string
	mustNot []string
	events  int64 // new ones in the clinic's room
}

// secret is what nobody may read out of an answer to someone who has no business with the citizen.
var secret = []string{"Karen", "290200", "Madsen", "hævet", "usammenhængende"}

func (s *stage) play(watch who, rows []scenario) {
	s.t.Helper()
	room := s.room(watch)
	seq := func(t testing.TB) kontakt.Seq {
		t.Helper()
		return seqIn(t, ask[wire.ClinicEntries](watch, "GET", "/clinic/entries", nil, 200).Cursor, room)
	}
	before := seq(s.t)
	for _, row := range rows {
		s.t.(*testing.T).Run(row.name, func(t *testing.T) {
			method, path, _ := strings.Cut(row.do, " ")
			got := row.as.try(method, path, row.body)
			if got.status != row.status {
				t.Errorf("status = %d, want %d: %s", got.status, row.status, got.body)
			}
			if row.msg != "" {
				if p := read[wire.Problem](t, row.do, got, got.status); p.Msg != string(row.msg) {
					t.Errorf("msg = %s, want %s", p.Msg, row.msg)
				}
			}
			for _, want := range row.must {
				if !strings.Contains(string(got.body), want) {
					t.Errorf("%q is not in %s", want, got.body)
				}
			}
			never := row.mustNot
			if got.status >= 400 {
				never = append(never, secret...)
			}
			for _, never := range append(never, "2902004100") {
				if strings.Contains(string(got.body), never) {
					t.Errorf("%q is in %s", never, got.body)
				}
			}
			after := seq(t)
			if n := int64(after - before); n != row.events {
				t.Errorf("events = %d, want %d", n, row.events)
			}
			before = after
		})
	}
}

// room is the clinic's room of someone signed in there.
func (s *stage) room(w who) kontakt.Room {
	view := ask[wire.ClinicView](w, "GET", "/clinic", nil, 200)
	return kontakt.ClinicRoom(kontakt.ClinicID(view.Clinic.ID))
}

func poll(rooms ...string) string {
	for i, r := range rooms {
		rooms[i] = r + "=0"
	}
	return "GET /stream?wait=0&at=" + url.QueryEscape(strings.Join(rooms, ","))
}

func TestScenarios_whoMaySeeAndDoWhat(t *testing.T) {
	s := newStage(t)
	tabA, tabB := s.enrol(0), s.enrol(1)
	nurseA, nurseB := tabA.signIn("sanne"), tabB.signIn("mette")
	lars, peter, birgit, anna := s.staff("lars"), s.staff("peter"), s.staff("birgit"), s.staff("anna")
	clinicK := ask[wire.ClinicView](lars, "GET", "/clinic", nil, 200).Clinic.ID
	clinicB := ask[wire.ClinicView](anna, "GET", "/clinic", nil, 200).Clinic.ID
	c := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: karen}, 200)
	e := ask[wire.Entry](nurseA, "POST", "/entries", wire.JoinRequest{Citizen: c.ID, Clinic: c.Clinic.ID, Mode: string(kontakt.ModeConsultation), Consent: spoken, Told: kontakt.Told{Reason: "hævet ben"}}, 201)
	unattached := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: "2308470101"}, 200)
	closed := ask[wire.Citizen](nurseA, "POST", "/citizens/lookup", wire.LookupRequest{CPR: "0511430102"}, 200)
	one, start := "/entries/"+e.ID, "/clinic/entries/"+e.ID+"/start"
	version := wire.StartRequest{Version: e.Version}
	mode := string(kontakt.ModeConsultation)

	s.play(lars, []scenario{
		{name: "its own nurse reads the entry with the citizen", as: nurseA, do: "GET " + one, status: 200, must: []string{"Karen Madsen"}},
		{name: "its own tablet reads the entry without the citizen", as: tabA.who, do: "GET " + one, status: 200, mustNot: secret},
		{name: "another tablet's nurse learns nothing", as: nurseB, do: "GET " + one, status: 404, msg: kontakt.MsgNotFound},
		{name: "another tablet learns nothing", as: tabB.who, do: "GET " + one, status: 404, msg: kontakt.MsgNotFound},
		{name: "a place that never was answers the same", as: nurseB, do: "GET /entries/" + string(kontakt.NewEntryID()), status: 404, msg: kontakt.MsgNotFound},
		{name: "no identifier at all", as: nurseA, do: "GET /entries/1", status: 400, msg: kontakt.MsgBadID},
		{name: "another tablet's nurse takes nobody out", as: nurseB, do: "POST " + one + "/leave", body: wire.LeaveRequest{Reason: "left"}, status: 404},
		{name: "another tablet says nothing about presence", as: tabB.who, do: "POST " + one + "/presence", body: wire.PresenceRequest{Presence: "away"}, status: 404},
		{name: "a reason that no button has", as: nurseA, do: "POST " + one + "/leave", body: wire.LeaveRequest{Reason: "bored"}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "what this tablet holds", as: nurseA, do: "GET /device/entries", status: 200, must: []string{e.ID}},
		{name: "what another tablet holds", as: nurseB, do: "GET /device/entries", status: 200, must: []string{`{"entries":[]}`}},
		{name: "answering when nobody calls", as: nurseA, do: "POST " + one + "/answer", status: 409, msg: kontakt.MsgWrongState},
		{name: "ending what has not begun", as: nurseA, do: "POST " + one + "/end", body: wire.EndRequest{Reason: "done"}, status: 409, msg: kontakt.MsgWrongState},

		{name: "the clinic's list", as: birgit, do: "GET /clinic/entries", status: 200, must: []string{"Karen Madsen", "hævet ben"}},
		{name: "another clinic's list", as: anna, do: "GET /clinic/entries", status: 200, mustNot: secret},
		{name: "another clinic cannot start", as: anna, do: "POST " + start, body: version, status: 404, msg: kontakt.MsgNotFound},
		{name: "a secretary cannot start", as: birgit, do: "POST " + start, body: version, status: 403, msg: kontakt.MsgNotAllowed},
		{name: "a row that has changed cannot be started", as: lars, do: "POST " + start, body: wire.StartRequest{Version: e.Version + 1}, status: 409, msg: kontakt.MsgVersion},

		{name: "the clinic's room is for its staff", as: lars, do: poll("clinic:" + clinicK), status: 200},
		{name: "the clinic's room is not for another clinic", as: anna, do: poll("clinic:" + clinicK), status: 404},
		{name: "nor for a tablet that waits there", as: nurseA, do: poll("clinic:" + clinicK), status: 404},
		{name: "the line is for a tablet that waits there", as: tabA.who, do: poll("line:" + clinicK), status: 200},
		{name: "the line is not for a tablet that does not", as: tabB.who, do: poll("line:" + clinicK), status: 404},
		{name: "the entry's room is not for another tablet", as: tabB.who, do: poll("entry:" + e.ID), status: 404},
		{name: "a device's room is not for another device", as: tabB.who, do: poll("device:" + tabA.device.ID), status: 404},
		{name: "nor for a clinic", as: lars, do: poll("device:" + tabA.device.ID), status: 404},
		{name: "one forbidden room spoils all", as: tabB.who, do: poll("device:"+tabB.device.ID, "entry:"+e.ID), status: 404},

		{name: "a number that nobody has", as: nurseA, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: "290204-4100"}, status: 404, msg: kontakt.MsgCitizenUnknown},
		{name: "a day that no calendar has", as: nurseA, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: "310200-4100"}, status: 400, msg: kontakt.MsgCPRDate},
		{name: "a number too short", as: nurseA, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: "290200"}, status: 400, msg: kontakt.MsgCPRLength},
		{name: "a second place at the same clinic", as: nurseB, do: "POST /entries", body: wire.JoinRequest{Citizen: c.ID, Clinic: clinicK, Mode: mode, Consent: spoken}, status: 409, msg: kontakt.MsgAlreadyWaiting},
		{name: "a clinic that is not the citizen's", as: nurseA, do: "POST /entries", body: wire.JoinRequest{Citizen: c.ID, Clinic: clinicB, Mode: mode, Consent: spoken}, status: 409, msg: kontakt.MsgNotAttached},
		{name: "a citizen without a clinic here", as: nurseA, do: "POST /entries", body: wire.JoinRequest{Citizen: unattached.ID, Clinic: clinicK, Mode: mode, Consent: spoken}, status: 409, msg: kontakt.MsgNotAttached},
		{name: "a clinic that is closed", as: nurseA, do: "POST /entries", body: wire.JoinRequest{Citizen: closed.ID, Clinic: closed.Clinic.ID, Mode: mode, Consent: spoken}, status: 409, msg: kontakt.MsgClinicClosed},
		{name: "a mode that is none", as: nurseA, do: "POST /entries", body: wire.JoinRequest{Citizen: c.ID, Clinic: clinicK, Mode: "telefon", Consent: spoken}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "a clinic cannot look citizens up", as: lars, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: karen}, status: 401},
	})

	started := ask[wire.StartReply](lars, "POST", start, version, 200)
	call := "/calls/" + started.Entry.Call.ID
	signals := wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalReady}}}
	s.play(lars, []scenario{
		{name: "the same person again gets the same call", as: lars, do: "POST " + start, body: version, status: 200, must: []string{started.Entry.Call.ID}},
		{name: "a colleague is told who was faster", as: peter, do: "POST " + start, body: version, status: 409, msg: kontakt.MsgAlreadyClaimed, must: []string{"Lars Holm"}},
		{name: "a colleague is not in the call", as: peter, do: "POST " + call + "/signals", body: signals, status: 404},
		{name: "nor reads it", as: peter, do: poll("call:" + started.Entry.Call.ID), status: 404},
		{name: "another clinic is not in the call", as: anna, do: "GET " + call, status: 404},
		{name: "another tablet is not in the call", as: nurseB, do: "POST " + call + "/signals", body: wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalOffer, Peer: "p", SDP: "v=0"}}}, status: 404},
		{name: "another tablet says nothing about its media", as: tabB.who, do: "POST " + call + "/media", body: wire.MediaRequest{Media: "lost"}, status: 404},
		{name: "a tablet with nobody signed in cannot answer", as: tabA.who, do: "POST " + one + "/answer", status: 403, msg: kontakt.MsgNotAllowed},
		{name: "too many signals", as: lars, do: "POST " + call + "/signals", body: wire.SignalsRequest{Signals: make([]wire.Signal, 65)}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "a body too large", as: lars, do: "POST " + call + "/signals", body: wire.SignalsRequest{Signals: []wire.Signal{{Kind: wire.SignalAnswer, Peer: "p", SDP: strings.Repeat("x", 64<<10)}}}, status: 413, msg: kontakt.MsgBadRequest},
		{name: "the tablet rings two minutes longer", as: tabA.who, do: "POST " + one + "/wait", status: 200, events: 1},
		{name: "but only once", as: tabA.who, do: "POST " + one + "/wait", status: 409},
		{name: "no answer: the place is kept", as: lars, do: "POST /clinic/entries/" + e.ID + "/no-answer", status: 200, must: []string{`"state":"waiting"`, `"number":1`}, events: 1},
		{name: "the clinic closes; who waits stays", as: birgit, do: "POST /clinic/opening", body: wire.OpeningRequest{Open: false, Reason: "Vi har kursus"}, status: 200, must: []string{`"open":false`}, events: 1},
		{name: "and is still there", as: nurseA, do: "GET " + one, status: 200, must: []string{`"state":"waiting"`, "Vi har kursus"}},
	})
}

func TestScenarios_devicesAndSignIns(t *testing.T) {
	s := newStage(t)
	tabA, tabB := s.enrol(0), s.enrol(1)
	lars := s.staff("lars")
	key := func() []byte {
		public, _, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		return public
	}
	forged := tabA.prove(wire.PurposeDeviceSession)
	forged.Signature = ed25519.Sign(tabB.key, wire.ProofText(wire.PurposeDeviceSession, forged.Challenge))
	purpose := tabA.prove(wire.PurposeSession)
	replayed := tabA.prove(wire.PurposeDeviceSession)
	old := tabA.who
	opened := ask[wire.DeviceSessionReply](s.nobody(), "POST", "/device-sessions", wire.DeviceSessionRequest{Proof: replayed}, 200)
	tabA.who = s.bearer("Tablet 1", opened.Token)
	anothers := tabA.prove(wire.PurposeDeviceSession)
	anothers.Device = tabB.device.ID
	mine := ask[wire.SigninReply](tabA.who, "POST", "/signins", nil, 201)

	s.play(lars, []scenario{
		{name: "a code that nobody has given", as: s.nobody(), do: "POST /devices", body: wire.EnrolRequest{Code: "ABCD-EFGH", PublicKey: key(), App: "t"}, status: 404, msg: kontakt.MsgEnrolCodeUnknown},
		{name: "a code that is no code", as: s.nobody(), do: "POST /devices", body: wire.EnrolRequest{Code: "'; DROP TABLE", PublicKey: key(), App: "t"}, status: 404, msg: kontakt.MsgEnrolCodeUnknown},
		{name: "a code used by another tablet", as: s.nobody(), do: "POST /devices", body: wire.EnrolRequest{Code: s.codes[0], PublicKey: key(), App: "t"}, status: 410, msg: kontakt.MsgEnrolCodeUsed},
		{name: "a key of the wrong size", as: s.nobody(), do: "POST /devices", body: wire.EnrolRequest{Code: s.codes[2], PublicKey: key()[:31], App: "t"}, status: 400, msg: kontakt.MsgBadRequest},
		{name: "an unknown device gets a challenge too", as: s.nobody(), do: "POST /device-challenges", body: wire.ChallengeRequest{Device: string(kontakt.NewDeviceID())}, status: 200},
		{name: "a proof by another key", as: s.nobody(), do: "POST /device-sessions", body: wire.DeviceSessionRequest{Proof: forged}, status: 401},
		{name: "a proof for another purpose", as: s.nobody(), do: "POST /device-sessions", body: wire.DeviceSessionRequest{Proof: purpose}, status: 401},
		{name: "a proof used before", as: s.nobody(), do: "POST /device-sessions", body: wire.DeviceSessionRequest{Proof: replayed}, status: 401},
		{name: "a proof for another device", as: s.nobody(), do: "POST /device-sessions", body: wire.DeviceSessionRequest{Proof: anothers}, status: 401},
		{name: "another tablet's sign-in cannot be ended", as: tabB.who, do: "DELETE /signins/" + mine.Signin, status: 404},
		{name: "its own can", as: tabA.who, do: "DELETE /signins/" + mine.Signin, status: 204},
		{name: "a session that a newer one of the same tablet has ended", as: old, do: "GET /device/entries", status: 401, msg: kontakt.MsgSessionEnded},
		{name: "nobody is signed in", as: tabA.who, do: "GET /me", status: 401, msg: kontakt.MsgSessionEnded},
		{name: "a tablet alone cannot look citizens up", as: tabA.who, do: "POST /citizens/lookup", body: wire.LookupRequest{CPR: karen}, status: 403, msg: kontakt.MsgNotAllowed},
		{name: "a tablet is no clinic", as: tabA.who, do: "GET /clinic/entries", status: 403, msg: kontakt.MsgNotAllowed},
	})
}
