package waiting

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

func TestGuestRules_theirDocTellsThemAll(t *testing.T) {
	want := map[string]string{}
	for move, r := range guestRules {
		want[string(move)] = words(r.from) + " -> " + string(r.to) + " by " + words(r.by)
	}
	docTells(t, "guestrules.go", want)
}

// words are several, as a doc tells them.
func words(all any) string {
	return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(all), "[]")), ", ")
}

// docTells compares the moves that the doc of a file's table tells with those that are wanted.
func docTells(t *testing.T, name string, want map[string]string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for line := range strings.SplitSeq(g.Doc.Text(), "\n") {
			if move, rest, ok := strings.Cut(line, ":"); ok && strings.Contains(rest, "->") {
				told[strings.TrimSpace(move)] = strings.Join(strings.Fields(rest), " ")
			}
		}
	}
	if !maps.Equal(told, want) {
		t.Errorf("the doc of %s tells of\n%v\nthe code is\n%v", name, told, want)
	}
}

var guestStates = []kontakt.GuestState{
	kontakt.GuestInvited, kontakt.GuestLobby, kontakt.GuestAdmitted, kontakt.GuestLeft, kontakt.GuestRemoved, kontakt.GuestExpired,
}

// Every (state, move, side) is tried: what the table does not allow is an error and changes nothing, but a wish that was
// fulfilled already, which changes nothing either.
func TestMoveGuest_whatTheTableDoesNotAllowIsAnError(t *testing.T) {
	now := time.Unix(1000, 0)
	for move, r := range guestRules {
		for _, state := range guestStates {
			for _, by := range []side{tablet, citizen, clinic, guest, system} {
				g := store.Guest{Guest: kontakt.Guest{ID: "g", State: state, By: kontakt.ParticipantTablet, ExpiresAt: now.Add(time.Hour)}}
				next, changed, err := moveGuest(g, guestAct{move: move, by: by, now: now, who: "w", name: "Mette", running: true})
				again := slices.Contains([]guestMove{guestAdmit, guestRemove, guestGoes}, move) && state == r.to
				allowed := slices.Contains(r.by, by) && (slices.Contains(r.from, state) || again)
				if allowed != (err == nil) {
					t.Errorf("%s --%s by %s--> %v, want allowed %v", state, move, by, err, allowed)
				}
				if changed != (allowed && !again) || !changed && next != g {
					t.Errorf("%s --%s by %s--> changed %v: %+v", state, move, by, changed, next)
				}
				if changed && next.State != r.to {
					t.Errorf("%s --%s--> %s, want %s", state, move, next.State, r.to)
				}
				if changed && next.EndedAt.IsZero() == !next.State.Open() {
					t.Errorf("%s --%s--> %s, ended at %v", state, move, next.State, next.EndedAt)
				}
			}
		}
	}
}

func TestMoveGuest_saysWhyNot(t *testing.T) {
	now := time.Unix(10000, 0)
	base := store.Guest{Guest: kontakt.Guest{ID: "g", State: kontakt.GuestInvited, By: kontakt.ParticipantClinic, ExpiresAt: now.Add(time.Minute)}}
	with := func(change func(*store.Guest)) store.Guest { g := base; change(&g); return g }
	opened := func(s kontakt.GuestState) store.Guest {
		return with(func(g *store.Guest) { g.State, g.OpenedAt = s, now.Add(-time.Minute) })
	}
	open := guestAct{move: guestOpens, by: guest, now: now, name: "Mette"}
	for name, row := range map[string]struct {
		g    store.Guest
		a    guestAct
		kind kontakt.Kind
		msg  kontakt.MsgKey
	}{
		"a link that was opened":            {opened(kontakt.GuestLobby), open, kontakt.Gone, kontakt.MsgGuestLinkUsed},
		"and its guest has gone":            {opened(kontakt.GuestLeft), open, kontakt.Gone, kontakt.MsgGuestLinkUsed},
		"in the second in which it ends":    {with(func(g *store.Guest) { g.ExpiresAt = now }), open, kontakt.Gone, kontakt.MsgGuestLinkExpired},
		"a link that was taken back":        {with(func(g *store.Guest) { g.State = kontakt.GuestRemoved }), open, kontakt.Gone, kontakt.MsgGuestLinkExpired},
		"the place has ended":               {with(func(g *store.Guest) { g.State = kontakt.GuestLeft }), open, kontakt.Gone, kontakt.MsgGuestLinkExpired},
		"nobody's name":                     {base, guestAct{move: guestOpens, by: guest, now: now}, kontakt.Invalid, kontakt.MsgGuestName},
		"let in while no call runs":         {opened(kontakt.GuestLobby), guestAct{move: guestAdmit, by: clinic, now: now}, kontakt.Conflict, kontakt.MsgGuestNoCall},
		"let in who has not come":           {base, guestAct{move: guestAdmit, by: clinic, now: now, running: true}, kontakt.Conflict, kontakt.MsgWrongState},
		"shown out by the tablet":           {opened(kontakt.GuestAdmitted), guestAct{move: guestRemove, by: tablet, now: now}, kontakt.Forbidden, kontakt.MsgNotAllowed},
		"shown out who has gone by himself": {opened(kontakt.GuestLeft), guestAct{move: guestRemove, by: clinic, now: now}, kontakt.Conflict, kontakt.MsgWrongState},
	} {
		next, changed, err := moveGuest(row.g, row.a)
		if msg, _ := kontakt.MsgOf(err); kontakt.KindOf(err) != row.kind || msg != row.msg || changed || next != row.g {
			t.Errorf("%s: %v, want %s (%s)", name, err, row.kind, row.msg)
		}
	}
}

// Of two participants the first of tablet, clinic, guests in the order in which they were let in offers.
func TestParticipants_whoMaySendWhatToWhom(t *testing.T) {
	at := func(id string, s int, state kontakt.GuestState) store.Guest {
		return store.Guest{Guest: kontakt.Guest{ID: kontakt.GuestID(id), State: state, AdmittedAt: time.Unix(int64(s), 0)}}
	}
	in := participantsOf([]store.Guest{
		at("second", 9, kontakt.GuestAdmitted), at("first", 5, kontakt.GuestAdmitted), at("outside", 0, kontakt.GuestLobby), at("gone", 3, kontakt.GuestRemoved),
	})
	order := []string{kontakt.ParticipantTablet, kontakt.ParticipantClinic, "first", "second"}
	if !slices.Equal(in, order) {
		t.Fatalf("participants = %v, want %v", in, order)
	}
	others := []string{"outside", "gone", "stranger", ""}
	for i, from := range append(slices.Clone(order), others...) {
		for j, to := range append(slices.Clone(order), others...) {
			inside := i < 4 && j < 4 && i != j
			for kind, want := range map[kontakt.SignalKind]bool{
				kontakt.SignalOffer: inside && i < j, kontakt.SignalAnswer: inside && j < i, kontakt.SignalReady: inside && j < i,
				kontakt.SignalCandidates: inside, kontakt.SignalState: inside || i < 4 && to == "", "other": false,
			} {
				if got := in.fits(kontakt.Signal{Kind: kind, To: to}, from); got != want {
					t.Errorf("%s from %q to %q = %v, want %v", kind, from, to, got, want)
				}
			}
		}
	}
}
