package waiting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// set changes torvet.
func (w *world) set(change func(c *store.Clinic)) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		c, err := tx.Clinic(w.torvet)
		if err != nil {
			return err
		}
		change(&c)
		return tx.SaveClinic(c)
	})
}

func (w *world) book(citizen int, at time.Time, minutes int) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		return tx.SaveBooking(store.Booking{Clinic: w.torvet, Citizen: w.citizens[citizen], At: at, Minutes: minutes})
	})
}

func (w *world) tryJoin(a kontakt.Actor, citizen int, at kontakt.ClinicID) (kontakt.Entry, error) {
	return w.rooms.Join(w.as(a), kontakt.Join{Citizen: w.citizens[citizen], Clinic: at, Mode: kontakt.ModeConsultation, Consent: spoken})
}

// entrances are the two ways to a number, which the rules treat alike.
func (w *world) entrances(citizen int) map[string]kontakt.Actor {
	return map[string]kontakt.Actor{"tablet": w.lone, "own phone": w.self(citizen)}
}

// SD-07: a patient with no booking that Danish day is refused, marked or neither, by the clinic's policy, at a tablet as
// with a phone of their own.
func TestSD07_whatAClinicWantsOfThoseWithoutABookedTime(t *testing.T) {
	noon := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	midnight := time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC) // in Denmark
	for name, row := range map[string]struct {
		policy  kontakt.BookingPolicy
		booked  time.Time
		refused bool
		marked  bool
		planned bool
	}{
		"off, none":                   {policy: kontakt.BookingOff},
		"off, booked":                 {policy: kontakt.BookingOff, booked: noon.Add(time.Hour), planned: true},
		"flag, none":                  {policy: kontakt.BookingFlag, marked: true},
		"flag, booked":                {policy: kontakt.BookingFlag, booked: noon.Add(time.Hour), planned: true},
		"flag, earlier today":         {policy: kontakt.BookingFlag, booked: noon.Add(-3 * time.Hour), planned: true},
		"flag, tomorrow":              {policy: kontakt.BookingFlag, booked: midnight, marked: true},
		"block, none":                 {policy: kontakt.BookingBlock, refused: true},
		"block, booked":               {policy: kontakt.BookingBlock, booked: noon.Add(time.Hour), planned: true},
		"block, the day's last":       {policy: kontakt.BookingBlock, booked: midnight.Add(-time.Minute), planned: true},
		"block, yesterday's last":     {policy: kontakt.BookingBlock, booked: midnight.Add(-24*time.Hour - time.Minute), refused: true},
		"block, the day's very first": {policy: kontakt.BookingBlock, booked: midnight.Add(-24 * time.Hour), planned: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			w.set(func(c *store.Clinic) { c.Booking = row.policy })
			if !row.booked.IsZero() {
				w.book(0, row.booked, 15)
			}
			for entrance, a := range w.entrances(0) {
				e, err := w.tryJoin(a, 0, w.torvet)
				if row.refused {
					wantError(t, err, kontakt.Conflict, kontakt.MsgNoBooking)
					if _, params := kontakt.MsgOf(err); params["klinik"] != "Lægerne Torvet" {
						t.Errorf("%s is told %v", entrance, params)
					}
					w.wantList()
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", entrance, err)
				}
				seen := w.entry(w.dorte, e.ID)
				if seen.NoBooking != row.marked || seen.PlannedAt.IsZero() == row.planned || row.planned && !seen.PlannedAt.Equal(row.booked) {
					t.Errorf("%s: marked %v, planned %v", entrance, seen.NoBooking, seen.PlannedAt)
				}
				w.move(a, e.ID, kontakt.MoveLeave, "left")
			}
		})
	}
}

func TestSD07_aRefusalDrawsNoNumber(t *testing.T) {
	w := newWorld(t, 2)
	w.set(func(c *store.Clinic) { c.Booking = kontakt.BookingBlock })
	_, err := w.tryJoin(w.lone, 0, w.torvet)
	wantError(t, err, kontakt.Conflict, kontakt.MsgNoBooking)
	w.book(1, w.clock.Now(), 15)
	if e := w.join(w.lone, 1); e.Number != 1 {
		t.Errorf("number = %d, want 1", e.Number)
	}
}

func TestPlanned_theBookedTimeIsThePlaceInTheLine(t *testing.T) {
	w := newWorld(t, 5)
	at := func(minutes int) time.Time { return w.clock.Now().Add(time.Duration(minutes) * time.Minute) }
	w.book(1, at(20), 10)
	w.book(2, at(-60), 10) // is over: the next one counts
	w.book(2, at(10), 10)
	drawn := w.join(w.lone, 0)
	later := w.join(w.lone, 1)
	line := len(w.events(kontakt.LineRoom(w.torvet)))
	sooner := w.join(w.mona, 2)
	if told := len(w.events(kontakt.LineRoom(w.torvet))) - line; told != 1 {
		t.Errorf("those behind were told %d times, want once", told)
	}
	w.wantList(drawn.Number, sooner.Number, later.Number)
	if sooner.Before != 1 || !sooner.PlannedAt.Equal(at(10)) {
		t.Errorf("before = %d, planned %v", sooner.Before, sooner.PlannedAt)
	}
	if got := w.entry(w.lone, later.ID); got.Before != 2 || got.Number != 2 {
		t.Errorf("the one behind: before %d, number %d; want 2, 2", got.Before, got.Number)
	}
	w.pass(15 * time.Minute)
	between := w.join(w.mona, 3)
	w.wantList(drawn.Number, sooner.Number, between.Number, later.Number)
	w.book(4, at(-5), 10) // has begun: it is this one, and not the next
	w.book(4, at(30), 10)
	if begun := w.join(w.mona, 4); !begun.PlannedAt.Equal(at(-5)) {
		t.Errorf("five minutes late for one of two, planned %v", begun.PlannedAt)
	}
}

func TestCover_aClinicTakesAnothersPatientsInOnTheStatedDaysOnly(t *testing.T) {
	for name, row := range map[string]struct {
		days int // from the cover's first day
		may  bool
	}{
		"the day before": {-1, false}, "the first day": {0, true}, "the last day": {2, true}, "the day after": {3, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			first := kontakt.DateOf(w.clock.Now().Add(48 * time.Hour))
			last := kontakt.DateOf(w.clock.Now().Add(96 * time.Hour))
			w.update(func(tx *store.Tx) error {
				return tx.SaveCover(store.Cover{Clinic: w.havnen, For: w.torvet, From: first, To: last})
			})
			// A quarter of an hour before Danish midnight, which is another day in UTC in summer alone: the day is Denmark's.
			w.at(time.Date(2026, 11, 25+row.days, 22, 45, 0, 0, time.UTC))
			for entrance, a := range w.entrances(0) {
				e, err := w.tryJoin(a, 0, w.havnen)
				if !row.may {
					wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
					if _, params := kontakt.MsgOf(err); len(params) != 0 || strings.Contains(err.Error(), "Torvet") {
						t.Errorf("%s: the refusal tells %q, %v", entrance, err, params)
					}
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", entrance, err)
				}
				if seen := w.entry(w.bo, e.ID); seen.Attachment != kontakt.AttachmentCover {
					t.Errorf("%s: the clinic sees attachment %q", entrance, seen.Attachment)
				}
				w.move(a, e.ID, kontakt.MoveLeave, "left")
				if own, err := w.tryJoin(a, 0, w.torvet); err != nil || own.Attachment != kontakt.AttachmentOwn {
					t.Errorf("%s: the own clinic: %q, %v", entrance, own.Attachment, err)
				} else {
					w.move(a, own.ID, kontakt.MoveLeave, "left")
				}
			}
		})
	}
}

func TestCover_isOneWay(t *testing.T) {
	w := newWorld(t, 1)
	today := kontakt.DateOf(w.clock.Now())
	w.update(func(tx *store.Tx) error {
		return tx.SaveCover(store.Cover{Clinic: w.torvet, For: w.havnen, From: today, To: today})
	})
	_, err := w.tryJoin(w.lone, 0, w.havnen)
	wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
}

func TestUnchecked_whoNobodyCouldLookUpMayJoinTheClinicThatWasNamed(t *testing.T) {
	w := newWorld(t, 1)
	w.update(func(tx *store.Tx) error {
		c, err := tx.Citizen(w.citizens[0])
		if err != nil {
			return err
		}
		c.CheckedAt, c.Name = time.Time{}, ""
		_, err = tx.SaveCitizen(c)
		return err
	})
	for entrance, a := range w.entrances(0) {
		_, err := w.tryJoin(a, 0, w.havnen)
		wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
		e, err := w.tryJoin(a, 0, w.torvet)
		if err != nil {
			t.Fatalf("%s: %v", entrance, err)
		}
		seen := w.entry(w.dorte, e.ID)
		if seen.Attachment != kontakt.AttachmentUnchecked || !seen.Citizen.Unchecked || seen.Citizen.Masked == "" {
			t.Errorf("%s: the clinic sees attachment %q, %+v", entrance, seen.Attachment, seen.Citizen)
		}
		w.move(a, e.ID, kontakt.MoveLeave, "left")
	}
}

func TestJoin_anotherClinicsCitizenIsRefusedWithoutAnyOfItsData(t *testing.T) { // SD-08
	w := newWorld(t, 1)
	_, err := w.rooms.Join(w.as(w.lone), kontakt.Join{Citizen: w.citizens[0], Clinic: w.havnen, Mode: kontakt.ModeConsultation, Consent: spoken})
	wantError(t, err, kontakt.NotAttached, kontakt.MsgNotAttached)
	if strings.Contains(err.Error(), "Torvet") {
		t.Errorf("the refusal tells %q", err)
	}
	if got := w.audited(); !slices.Equal(got, []string{"entry.join refused"}) {
		t.Errorf("audit = %v", got)
	}
}
