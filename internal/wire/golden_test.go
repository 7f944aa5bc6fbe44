package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/internal/wire"
)

// golden names the Go type of each file in testdata. The files are the contract: both ends' tests read them, and one
// that has to change is a change of the protocol.
var golden = map[string]any{
	"enrol_request": wire.EnrolRequest{}, "enrol_reply": wire.EnrolReply{}, "device": wire.Device{},
	"challenge_request": wire.ChallengeRequest{}, "challenge_reply": wire.ChallengeReply{}, "proof": wire.Proof{},
	"device_session_request": wire.DeviceSessionRequest{}, "device_session_reply": wire.DeviceSessionReply{},
	"signin_reply": wire.SigninReply{}, "session_request": wire.SessionRequest{}, "session_reply": wire.SessionReply{},
	"employee": wire.Employee{}, "lookup_request": wire.LookupRequest{}, "citizen": wire.Citizen{}, "clinic": wire.Clinic{},
	"join_request": wire.JoinRequest{}, "consent": wire.Consent{}, "place_record": wire.PlaceRecord{}, "record_line": wire.RecordLine{}, "addition_request": wire.AdditionRequest{},
	"entry": wire.Entry{}, "entries": wire.Entries{}, "wait": wire.Wait{},
	"entry_call": wire.EntryCall{}, "leave_request": wire.LeaveRequest{}, "presence_request": wire.PresenceRequest{},
	"media_request": wire.MediaRequest{}, "end_request": wire.EndRequest{}, "relay": wire.Relay{}, "ice_server": wire.ICEServer{},
	"signals_request": wire.SignalsRequest{}, "signals_reply": wire.SignalsReply{}, "signal": wire.Signal{},
	"candidate": wire.Candidate{}, "clinic_view": wire.ClinicView{}, "clinic_entries": wire.ClinicEntries{},
	"clinic_entry": wire.ClinicEntry{}, "helper": wire.Helper{}, "start_request": wire.StartRequest{},
	"start_reply": wire.StartReply{}, "opening_request": wire.OpeningRequest{}, "problem": wire.Problem{}, "event": wire.Event{},
	"events": wire.Events{}, "entry_changed": wire.EntryChanged{}, "call_ended": wire.CallEnded{},
	"signin_completed": wire.SigninCompleted{}, "signin_failed": wire.SigninFailed{},
	"message": wire.Message{}, "clinics": wire.Clinics{}, "read_request": wire.ReadRequest{}, "moved": wire.Moved{},
	"place_request": wire.PlaceRequest{}, "urgent_request": wire.UrgentRequest{}, "remove_request": wire.RemoveRequest{},
	"transfer_request": wire.TransferRequest{}, "staff": wire.Staff{}, "message_request": wire.MessageRequest{},
	"invite_request": wire.InviteRequest{}, "invite_reply": wire.InviteReply{}, "guest": wire.Guest{}, "guests": wire.Guests{},
	"guest_session_request": wire.GuestSessionRequest{}, "guest_view": wire.GuestView{}, "participant": wire.Participant{},
	"mode_request": wire.ModeRequest{}, "wrong_request": wire.WrongRequest{}, "guest_changed": wire.GuestChanged{},
	"tobs": wire.TOBS{}, "message_reply": wire.MessageReply{}, "delay_request": wire.DelayRequest{}, "entry_message": wire.EntryMessage{},
	"order_text": wire.OrderText{}, "order": wire.Order{}, "orders": wire.Orders{}, "confirm_request": wire.ConfirmRequest{},
	"correct_request": wire.CorrectRequest{}, "clinic_end_request": wire.ClinicEndRequest{}, "order_changed": wire.OrderChanged{},
	"card": wire.Card{}, "card_request": wire.CardRequest{}, "told_request": wire.ToldRequest{}, "card_mark": wire.CardMark{}, "card_changed": wire.CardChanged{},
	"summary": wire.Summary{}, "summaries": wire.Summaries{}, "speaker": wire.Speaker{}, "ordered": wire.Ordered{}, "note_request": wire.NoteRequest{}, "note_reply": wire.NoteReply{},
	"round": wire.Round{}, "round_visit": wire.RoundVisit{}, "visit_request": wire.VisitRequest{}, "visit_move_request": wire.VisitMoveRequest{},
	"round_import_request": wire.RoundImportRequest{}, "round_import_reply": wire.RoundImportReply{}, "row_fault": wire.RowFault{},
	"missed_visits": wire.MissedVisits{}, "handover_reply": wire.HandoverReply{}, "handover": wire.Handover{},
	"accept_request": wire.AcceptRequest{}, "accept_reply": wire.AcceptReply{}, "visit_missed": wire.VisitMissed{},
	"handover_accepted": wire.HandoverAccepted{}, "handed_over": wire.HandedOver{},
}

func read[T any](t *testing.T, name string) T {
	t.Helper()
	var v T
	decode(t, name, &v)
	return v
}

func decode(t *testing.T, name string, into any) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text
}

func TestGolden_readsAndWritesTheSame(t *testing.T) {
	for name, zero := range golden {
		v := reflect.New(reflect.TypeOf(zero))
		text := decode(t, name, v.Interface())
		var again bytes.Buffer
		e := json.NewEncoder(&again)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(v.Interface()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text, again.Bytes()) {
			t.Errorf("%s reads and writes differently:\n%s", name, &again)
		}
	}
}

// Every field of every type stands in some file, so that a renamed one is noticed.
func TestGolden_everyFieldIsSomewhere(t *testing.T) {
	said := map[string]bool{}
	for name, zero := range golden {
		text := string(decode(t, name, reflect.New(reflect.TypeOf(zero)).Interface()))
		typ := reflect.TypeOf(zero)
		for _, field := range fields(typ) {
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if strings.Contains(text, `"`+key+`":`) {
				said[typ.Name()+"."+key] = true
			}
			if key == "" || strings.ToLower(key) != key {
				t.Errorf("%s.%s has no snake_case name", typ.Name(), field.Name)
			}
		}
	}
	// stand in a file of the same type with another state
	elsewhere := []string{"Entry.ended_by", "Entry.started_at", "Entry.ended_at", "Signal.from", "Signal.to", "Signal.sdp", "Signal.muted", "Signal.camera_off", "Signal.rung", "Participant.kind", "Participant.admitted_at"}
	for _, zero := range golden {
		typ := reflect.TypeOf(zero)
		for _, field := range fields(typ) {
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name := typ.Name() + "." + key; !said[name] && !slices.Contains(elsewhere, name) {
				t.Errorf("no file shows %s", name)
			}
		}
	}
}

// fields are a type's own. What it embeds, kontakt.Told and kontakt.ISBAR, tests of its own ask for.
func fields(typ reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(typ), func(f reflect.StructField) bool { return len(f.Index) > 1 || f.Anonymous })
}

func TestGolden_everyTypeHasAFile(t *testing.T) {
	for _, s := range testkit.Structs(t, ".") {
		if _, ok := golden[snake(s.Name)]; !ok {
			t.Errorf("%s has no file in testdata", s.Name)
		}
	}
}

// snake gives ice_server for ICEServer.
func snake(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

var now = time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC)

// What a tablet reads and would say again is what the backend said.
func TestConvert_thereAndBack(t *testing.T) {
	same := func(name string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
	for _, w := range read[wire.Entries](t, "entries").Entries {
		e, err := wire.ToEntry(w, now)
		if err != nil {
			t.Fatal(err)
		}
		same("entry", wire.FromEntry(e, now), w)
	}
	citizen := read[wire.Citizen](t, "citizen")
	c, err := wire.ToCitizen(citizen)
	if err != nil {
		t.Fatal(err)
	}
	same("citizen", wire.FromCitizen(c, kontakt.DateOf(now)), citizen)
	clinic := read[wire.Clinic](t, "clinic")
	k, err := wire.ToClinic(clinic)
	if err != nil {
		t.Fatal(err)
	}
	same("clinic", wire.FromClinic(k), clinic)
	card := read[wire.Card](t, "card")
	told, err := wire.ToCard(card)
	if err != nil {
		t.Fatal(err)
	}
	same("card", wire.FromCard(told), card)
	change := read[wire.CardRequest](t, "card_request")
	written, err := wire.ToCardChange(change)
	if err != nil {
		t.Fatal(err)
	}
	same("card change", wire.FromCardChange(written), change)
	device := read[wire.Device](t, "device")
	d, err := wire.ToDevice(device)
	if err != nil {
		t.Fatal(err)
	}
	same("device", wire.FromDevice(d), device)
	proof := read[wire.Proof](t, "proof")
	p, err := wire.ToProof(proof)
	if err != nil {
		t.Fatal(err)
	}
	same("proof", wire.FromProof(p), proof)
	join := read[wire.JoinRequest](t, "join_request")
	j, err := wire.ToJoin(join)
	if err != nil {
		t.Fatal(err)
	}
	same("join", wire.FromJoin(j), join)
	order := read[wire.OrderText](t, "order_text")
	text, err := wire.ToOrderText(order)
	if err != nil {
		t.Fatal(err)
	}
	same("order text", wire.FromOrderText(text), order)
	orders := read[wire.Orders](t, "orders")
	given, err := wire.ToOrders(orders)
	if err != nil {
		t.Fatal(err)
	}
	same("orders", wire.FromOrders(given), orders)
	event := read[wire.Event](t, "event")
	e, err := wire.ToEvent(event)
	if err != nil {
		t.Fatal(err)
	}
	same("event", wire.FromEvent(e), event)
	round := read[wire.Round](t, "round")
	r, err := wire.ToRound(round)
	if err != nil {
		t.Fatal(err)
	}
	same("round", wire.FromRound(r), round)
	plan := read[wire.VisitRequest](t, "visit_request")
	v, err := wire.ToVisitPlan(plan)
	if err != nil {
		t.Fatal(err)
	}
	same("visit", wire.FromVisitPlan(v), plan)
	faults := read[wire.RoundImportReply](t, "round_import_reply").Faults
	same("faults", wire.FromRowFaults(wire.ToRowFaults(faults)), faults)
	handover := read[wire.Handover](t, "handover")
	h, err := wire.ToHandover(handover, now)
	if err != nil {
		t.Fatal(err)
	}
	same("handover", wire.FromHandover(h, now), handover)
	relay := read[wire.Relay](t, "relay")
	same("relay", wire.FromRelay(wire.ToRelay(relay)), relay)
	for _, w := range read[wire.SignalsRequest](t, "signals_request").Signals {
		s, err := wire.ToSignal(w)
		if err != nil {
			t.Fatal(err)
		}
		same("signal", wire.FromSignal(s), w)
	}
	problem := read[wire.Problem](t, "problem")
	same("problem", wire.FromError(wire.ToError(problem, "test"), problem.Request), problem)
}

// The reader's clock may be hours wrong: the ring ends when its own clock has run for what is left.
func TestToEntry_ringsByTheReadersClock(t *testing.T) {
	wrong := now.Add(-7 * time.Hour)
	e, err := wire.ToEntry(read[wire.Entry](t, "entry"), wrong)
	if err != nil {
		t.Fatal(err)
	}
	if want := wrong.Add(time.Minute); !e.Call.RingUntil.Equal(want) {
		t.Errorf("rings until %v, want %v", e.Call.RingUntil, want)
	}
}

func TestFromWait_neverNarrower(t *testing.T) {
	w := wire.FromWait(kontakt.Wait{Known: true, From: 119 * time.Second, To: 121 * time.Second})
	if *w != (wire.Wait{FromMin: 1, ToMin: 3}) {
		t.Errorf("wait = %+v", *w)
	}
	if wire.FromWait(kontakt.Wait{From: time.Minute, To: time.Hour}) != nil {
		t.Error("a wait that is not known travels")
	}
}

func TestToSignal_onlyWhatItsKindNeeds(t *testing.T) {
	yes := true
	for name, w := range map[string]wire.Signal{
		"unknown kind":                   {Kind: "bye"},
		"no kind":                        {SDP: "v=0", Peer: "p"},
		"offer without a peer":           {Kind: wire.SignalOffer, SDP: "v=0"},
		"offer without a description":    {Kind: wire.SignalOffer, Peer: "p"},
		"answer with candidates":         {Kind: wire.SignalAnswer, Peer: "p", SDP: "v=0", Candidates: []wire.Candidate{{}}},
		"candidates without any":         {Kind: wire.SignalCandidates, Peer: "p"},
		"candidates with a description":  {Kind: wire.SignalCandidates, Peer: "p", SDP: "v=0", Candidates: []wire.Candidate{{}}},
		"too many candidates":            {Kind: wire.SignalCandidates, Peer: "p", Candidates: make([]wire.Candidate, 65)},
		"a candidate too long":           {Kind: wire.SignalCandidates, Peer: "p", Candidates: []wire.Candidate{{Candidate: strings.Repeat("x", 1025)}}},
		"a peer too long":                {Kind: wire.SignalOffer, Peer: strings.Repeat("p", 65), SDP: "v=0"},
		"from nobody that we know":       {Kind: wire.SignalReady, From: "relative"},
		"to nobody that we know":         {Kind: wire.SignalReady, To: "relative"},
		"state that says nothing":        {Kind: wire.SignalState},
		"ready with a description":       {Kind: wire.SignalReady, SDP: "v=0"},
		"ready that says what is muted":  {Kind: wire.SignalReady, Muted: &yes},
		"offer that says what is muted":  {Kind: wire.SignalOffer, Peer: "p", SDP: "v=0", Muted: &yes},
		"state with a peer of a picture": {Kind: wire.SignalState, Peer: "p", Muted: &yes},
	} {
		s, err := wire.ToSignal(w)
		if kontakt.KindOf(err) != kontakt.Invalid || !reflect.DeepEqual(s, kontakt.Signal{}) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

func TestToReason_oneShortLine(t *testing.T) {
	for in, want := range map[string]string{
		"  hævet ben ": "hævet ben", "": "", strings.Repeat("å", kontakt.MaxReason): strings.Repeat("å", kontakt.MaxReason),
	} {
		if got, err := wire.ToReason(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"to\nlinjer", "\x1b[31mrød", strings.Repeat("å", kontakt.MaxReason+1)} {
		if got, err := wire.ToReason(in); kontakt.KindOf(err) != kontakt.Invalid || got != "" {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestFromError_tellsNoMoreThanItMay(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want wire.Problem
	}{
		"hidden": {
			&kontakt.Error{Kind: kontakt.Hidden, Msg: kontakt.MsgAlreadyClaimed, Params: map[string]string{"navn": "Peter"}},
			wire.Problem{Kind: "not_found", Msg: "err.not_found", Request: "r"},
		},
		"an error of no kind": {os.ErrPermission, wire.Problem{Kind: "internal", Msg: "err.unknown", Request: "r"}},
		"a kind without words": {
			&kontakt.Error{Kind: kontakt.NotFound}, wire.Problem{Kind: "not_found", Msg: "err.not_found", Request: "r"},
		},
	} {
		if got := wire.FromError(c.err, "r"); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Nothing that a backend could be made to say may break a tablet.
func FuzzToEntry(f *testing.F) {
	for _, name := range []string{"entry", "entries"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, s string) {
		var w wire.Entry
		if json.Unmarshal([]byte(s), &w) != nil {
			return
		}
		e, err := wire.ToEntry(w, now)
		if err != nil {
			if !reflect.DeepEqual(e, kontakt.Entry{}) {
				t.Fatal("value with error")
			}
			return
		}
		if got := wire.FromEntry(e, now); got.ID != w.ID || got.Cursor != w.Cursor && !sameCursor(got.Cursor, w.Cursor) {
			t.Fatalf("%s reads as %+v", s, got)
		}
	})
}

// sameCursor compares cursors whose rooms may stand in another order.
func sameCursor(a, b string) bool {
	one, two := strings.Split(a, ","), strings.Split(b, ",")
	slices.Sort(one)
	slices.Sort(two)
	return slices.Equal(one, two)
}
