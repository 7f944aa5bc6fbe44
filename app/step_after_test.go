package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// talkedKaren is Karen's conversation as the backend keeps it.
func talkedKaren() kontakt.Summary {
	return kontakt.Summary{
		ID: "res_a", Version: 1, Entry: placeID, Citizen: karen, URL: "https://k.example/resume/res_a", Code: "K7QF-2M9X",
		Consent: agreed,
		Conversation: kontakt.Conversation{
			Clinician: holm.Name, ClinicianTitle: holm.Title, Clinic: clinic.Name, Helper: sanne.Name, Mode: kontakt.ModeConsultation,
			From: t0, To: t0.Add(9 * time.Minute), EndedBy: "clinic", EndReason: "done",
		},
	}
}

// afterSituations are the states after a conversation.
func afterSituations() map[string]State {
	fresh := Ended{Summary: summaryOf(shown(kontakt.EntryInCall)), place: placeID, Loading: true}
	asked, whole, drafted, leaving, given, record, correcting, quiet, withdrawn := fresh, fresh, fresh, fresh, fresh, fresh, fresh, fresh, fresh
	asked.asked = true
	whole.Loading, whole.Full = false, talkedKaren()
	drafted = whole
	drafted.Draft.Agreed, drafted.due = "Ring ved feber", true
	leaving = drafted
	leaving.due, leaving.Saving, leaving.Leaving = false, true, true
	given = leaving
	given.Problem = notSaved
	record = whole
	record.Record = &RecordView{Record: kontakt.Record{Lines: []kontakt.RecordLine{{N: 1, What: kontakt.RecordConsent}}}}
	correcting = whole
	correcting.Record = &RecordView{Record: record.Record.Record, Correcting: 1}
	quiet.Quiet, quiet.Loading = true, false
	withdrawn = asked
	withdrawn.Summary.How.Key = kontakt.MsgWithdrawn
	old := listed(talkedKaren())
	old.Loading, old.Full = false, talkedKaren()
	asking := old
	asking.Asking = true
	dropping := old
	dropping.Dropping = true
	later := on(FindCitizen{})
	later.later = []Ended{drafted}
	return map[string]State{
		"Ended(ending)":      on(fresh),
		"Ended(fetching)":    on(asked),
		"Ended(whole)":       on(whole),
		"Ended(written)":     on(drafted),
		"Ended(leaving)":     on(leaving),
		"Ended(unsaved)":     on(given),
		"Ended(record)":      on(record),
		"Ended(correcting)":  on(correcting),
		"Ended(quiet)":       on(quiet),
		"Ended(withdrawn)":   on(withdrawn),
		"Ended(listed)":      on(old),
		"Ended(asking)":      on(asking),
		"Ended(dropping)":    on(dropping),
		"Ended(signed out)":  signedOut(on(whole.unsigned())),
		"FindCitizen(later)": later,
		"Journal":            on(Journal{All: []kontakt.Summary{talkedKaren()}}),
		"Journal(loading)":   on(Journal{Loading: true}),
		"Journal(failed)":    on(Journal{Problem: failed.Say}),
	}
}

// afterHappenings are their events.
func afterHappenings() map[string]Event {
	gone := Failure{Kind: kontakt.NotFound, Say: Sentence{Key: kontakt.MsgNotFound}}
	ring := kontakt.Note{Agreed: "Ring ved feber"}
	return map[string]Event{
		"TapRoom":                  TapRoom{kontakt.RoleInRelative},
		"TapWent":                  TapWent{kontakt.WentWell},
		"TapFollowUp":              TapFollowUp{"Telefon"},
		"TapJournal":               TapJournal{},
		"TapSummary":               TapSummary{"res_a"},
		"TapSummary(another)":      TapSummary{"res_b"},
		"TapWritten":               TapWritten{},
		"TapWrittenYes":            TapWrittenYes{},
		"TapWrittenNo":             TapWrittenNo{},
		"TapRecord":                TapRecord{},
		"TapLine":                  TapLine{1},
		"TapLine(none)":            TapLine{7},
		"TapCorrection":            TapCorrection{"Det var datteren, der sagde ja"},
		"TapCorrection(nothing)":   TapCorrection{" "},
		"NoteWritten":              NoteWritten{Seq: 1, Agreed: "Ring ved feber over 39"},
		"NoteDue":                  NoteDue{},
		"SummaryFetched":           SummaryFetched{Place: placeID, Summary: talkedKaren()},
		"SummaryFetched(another)":  SummaryFetched{Place: "plads_b", Summary: talkedKaren()},
		"SummaryFetched(failed)":   SummaryFetched{Place: placeID, Failure: failed},
		"SummaryFetched(none)":     SummaryFetched{Place: placeID, Failure: gone},
		"SummariesFetched":         SummariesFetched{All: []kontakt.Summary{talkedKaren()}},
		"SummariesFetched(failed)": SummariesFetched{Failure: failed},
		"NoteSaved":                NoteSaved{ID: "res_a", Sent: ring, Note: ring, Version: 2},
		"NoteSaved(another)":       NoteSaved{ID: "res_b", Sent: ring, Note: ring, Version: 2},
		"NoteSaved(failed)":        NoteSaved{ID: "res_a", Sent: ring, Failure: failed},
		"NoteSaved(gone)":          NoteSaved{ID: "res_a", Sent: ring, Failure: gone},
		"SummaryDropped":           SummaryDropped{ID: "res_a"},
		"SummaryDropped(failed)":   SummaryDropped{ID: "res_a", Failure: failed},
		"RecordFetched":            RecordFetched{Place: placeID, Record: kontakt.Record{Code: "K7QF-2M9X"}},
		"RecordFetched(failed)":    RecordFetched{Place: placeID, Failure: failed},
	}
}
