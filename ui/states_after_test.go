package ui

import (
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// justEnded is a summary as the tablet knows it by itself.
var justEnded = app.Ended{Summary: app.Summary{
	Citizen: karen.Name, Clinic: havnegade.Name, Clinician: doctor.Clinician.Name, Title: doctor.Clinician.Title,
	Started: now.Add(-14 * time.Minute), Lasted: 14 * time.Minute, How: app.Sentence{Key: "call.ended"},
}}

// wholeTalk is the same as the backend keeps it.
var wholeTalk = kontakt.Summary{
	ID: "res_1", Version: 2, Entry: "plads_karen", URL: "https://kontakt.aftenlandet.example/resume/res_abcdefghijklmnopqrstuvwxyz", Code: "K7QF-2M9X",
	Citizen: kontakt.Citizen{ID: "bor_karen", Name: karen.Name}, Consent: kontakt.Consent{Kind: kontakt.ConsentOral},
	Conversation: kontakt.Conversation{
		Clinician: "Lars Holm", ClinicianTitle: "praktiserende læge", Clinic: havnegade.Name, Helper: "Sanne Ravn", HelperTitle: "sygeplejerske",
		Municipality: "Aftenlandet Kommune", Others: []kontakt.GuestKind{kontakt.GuestRelative}, Mode: kontakt.ModeConsultation,
		From: now.Add(-14 * time.Minute), To: now, EndedBy: "clinic", EndReason: "done",
	},
}

func ended(change func(*app.Ended)) app.Ended { return with(justEnded, change) }

var givenOrders = []kontakt.Ordered{
	{OrderText: kontakt.OrderText{What: "Digoxin", Dose: "62,5 mikrogram", HowOften: "1 gang om dagen", Until: "onsdag"}, ConfirmedAt: now.Add(-2 * time.Minute)},
	{OrderText: kontakt.OrderText{What: "Pod fra såret"}},
}

var recordLines = []kontakt.RecordLine{
	{N: 1, At: now.Add(-40 * time.Minute), What: kontakt.RecordConsent, Detail: string(kontakt.ConsentOral)},
	{N: 2, At: now.Add(-40 * time.Minute), What: kontakt.RecordIn, Who: kontakt.RoleInNurse},
	{N: 3, At: now.Add(-40 * time.Minute), What: kontakt.RecordIn, Who: kontakt.RoleInCitizen},
	{N: 4, At: now.Add(-14 * time.Minute), What: kontakt.RecordCall, Name: "Lars Holm"},
	{N: 5, At: now, What: kontakt.RecordEnd, Detail: "done"},
	{N: 6, At: now, What: kontakt.RecordCorrection, Words: "Datteren var med fra begyndelsen", Corrects: 3},
}

func init() {
	situations = append(situations,
		situation{name: "ended", screen: ended(func(v *app.Ended) { v.Full = wholeTalk }), dark: true, small: true},
		situation{name: "ended-loading", screen: ended(func(v *app.Ended) { v.Loading = true })},
		situation{name: "ended-written", screen: ended(func(v *app.Ended) {
			v.Full = with(wholeTalk, func(s *kontakt.Summary) {
				s.Orders, s.Tools = givenOrders, []string{kontakt.ToolStill, kontakt.ToolText}
				s.Note = kontakt.Note{Went: kontakt.WentWell, FollowUp: "Telefon, 30. november 2026", Agreed: "Såret skiftes hver anden dag.\nRing ved feber."}
			})
			v.Draft = v.Full.Note
		})},
		situation{name: "ended-offline", offline: true, screen: ended(func(v *app.Ended) {
			v.Full, v.Leaving, v.Saving = wholeTalk, true, true
			v.Draft.Went, v.Full.Others, v.Problem = kontakt.WentBadly, nil, app.Sentence{Key: "sum.not_saved"}
		})},
		situation{name: "ended-withdrawn", screen: ended(func(v *app.Ended) {
			v.Full = with(wholeTalk, func(s *kontakt.Summary) { s.Withdrawn, s.EndReason, s.EndedBy = now, kontakt.ReasonWithdrawn, "tablet" })
			v.Summary.How = app.Sentence{Key: kontakt.MsgWithdrawn}
		})},
		situation{name: "ended-quiet", screen: app.Ended{
			Quiet: true, Summary: app.Summary{Citizen: karen.Name, Clinic: havnegade.Name, How: app.Sentence{Key: "sum.not_relevant"}},
		}},
		situation{name: "ended-long", screen: ended(func(v *app.Ended) {
			v.Summary.Citizen, v.Summary.Clinician = "Ane-Margrethe Kirstine Bjerregaard-Thomassen", "Frederikke Charlotte Brockenhuus-Schack-Rosenkrantz"
			v.Summary.Clinic, v.Summary.Title = "Lægefællesskabet ved Aftenlandets Rådhusplads", "speciallæge"
			v.Full = with(wholeTalk, func(s *kontakt.Summary) {
				s.Helper, s.HelperTitle = "Anne-Sofie Kirkegaard-Christensen", "social- og sundhedsassistent"
				s.Others = nil
				s.Consent = kontakt.Consent{Kind: kontakt.ConsentCannot, Reason: "Ved ikke, hvor hun er"}
				s.FollowUp = "Ny video med Lars Holm, når svaret på podningen er kommet"
			})
			v.Draft = v.Full.Note
		})},
		situation{name: "ended-signedout", signedOut: true, screen: app.Ended{
			Summary: justEnded.Summary, Problem: app.Sentence{Key: "sum.lost"},
		}},
		situation{name: "ended-listed", screen: ended(func(v *app.Ended) { v.Full, v.Listed = wholeTalk, true })},
		situation{name: "ended-asking", screen: ended(func(v *app.Ended) { v.Full, v.Listed, v.Asking = wholeTalk, true, true })},
		situation{name: "ended-record", small: true, screen: ended(func(v *app.Ended) {
			v.Full, v.Record = wholeTalk, &app.RecordView{Record: kontakt.Record{Lines: recordLines, Code: "K7QF-2M9X"}}
		})},
		situation{name: "ended-record-correcting", screen: ended(func(v *app.Ended) {
			v.Full, v.Record = wholeTalk, &app.RecordView{
				Record: kontakt.Record{Lines: recordLines[:4], Code: "K7QF-2M9X"}, Correcting: 3, Problem: app.Sentence{Key: "rec.correct_missing"},
			}
		})},
		situation{name: "ended-record-failed", screen: ended(func(v *app.Ended) {
			v.Full, v.Record = wholeTalk, &app.RecordView{Problem: app.Sentence{Key: kontakt.MsgServerUnreachable}}
		})},
		situation{name: "journal", dark: true, small: true, screen: app.Journal{All: []kontakt.Summary{
			wholeTalk,
			with(wholeTalk, func(s *kontakt.Summary) {
				s.ID, s.Citizen.Name, s.Clinician, s.Clinic = "res_2", "Ole Brandt", "Mette Juhl", torvet.Name
				s.From = now.Add(-100 * time.Minute)
			}),
		}}},
		situation{name: "consent-room", screen: app.Consent{Citizen: karen, Clinic: havnegade, Room: []kontakt.RecordRole{kontakt.RoleInRelative}}},
		situation{name: "journal-empty", screen: app.Journal{}},
		situation{name: "findcitizen-journal", today: 2, screen: app.FindCitizen{}},
	)
}
