package round_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store/storetest"
	"kontaktlaege/internal/kontakt"
)

// offer gives a code for what a nurse has.
func (w *world) offer(a kontakt.Actor) (kontakt.Handover, string) {
	w.t.Helper()
	h, code, err := w.rounds.HandOver(w.as(a))
	if err != nil {
		w.t.Fatal(err)
	}
	return h, code
}

// M9, E18: the next nurse gets the places with their numbers and the rest of the round, on her own tablet; the clinic sees
// the new helper, and the old tablet is told and holds nothing any more.
func TestHandover_placesAndRoundGoOver(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		for i := range 3 {
			w.add(w.lone, i, 30*(i+1))
		}
		w.add(w.mona, 3, 45)
		was := []kontakt.Entry{w.join(w.lone, 0), w.join(w.lone, 1)}
		before := w.round(w.lone)
		must[kontakt.Round](t)(w.rounds.End(w.as(w.lone), w.visit(before, 2).ID, kontakt.VisitDone))
		h, code := w.offer(w.lone)
		if len(code) != 26 || !h.ExpiresAt.Equal(w.clock.Now().Add(time.Minute)) || h.From.Name != "Lone Lund" {
			t.Errorf("offer = %+v", h)
		}
		got := must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.mona), code))
		if len(got.Places) != 2 || got.Later != 0 || got.Handover.From.Name != "Lone Lund" {
			t.Errorf("accepted = %+v", got)
		}
		w.wantRound(w.mona, "0 under_way, 3 planned, 1 under_way")
		w.wantRound(w.lone, " | 2 done")
		for _, e := range was {
			is := w.entry(w.mona, e.ID)
			if is.Number != e.Number || !is.JoinedAt.Equal(e.JoinedAt) || is.Helper.Name != "Mona Møller" || is.Device != w.mona.Device || is.Holders != 1 {
				t.Errorf("place = %+v", is)
			}
			if _, err := w.rooms.Entry(w.as(w.lone), e.ID); kontakt.KindOf(err) != kontakt.Hidden {
				t.Errorf("the old tablet sees it: %v", err)
			}
			if got := w.recorded(e.ID, 2); !slices.Equal(got, []string{"out nurse", "in nurse"}) {
				t.Errorf("recorded: %q", got)
			}
			if got := w.types(kontakt.ClinicRoom(w.clinic)); got[len(got)-1] != kontakt.EventEntryChanged {
				t.Errorf("the clinic was told %v", got)
			}
		}
		if held := must[[]kontakt.Entry](t)(w.rooms.Held(w.as(w.lone))); len(held) != 0 {
			t.Errorf("the old tablet holds %d places", len(held))
		}
		old, next := kontakt.DeviceRoom(w.lone.Device), kontakt.DeviceRoom(w.mona.Device)
		if w.count(old, kontakt.EventHandoverAccepted) != 1 || w.count(old, kontakt.EventHandedOver) != 2 || w.count(next, kontakt.EventHandedOver) != 2 {
			t.Errorf("the old tablet was told %v, the new one %v", w.types(old), w.types(next))
		}
		done := must[kontakt.Handover](t)(w.rounds.Handover(w.as(w.lone), h.ID))
		if done.AcceptedBy == nil || done.AcceptedBy.Name != "Mona Møller" {
			t.Errorf("she is told %+v", done)
		}
		rows := w.audited()
		for _, want := range []string{"handover.offer ok  nurse", "handover.accept ok  nurse", "entry.hand_over ok  nurse"} {
			if !slices.Contains(rows, want) {
				t.Errorf("no %q in %q", want, rows)
			}
		}
	})
}

// E18: the next nurse signs in on the same tablet, and takes over what she was shown there.
func TestHandover_onTheSameTablet(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		w.add(w.lone, 0, 0)
		e := w.join(w.lone, 0)
		_, code := w.offer(w.lone)
		here := w.mona
		here.Device = w.lone.Device
		got := must[kontakt.Accepted](t)(w.rounds.Accept(w.as(here), code))
		if len(got.Places) != 1 || got.Places[0].Helper.Name != "Mona Møller" || got.Places[0].Device != w.lone.Device || got.Places[0].Holders != 1 || got.Places[0].Number != e.Number {
			t.Errorf("accepted %+v", got.Places)
		}
		w.wantRound(here, "0 under_way")
		if n := w.count(kontakt.DeviceRoom(w.lone.Device), kontakt.EventHandedOver); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// A place that two tablets hold: what is handed over is the one tablet's hold alone, and who stands by the citizen stays;
// the tablet that holds it already has it once.
func TestHandover_ofAPlaceThatTwoHold(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.join(w.lone, 0)
		must[kontakt.Entry](t)(w.rooms.Join(w.as(w.mona), kontakt.Join{
			Citizen: w.citizens[0], Clinic: w.clinic, Mode: kontakt.ModeConsultation, TakeOver: "borgeren er flyttet",
		}))
		_, code := w.offer(w.lone)
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.vera), code))
		if is := w.entry(w.vera, e.ID); is.Helper.Name != "Mona Møller" || is.Holders != 2 {
			t.Errorf("the first hold went over: %+v", is)
		}
		_, code = w.offer(w.vera)
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.mona), code))
		if is := w.entry(w.mona, e.ID); is.Helper.Name != "Mona Møller" || is.Holders != 1 {
			t.Errorf("both holds at one tablet: %+v", is)
		}
	})
}

// Whoever has it already is told so, and by whom; the code of a minute ago, and one that nobody made, say so too.
func TestHandover_onceAndWithinItsMinute(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		w.join(w.lone, 0)
		_, err := w.rounds.Accept(w.as(w.mona), kontakt.NewSecret())
		wantError(t, err, kontakt.NotFound, kontakt.MsgHandoverUnknown)
		_, first := w.offer(w.lone)
		_, code := w.offer(w.lone)
		_, err = w.rounds.Accept(w.as(w.mona), first)
		wantError(t, err, kontakt.NotFound, kontakt.MsgHandoverUnknown)
		_, err = w.rounds.Accept(w.as(w.lone), code)
		wantError(t, err, kontakt.Conflict, kontakt.MsgHandoverOwn)
		w.clock.Add(59 * time.Second)
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.vera), code))
		_, err = w.rounds.Accept(w.as(w.mona), code)
		wantError(t, err, kontakt.Conflict, kontakt.MsgHandoverAccepted)
		if _, params := kontakt.MsgOf(err); params["navn"] != "Vera Vind" {
			t.Errorf("taken by %q", params["navn"])
		}
		again := must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.vera), code)) // the camera read it twice
		if len(again.Places) != 1 {
			t.Errorf("the second time: %+v", again)
		}
		_, code = w.offer(w.vera)
		w.clock.Add(time.Minute)
		_, err = w.rounds.Accept(w.as(w.mona), code)
		wantError(t, err, kontakt.Gone, kontakt.MsgHandoverExpired)
		_, _, err = w.rounds.HandOver(w.as(w.lone))
		wantError(t, err, kontakt.Conflict, kontakt.MsgHandoverNothing)
	})
}

// M9: who puts the code away takes the offer back: what somebody may have seen of it is worth nothing. What was taken stays
// taken, and nobody else's offer can be taken back.
func TestHandover_takenBack(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		w.join(w.lone, 0)
		h, code := w.offer(w.lone)
		for _, other := range []kontakt.Actor{w.mona, w.tove, w.dorte} {
			if err := w.rounds.Withdraw(w.as(other), h.ID); kontakt.KindOf(err) != kontakt.Hidden {
				t.Errorf("another takes it back: %v", err)
			}
		}
		if err := w.rounds.Withdraw(w.as(w.lone), h.ID); err != nil {
			t.Fatal(err)
		}
		_, err := w.rounds.Accept(w.as(w.mona), code)
		wantError(t, err, kontakt.NotFound, kontakt.MsgHandoverUnknown)

		h, code = w.offer(w.lone)
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.mona), code))
		if err := w.rounds.Withdraw(w.as(w.lone), h.ID); err != nil {
			t.Error(err)
		}
		if taken := must[kontakt.Handover](t)(w.rounds.Handover(w.as(w.lone), h.ID)); taken.AcceptedBy == nil {
			t.Error("what was taken is taken no more")
		}
	})
}

// E65: the nurse of another municipality gets nothing, and both municipalities' audit says so.
func TestHandover_anotherMunicipalitys(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.join(w.lone, 0)
		h, code := w.offer(w.lone)
		_, err := w.rounds.Accept(w.as(w.tove), code)
		wantError(t, err, kontakt.Forbidden, kontakt.MsgHandoverForeign)
		_, err = w.rounds.Accept(w.as(w.dorte), code)
		wantError(t, err, kontakt.Forbidden, kontakt.MsgHandoverForeign)
		if _, err := w.rounds.Handover(w.as(w.tove), h.ID); kontakt.KindOf(err) != kontakt.Hidden {
			t.Errorf("who took it is told to %v", err)
		}
		rows := w.audited()
		for _, want := range []string{"handover.accept refused hand.foreign nurse", "handover.accept refused hand.foreign system"} {
			if !slices.Contains(rows, want) {
				t.Errorf("no %q in %q", want, rows)
			}
		}
		if is := w.entry(w.lone, e.ID); is.Version != e.Version {
			t.Error("the place was touched")
		}
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.mona), code)) // still good for a colleague
	})
}

// A place that rings or talks stays with its nurse until that has ended; then it goes over, if it is open still, and both
// tablets are told.
func TestHandover_inACall(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		over := func(e kontakt.Entry, answered bool, end func()) {
			w.call(e.ID)
			if answered {
				w.move(w.lone, e.ID, kontakt.MoveAnswer, "")
			}
			_, code := w.offer(w.lone)
			got := must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.mona), code))
			if got.Later != 1 || slices.ContainsFunc(got.Places, func(p kontakt.Entry) bool { return p.ID == e.ID }) {
				t.Errorf("accepted = %+v now and %d later", got.Places, got.Later)
			}
			if is := w.entry(w.lone, e.ID); is.Helper.Name != "Lone Lund" || is.Call == nil {
				t.Errorf("in the middle of it: %+v", is)
			}
			if got := w.recorded(e.ID, 1); slices.Contains(got, "in nurse") {
				t.Errorf("recorded in the middle of it: %q", got)
			}
			end()
		}
		waits := func(e kontakt.Entry) {
			t.Helper()
			if is := w.entry(w.mona, e.ID); is.State != kontakt.EntryWaiting || is.Number != e.Number || is.Helper.Name != "Mona Møller" || is.Device != w.mona.Device || is.Holders != 1 {
				t.Errorf("afterwards: %+v", is)
			}
			if _, err := w.rooms.Entry(w.as(w.lone), e.ID); kontakt.KindOf(err) != kontakt.Hidden {
				t.Errorf("the old tablet sees it: %v", err)
			}
		}
		rings := w.join(w.lone, 0)
		over(rings, false, func() { w.move(w.lone, rings.ID, kontakt.MoveNotNow, "") })
		waits(rings)
		talks := w.join(w.lone, 1)
		over(talks, true, func() {
			w.move(w.lone, talks.ID, kontakt.MoveLost, "") // still hers
			w.move(w.lone, talks.ID, kontakt.MoveLive, "")
			w.move(w.lone, talks.ID, kontakt.MoveLost, "")
			w.pass(11 * time.Minute) // given up: back in the line
		})
		waits(talks)
		if got := w.recorded(talks.ID, 3); !slices.Equal(got[1:], []string{"out nurse", "in nurse"}) || got[0] != string(kontakt.RecordCallOver) {
			t.Errorf("recorded: %q", got)
		}
		ends := w.join(w.lone, 2)
		over(ends, true, func() { w.move(w.lone, ends.ID, kontakt.MoveEnd, "done") })
		if is := w.entry(w.lone, ends.ID); is.State != kontakt.EntryEnded || is.Helper.Name != "Lone Lund" {
			t.Errorf("one that has ended: %+v", is)
		}
		for _, a := range []kontakt.Actor{w.lone, w.mona} {
			if n := w.count(kontakt.DeviceRoom(a.Device), kontakt.EventHandedOver); n != 2 {
				t.Errorf("%s's tablet was told %d times, want 2", a.Name, n)
			}
		}
	})
}

// A round that would be too long is not taken, and nothing of the rest.
func TestHandover_tooManyForOne(t *testing.T) {
	each(t, 32, func(t *testing.T, w *world) {
		for i := range 31 {
			w.add([]kontakt.Actor{w.lone, w.mona}[i%2], i, 0)
		}
		e := w.join(w.lone, 31)
		_, code := w.offer(w.lone)
		_, err := w.rounds.Accept(w.as(w.mona), code)
		wantError(t, err, kontakt.Conflict, kontakt.MsgRoundFull)
		if is := w.entry(w.lone, e.ID); is.Helper.Name != "Lone Lund" || len(w.round(w.mona).Visits) != 15 {
			t.Error("part of it went over")
		}
	})
}

// M9: two scan the same code at the same moment on two nodes: one gets everything, the other is told by whom.
func TestHandover_twoAtOnceOnTwoNodes(t *testing.T) {
	w := newWorld(t, 3, storetest.Postgres)
	other := w.start()
	for i := range w.citizens {
		w.add(w.lone, i, 0)
		w.join(w.lone, i)
	}
	for range 5 {
		_, code := w.offer(w.lone)
		nurses, errs := []kontakt.Actor{w.mona, w.vera}, make([]error, 2)
		var wg sync.WaitGroup
		for i, n := range []node{w.node, other} {
			wg.Go(func() { _, errs[i] = n.rounds.Accept(w.as(nurses[i]), code) })
		}
		wg.Wait()
		first := slices.Index(errs, nil)
		if first < 0 || errs[1-first] == nil {
			t.Fatalf("errors: %v", errs)
		}
		wantError(t, errs[1-first], kontakt.Conflict, kontakt.MsgHandoverAccepted)
		if _, params := kontakt.MsgOf(errs[1-first]); params["navn"] != nurses[first].Name {
			t.Errorf("the other is told %q, want %q", params["navn"], nurses[first].Name)
		}
		for i, want := range map[int]int{first: 3, 1 - first: 0} {
			if held := must[[]kontakt.Entry](t)(w.rooms.Held(w.as(nurses[i]))); len(held) != want || len(w.round(nurses[i]).Visits) != want {
				t.Errorf("%s holds %d places, want %d", nurses[i].Name, len(held), want)
			}
		}
		_, code = w.offer(nurses[first])
		must[kontakt.Accepted](t)(w.rounds.Accept(w.as(w.lone), code))
	}
}
