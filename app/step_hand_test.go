package app

import (
	"slices"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	offerID  = kontakt.HandoverID("ovg_a")
	handCode = "abcdefghijklmnopqrstuvwxya"
)

var (
	mona      = kontakt.Person{ID: "med_c", Name: "Mona Møller"}
	lasting   = kontakt.Handover{ID: offerID, From: sanne, ExpiresAt: t0.Add(time.Minute)}
	takenBy   = kontakt.Handover{ID: offerID, From: sanne, ExpiresAt: t0.Add(time.Minute), AcceptedBy: &mona, AcceptedAt: at}
	foreign   = Failure{Kind: kontakt.Forbidden, Say: Sentence{Key: kontakt.MsgHandoverForeign}}
	notHere   = Failure{Kind: kontakt.Hidden, Say: Sentence{Key: kontakt.MsgNotFound}}
	offerings = HandOver{Code: handCode, Until: t0.Add(time.Minute), offer: offerID, from: placeID}
)

// handSituations are the screens of scanning and of the hand-over.
func handSituations() map[string]State {
	over := offerings
	over.Code, over.Over = "", true
	return map[string]State{
		"Scan":              on(Scan{Report: ScanReport{Torches: true}}),
		"Scan(blind)":       on(Scan{Report: ScanReport{Problem: Sentence{Key: kontakt.MsgCameraBusy}}}),
		"Scan(correct)":     correct(on(Scan{})),
		"Scan(offer)":       on(Scan{For: ScanOffer}),
		"Scan(offer,aside)": besides(on(Scan{For: ScanOffer})),
		"Scan(taking)":      on(Scan{For: ScanOffer, Busy: true}),
		"HandOver(making)":  besides(on(HandOver{Busy: true, from: placeID})),
		"HandOver":          besides(on(offerings)),
		"HandOver(over)":    besides(on(over)),
		"HandOver(failed)":  besides(on(HandOver{Problem: failed.Say, from: placeID})),
		"HandOver(taken)":   on(HandOver{Taken: mona.Name, offer: offerID}),
	}
}

// correct gives a state in which Karen's place is being corrected.
func correct(s State) State {
	p := shown(kontakt.EntryWaiting)
	s.Correcting = &p
	return s
}

// handHappenings are the events of scanning and of the hand-over.
func handHappenings() map[string]Event {
	return map[string]Event{
		"TapScan":                TapScan{},
		"TapScanOffer":           TapScanOffer{},
		"TapLight":               TapLight{},
		"TapHandOver":            TapHandOver{"key-9"},
		"TapAccept":              TapAccept{handCode, "key-9"},
		"ScanReported":           ScanReported{ScanReport{Dark: true}},
		"ScanReported(blind)":    ScanReported{ScanReport{Problem: Sentence{Key: kontakt.MsgNoCamera}}},
		"Offered":                Offered{Handover: lasting, Code: handCode, At: t0},
		"Offered(failed)":        Offered{Failure: failed},
		"OfferAccepted":          OfferAccepted{Got: kontakt.Accepted{Handover: takenBy, Places: []kontakt.Entry{entry(kontakt.EntryWaiting, 4)}}, At: at},
		"OfferAccepted(later)":   OfferAccepted{Got: kontakt.Accepted{Handover: takenBy, Later: 1}, At: at},
		"OfferAccepted(foreign)": OfferAccepted{Failure: foreign},
		"OfferOver":              OfferOver{offerID},
		"OfferOver(another)":     OfferOver{"ovg_b"},
		"OfferTaken":             OfferTaken{offerID},
		"OfferFetched":           OfferFetched{Handover: takenBy},
		"OfferFetched(nobody)":   OfferFetched{Handover: lasting},
		"OfferFetched(failed)":   OfferFetched{Failure: failed},
		"PlaceHanded":            PlaceHanded{placeID},
		"HandedFetched":          HandedFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 5), At: at},
		"HandedFetched(called)":  HandedFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 5), At: at},
		"HandedFetched(gone)":    HandedFetched{ID: placeID, Failure: notHere},
		"HandedFetched(failed)":  HandedFetched{ID: placeID, Failure: failed},
	}
}

// M9: from the place that is shown the nurse offers all; a colleague takes it, and nothing of the citizens is left here.
func TestM9_whatIsTakenIsGoneFromThisTablet(t *testing.T) {
	s := besides(on(Waiting{Place: placeOf(oles(kontakt.EntryWaiting, 3))}))
	s.Recent = []Citizen{citizenOf(karen)}
	s, effects := play(s, TapMore{}, TapHandOver{"key-1"}, TapHandOver{"key-2"})
	if got := asks[Offer](effects); !slices.Equal(got, []Offer{{"key-1"}}) || len(s.Aside) != 2 {
		t.Fatalf("asks for %v with %v aside", got, idsAside(s))
	}
	s, _ = play(s, Offered{Handover: lasting, Code: handCode, At: t0})
	if v := screenOf[HandOver](t, s); v.Code != handCode || !v.Until.Equal(lasting.ExpiresAt) {
		t.Fatalf("shown: %+v", v)
	}
	s, effects = play(s, PlaceHanded{"plads_o"}, PlaceHanded{placeID}, OfferTaken{offerID})
	if len(asks[FetchHanded](effects)) != 2 || len(asks[FetchOffer](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, _ = play(s, HandedFetched{ID: "plads_o", Failure: notHere}, HandedFetched{ID: placeID, Failure: notHere}, OfferFetched{Handover: takenBy})
	if v := screenOf[HandOver](t, s); v.Taken != "Mona Møller" || v.Code != "" {
		t.Errorf("shown: %+v", v)
	}
	if len(s.holds()) != 0 || len(rooms(s)) != 1 || len(s.Recent) != 0 {
		t.Errorf("left here: %v, followed: %v", s.holds(), rooms(s))
	}
	s, _ = play(s, TapDone{})
	screenOf[FindCitizen](t, s)
}

// M9: the minute runs out; another code is made, and what was asked for the old one changes nothing.
func TestM9_theCodeLastsAMinute(t *testing.T) {
	s, effects := play(besides(on(HandOver{Busy: true, from: placeID})), Offered{Handover: lasting, Code: handCode, At: t0})
	if got := asks[After](effects); len(got) != 1 || got[0].Delay != time.Minute {
		t.Fatalf("counts %v", got)
	}
	s, effects = play(s, OfferOver{offerID})
	if v := screenOf[HandOver](t, s); v.Code != "" || !v.Over || len(asks[FetchOffer](effects)) != 1 {
		t.Fatalf("over: %+v, %v", v, effects)
	}
	s, _ = play(s, OfferFetched{Handover: lasting})
	next := lasting
	next.ID = "ovg_b"
	s, effects = play(s, TapHandOver{"key-2"}, Offered{Handover: next, Code: handCode, At: at}, OfferOver{offerID})
	if v := screenOf[HandOver](t, s); v.Code == "" || len(asks[Offer](effects)) != 1 {
		t.Errorf("the new code: %+v", v)
	}
	s, effects = play(s, TapBack{})
	if got := asks[Withdraw](effects); !slices.Equal(got, []Withdraw{{"ovg_b"}}) {
		t.Errorf("the code that was put away can still be taken: %v", got)
	}
	if p := screenOf[Waiting](t, s).Place; p.ID != placeID {
		t.Errorf("back at %v", p.ID)
	}
}

// M9: a call that comes while the code is shown takes the screen; what is handed over meanwhile still goes.
func TestM9_aCallTakesTheScreenFromTheCode(t *testing.T) {
	s := besides(on(offerings)).keep(placeOf(oles(kontakt.EntryWaiting, 3)))
	s, effects := play(s, PlaceFetched{ID: placeID, Entry: entry(kontakt.EntryCalled, 4), At: at})
	if p := screenOf[Called](t, s).Place; p.ID != placeID || len(asks[Withdraw](effects)) != 1 {
		t.Fatalf("rings for %v, %v", p.ID, effects)
	}
	s, _ = play(s, OfferTaken{offerID}, PlaceHanded{"plads_o"}, HandedFetched{ID: "plads_o", Failure: notHere}, OfferFetched{Handover: takenBy})
	screenOf[Called](t, s)
	if len(s.Aside) != 0 {
		t.Errorf("aside: %v", idsAside(s))
	}
}

// M9, E64: the outgoing tablet was away when its offer was taken. What it hears when it is back takes the citizen off the screen,
// whatever is shown then, and in whatever order it comes.
func TestM9_aTabletThatWasAwayHearsItLater(t *testing.T) {
	for _, words := range [][]Event{
		{NetChanged{Offline: false, Since: at}, PlaceFetched{ID: placeID, Failure: notHere}, PlaceHanded{placeID}, HandedFetched{ID: placeID, Failure: notHere}, OfferTaken{offerID}, OfferFetched{Handover: takenBy}},
		{OfferTaken{offerID}, PlaceHanded{placeID}, HandedFetched{ID: placeID, Failure: notHere}, PlaceFetched{ID: placeID, Failure: notHere}, OfferFetched{Handover: takenBy}},
	} {
		for name, s := range map[string]State{
			"waiting": on(Waiting{Place: shown(kontakt.EntryWaiting)}), "writing": on(Tell{Place: shown(kontakt.EntryWaiting)}),
			"the code": besides(on(offerings)), "the list": besides(on(Round{})),
		} {
			s.Net.Offline = true
			s, _ = play(s, words...)
			if v := screenOf[HandOver](t, s); v.Taken != "Mona Møller" {
				t.Errorf("%s: %+v", name, v)
			}
			if len(s.holds()) != 0 {
				t.Errorf("%s: left here are %v", name, s.holds())
			}
		}
	}
}

// M9: what a colleague handed over stands in the list beside what stood there; one in a call comes when that is over.
func TestM9_whatIsTakenOverStandsInTheRound(t *testing.T) {
	s, effects := play(besides(on(Round{})), TapScanOffer{}, TapAccept{handCode, "key-1"}, TapAccept{handCode, "key-2"})
	if got := asks[Accept](effects); !slices.Equal(got, []Accept{{handCode, "key-1"}}) || len(asks[ScanFrom](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	got := kontakt.Accepted{Handover: kontakt.Handover{ID: offerID, From: mona}, Places: []kontakt.Entry{oles(kontakt.EntryWaiting, 4)}}
	s, _ = play(s, OfferAccepted{Got: got, At: at})
	if say := screenOf[Round](t, s).Problem; say.Key != kontakt.MsgHandoverGot || say.Params["navn"] != "Mona Møller" {
		t.Errorf("says %v", say)
	}
	if ids := idsAside(s); !slices.Equal(ids, []kontakt.EntryID{"plads_o", placeID}) {
		t.Errorf("the list is %v", ids)
	}

	got.Places, got.Later = nil, 1
	s, _ = play(on(Scan{For: ScanOffer, Busy: true}), OfferAccepted{Got: got, At: at})
	if say := screenOf[FindCitizen](t, s).Problem; say.Key != kontakt.MsgHandoverLater {
		t.Errorf("says %v", say)
	}
	s, effects = play(s, PlaceHanded{placeID})
	if len(asks[FetchHanded](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, _ = play(s, HandedFetched{ID: placeID, Entry: entry(kontakt.EntryWaiting, 6), At: at})
	if ids := idsAside(s); !slices.Equal(ids, []kontakt.EntryID{placeID}) {
		t.Errorf("after the call: %v", ids)
	}
}

// E65: a code of another municipality is refused in words, and the next can be scanned at once.
func TestE65_aForeignCodeIsRefusedInWords(t *testing.T) {
	s, _ := play(on(Scan{For: ScanOffer}), TapAccept{handCode, "key-1"}, OfferAccepted{Failure: foreign})
	if v := screenOf[Scan](t, s); v.Busy || v.Says().Key != kontakt.MsgHandoverForeign {
		t.Fatalf("shown: %+v", v)
	}
	s, effects := play(s, TapRetry{})
	if v := screenOf[Scan](t, s); v.Says().Key != "hand.scan_hint" || len(asks[ScanFrom](effects)) != 1 {
		t.Errorf("again: %+v, %v", v, effects)
	}
}

// E18: the next nurse signs in on the same tablet: she sees whose place it is, and takes it over with one tap.
func TestE18_theNextNurseTakesOverOnTheSameTablet(t *testing.T) {
	e := entry(kontakt.EntryWaiting, 4)
	e.Helper.Name = "Mona Møller"
	s, _ := play(on(SigningIn{Signin: signin, Busy: true, Held: held(kontakt.EntryWaiting)}), SignedInAs{Employee: sanne, Held: []kontakt.Entry{e}, At: at})
	if p := screenOf[Waiting](t, s).Place; !p.MayTakeOver(s.Employee) || p.DrawnBy != "Mona Møller" {
		t.Fatalf("shown: %+v", p)
	}
	_, effects := play(s, TapTakeOver{Reason: "Vagtskifte", Key: "key-1"})
	if got := asks[Join](effects); len(got) != 1 || got[0].Join.TakeOver != "Vagtskifte" {
		t.Errorf("asks %v", effects)
	}
}

// Issue 6, 2: what a health card says is looked up at once and read back; it stands in no state.
func TestScan_aCardIsLookedUpAtOnce(t *testing.T) {
	s, effects := play(on(FindCitizen{}), TapScan{})
	if screenOf[Scan](t, s).For != ScanCard || len(asks[ScanFrom](effects)) != 1 {
		t.Fatalf("asks %v", effects)
	}
	s, effects = play(s, TapFind{someCPR()})
	if got := asks[Find](effects); !screenOf[FindCitizen](t, s).Busy || len(got) != 1 || got[0].CPR != someCPR() {
		t.Fatalf("asks %v", effects)
	}
	s, _ = play(s, CitizenFound{Citizen: karen})
	if screenOf[ReadBack](t, s).Citizen.Name != karen.Name {
		t.Error("it is not read back")
	}
}

// One sentence at a time: first why there is no picture, then what is held there, then the light, then where to hold it.
func TestScan_saysOneThingAtATime(t *testing.T) {
	for _, r := range []struct {
		scan Scan
		want kontakt.MsgKey
	}{
		{Scan{}, "cit.scan_hint"},
		{Scan{For: ScanOffer}, "hand.scan_hint"},
		{Scan{Report: ScanReport{Dark: true}}, "cit.scan_dark"},
		{Scan{Report: ScanReport{Dark: true, Torches: true}}, "cit.scan_lamp"},
		{Scan{Report: ScanReport{Dark: true, Torches: true}, Light: true}, "cit.scan_dark"},
		{Scan{Report: ScanReport{Dark: true, Other: true}}, "cit.scan_other"},
		{Scan{For: ScanOffer, Report: ScanReport{Other: true}}, "hand.scan_other"},
		{Scan{Report: ScanReport{Other: true, Problem: Sentence{Key: kontakt.MsgCameraLost}}}, "scan.camera_lost"},
	} {
		if got := r.scan.Says().Key; got != r.want {
			t.Errorf("%+v says %q, want %q", r.scan, got, r.want)
		}
	}
	s, effects := play(on(Scan{Report: ScanReport{Torches: true}}), TapLight{}, TapLight{})
	if got := asks[Light](effects); !slices.Equal(got, []Light{{true}, {false}}) || screenOf[Scan](t, s).Light {
		t.Errorf("the lamp: %v", got)
	}
	_, effects = play(on(Scan{}), TapLight{})
	if len(asks[Light](effects)) != 0 {
		t.Error("a camera without a lamp is lit")
	}
	s, _ = play(on(Scan{}), TapBack{})
	screenOf[FindCitizen](t, s)
}
