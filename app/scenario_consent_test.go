package app

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

// The citizen says no: nothing has been sent to anybody, and the search says that this is all right (§ 15).
func TestConsent_aNoSendsNothing(t *testing.T) {
	s, effects := play(on(ReadBack{Citizen: citizenOf(karen)}), TapConfirmCitizen{}, TapJoin{Key: "key-1"}, TapConsentNo{})
	if got := screenOf[FindCitizen](t, s); got.Problem.Key != kontakt.MsgConsentNo || len(effects) != 0 {
		t.Errorf("shows %+v and asks for %v", got, effects)
	}
}

// What the nurse has stated goes with the join, and why there can be none.
func TestConsent_goesWithTheJoin(t *testing.T) {
	cannot := kontakt.Consent{Kind: kontakt.ConsentCannot, Reason: "Ved ikke, hvor hun er"}
	for _, given := range []kontakt.Consent{{Kind: kontakt.ConsentOral}, {Kind: kontakt.ConsentTacit}, {Kind: kontakt.ConsentGuardian}, cannot} {
		_, effects := play(on(ReadBack{Citizen: citizenOf(karen)}), TapConfirmCitizen{}, TapConsent{given}, TapJoin{Key: "key-1"})
		if got := asks[Join](effects); len(got) != 1 || got[0].Join.Consent != given {
			t.Errorf("joins %+v, want with %+v", got, given)
		}
	}
	s, effects := play(on(ReadBack{Citizen: citizenOf(karen)}), TapConfirmCitizen{}, TapConsentCannot{}, TapConsent{kontakt.Consent{Kind: kontakt.ConsentCannot}})
	if got := screenOf[Consent](t, s); !got.Cannot || got.Problem.Key != kontakt.MsgConsentReason || len(effects) != 0 {
		t.Errorf("without a reason %+v, %v", got, effects)
	}
}

// E47: the citizen changes her mind while she waits, and in the call, which is over here with that tap.
func TestWithdraw_leavesAtOnce(t *testing.T) {
	over := entry(kontakt.EntryLeft, 4)
	over.EndReason, over.Notice = kontakt.ReasonWithdrawn, kontakt.MsgWithdrawn
	s, effects := play(on(Waiting{Place: shown(kontakt.EntryWaiting)}), TapWithdraw{at})
	if len(effects) != 0 {
		t.Errorf("without the question it asks for %v", effects)
	}
	s, effects = play(s, TapLeave{}, TapWithdraw{at}, TapWithdraw{at})
	if got := asks[Move](effects); len(got) != 1 || got[0] != (Move{ID: placeID, Move: kontakt.MoveWithdraw}) {
		t.Errorf("moves %+v", got)
	}
	s, _ = play(s, Moved{ID: placeID, Move: kontakt.MoveWithdraw, Entry: over, At: at})
	if got := screenOf[Ended](t, s); got.Summary.How.Key != kontakt.MsgWithdrawn || !got.Quiet || got.Notes() || got.Summary.Citizen != karen.Name {
		t.Errorf("afterwards %+v", got)
	}

	talking := InCall{Place: shown(kontakt.EntryInCall), Since: t0, Controls: firstControls, Media: MediaLive}
	s, effects = play(on(talking), TapEnd{}, TapWithdraw{at})
	if got := asks[Move](effects); len(got) != 1 || got[0] != (Move{ID: placeID, Move: kontakt.MoveWithdraw, Over: true}) || len(asks[HangUp](effects)) != 1 {
		t.Errorf("asks for %+v", effects)
	}
	if got := screenOf[Ended](t, s); got.Summary.How.Key != kontakt.MsgWithdrawn || got.Summary.Clinician != holm.Name {
		t.Errorf("the summary says %+v", got)
	}
}
