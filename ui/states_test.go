package ui

import (
	"strconv"
	"strings"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// now is a Monday morning, Danish time.
var now = time.Date(2026, time.November, 23, 10, 42, 0, 0, kontakt.Denmark)

func clock() time.Time { return now }

var (
	havnegade = kontakt.Clinic{
		ID: "kli_havnegade", Name: "Lægerne Havnegade", Town: "Aftenlandet", Phone: "70 10 20 30", Open: true,
		ClosesAt: time.Date(2026, time.November, 23, 15, 0, 0, 0, kontakt.Denmark),
	}
	karen = app.Citizen{
		ID: "bor_karen", Name: "Karen Madsen", Born: kontakt.Date{Year: 2000, Month: time.February, Day: 29}, Age: 26,
		Masked: "290200-••••", Clinic: &havnegade,
	}
	place = app.Place{
		ID: "plads_karen", State: kontakt.EntryWaiting, Mode: kontakt.ModeConsultation, Number: 47, Before: 2,
		Wait:     kontakt.Wait{Known: true, From: 10 * time.Minute, To: 20 * time.Minute},
		JoinedAt: now.Add(-6 * time.Minute), Clinic: havnegade, Citizen: &karen,
	}
	oles = with(place, func(p *app.Place) {
		p.ID, p.Number, p.Before, p.Clinic, p.JoinedAt = "plads_ole", 5, 0, torvet, now.Add(-20*time.Minute)
		p.Citizen = &app.Citizen{ID: "bor_ole", Name: "Ole Brandt", Age: 76, Masked: "010150-••••", Clinic: &torvet}
	})
	closed = with(havnegade, func(c *kontakt.Clinic) {
		c.Open, c.Closed, c.OpensAt = false, "Kursus i dag", time.Date(2026, time.November, 24, 8, 0, 0, 0, kontakt.Denmark)
	})
	torvet = with(havnegade, func(c *kontakt.Clinic) {
		c.ID, c.Name, c.Town, c.Phone = "kli_torvet", "Lægehuset Torvet", "Nabobyen", "70 10 20 31"
	})
	clinics = func() []kontakt.Clinic {
		all := []kontakt.Clinic{havnegade, torvet}
		for _, name := range []string{"Lægerne Søndergade", "Bakkens Lægehus", "Lægefællesskabet ved Åen", "Klinik Nord", "Lægerne Nygade", "Praksis Vesterbro", "Skovens Læger", "Ydre Ø Lægehus", "Ådalens Klinik"} {
			all = append(all, kontakt.Clinic{ID: kontakt.ClinicID(name), Name: name, Town: "Nabobyen", Ydernummer: "099007", Open: true})
		}
		return all
	}()
	removed = app.Sentence{Key: kontakt.MsgRemoved, Params: map[string]string{"klinik": havnegade.Name, "tlf": havnegade.Phone}}
	// longest is a message of as many characters as one may have.
	longest = strings.Repeat("Vi er desværre blevet forsinkede af en akut patient. Mål gerne blodtryk og puls, og hav medicinlisten klar. ", 3)[:301] // one letter takes two bytes
	// longLine is more than an inch high letters show of a line.
	longLine = "Har du ondt i benet, når du går, eller gør det også ondt om natten?"
	doctor   = kontakt.EntryCall{ID: "opk_1", Clinician: kontakt.Person{Name: "Lars Holm", Title: "praktiserende læge"}}
)

var isbar = kontakt.Card{Version: 3, ISBAR: kontakt.ISBAR{
	Situation:  "Sår på venstre hæl siden i fredags. Det er blevet større, og der er rødme omkring det.",
	Background: "Type 2-diabetes, får metformin. Ingen allergi.",
	Request:    "Skal såret ses i dag? Skal der podes?",
}}

// table is the municipality's: the template, under its name.
var table = func() tobs.Table {
	t, err := tobs.Parse(tobs.Template("Aftenlandet Kommune", "2026-01", "2026-01-01"))
	if err != nil {
		panic(err)
	}
	return t
}()

func read(n int, method string) tobs.Value { return tobs.Value{Number: &n, Method: method} }

func pointer[T any](v T) *T { return &v }

func telling(w app.Writing) app.Tell { return app.Tell{Place: place, Writing: w} }

// measuring is a card with values that the backend has.
func measuring(field string, values tobs.Values) app.Writing {
	w := app.Writing{Known: isbar, Table: table, Scores: true, Measures: true, Field: field}
	if len(values) > 0 {
		r, err := tobs.Score(table, values)
		if err != nil {
			panic(err)
		}
		w.Known.TOBS = &tobs.Scored{Values: values, At: now.Add(-3 * time.Minute), Result: r}
	}
	w.Draft = w.Known
	return w
}

// scored is a card with all that scores: one point, for which the template has an action.
func scored() app.Writing {
	return measuring("", tobs.Values{
		"rf": read(16, ""), "puls": read(104, ""), "sys": read(118, ""), "temp": read(372, "rektal"), "bev": {Choice: "habituel"},
		"spo2": read(94, ""), "ilt": {Choice: "uden"},
	})
}

// keying is a number that is being keyed.
func keying(field string, k app.Keyed) app.Writing {
	w := measuring(field, tobs.Values{"rf": read(22, "")})
	w.Keyed = map[string]app.Keyed{field: k}
	return w
}

func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

var furosemid = kontakt.OrderText{What: "Furosemid", Dose: "40 milligram", HowOften: "1 gang om dagen", From: "i dag", Until: "onsdag"}

// orders are one in each state.
var orders = []app.OrderLine{
	{OrderText: furosemid, ID: "ord_1", State: kontakt.OrderConfirmed, Confirmer: "Lars Holm"},
	{OrderText: kontakt.OrderText{What: "Pod såret på hælen"}, ID: "ord_2", State: kontakt.OrderReadBack},
	{OrderText: kontakt.OrderText{What: "Paracetamol", Dose: "1 gram", HowOften: "ved behov"}, ID: "ord_3", State: kontakt.OrderCorrected},
	{OrderText: kontakt.OrderText{What: "Paracetamol", Dose: "500 milligram", HowOften: "ved behov"}, ID: "ord_4", State: kontakt.OrderWritten, ByDoctor: true, Corrects: "ord_3"},
	{OrderText: kontakt.OrderText{What: "Ring i morgen kl. 9"}, State: kontakt.OrderWritten, Going: app.OrderWriting},
}

// people of the round, by turns.
var visited = []string{"Karen Madsen", "Ole Brandt", "Inger Margrethe Friis-Hansen Bøgelund", "Aase Nørgaard", "Poul Erik Sørensen"}

// day is a round of some visits, every quarter of an hour from now on.
func day(n int) app.Plan {
	p := app.Plan{Known: true}
	for i := range n {
		p.Visits = append(p.Visits, kontakt.RoundVisit{
			ID: kontakt.VisitID("bsg_" + strconv.Itoa(i+1)), Position: i + 1, State: kontakt.VisitPlanned, Place: "stue " + strconv.Itoa(4+2*i),
			PlannedAt: now.Add(time.Duration(3+15*i) * time.Minute),
			Citizen:   kontakt.Citizen{ID: kontakt.CitizenID("bor_" + strconv.Itoa(i)), Name: visited[i%len(visited)], Clinic: &havnegade},
		})
	}
	return p
}

// late is a day on which much has gone otherwise than planned.
var late = with(day(5), func(p *app.Plan) {
	p.Visits[0].PlannedAt, p.Visits[1].PlannedAt = now.Add(-17*time.Minute), time.Time{}
	p.Visits[3].State, p.Visits[4].State = kontakt.VisitDone, kontakt.VisitDropped
	for _, at := range []int{-50, -35} {
		p.Missed = append(p.Missed, kontakt.RoundVisit{
			ID: kontakt.VisitID("bsg_m" + strconv.Itoa(at)), State: kontakt.VisitMissed, Place: "stue " + strconv.Itoa(-at), PlannedAt: now.Add(time.Duration(at) * time.Minute),
			Citizen: kontakt.Citizen{ID: kontakt.CitizenID("bor_m" + strconv.Itoa(at)), Name: visited[-at%4]}, Nurse: kontakt.Person{Name: "Mette Juhl"},
		})
	}
})

var (
	amina = app.Participant{ID: "gst_1", Name: "Amina Yusuf", Kind: kontakt.GuestInterpreter, Media: app.MediaLive}
	bent  = app.Participant{ID: "gst_2", Name: "Bent Madsen", Kind: kontakt.GuestRelative, Media: app.MediaLive}
)

// talk is a call with the doctor that goes well, changed.
func talk(change func(*app.InCall)) app.InCall {
	v := app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-247 * time.Second),
		Controls: app.Controls{Cameras: 2, Volume: 0.7}, Media: app.MediaLive, Rung: kontakt.RungFull, Mode: kontakt.ModeConsultation,
		Others: []app.Participant{{
			ID: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Title: doctor.Clinician.Title, Media: app.MediaLive, Remote: app.RemoteState{Rung: kontakt.RungFull},
		}},
	}
	change(&v)
	return v
}

var good = app.CheckItem{State: app.CheckGood}

// drilling is a drill with something to do.
func drilling(key kontakt.MsgKey, pairs ...string) *app.Drill {
	params := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
	}
	return &app.Drill{Task: app.Sentence{Key: key, Params: params}}
}

// agnes waits in a drill.
var agnes = with(place, func(p *app.Place) {
	p.Citizen = &app.Citizen{ID: "bor_ovelse_agnes", Name: "Agnes Øvelse", Masked: "120446-••••", Age: 80}
	p.Clinic = kontakt.Clinic{ID: "kli_ovelse_nord", Name: "Øvelsesklinikken Nord", Town: "Øveby", Phone: "00 00 00 00", Open: true}
	p.State, p.Call = kontakt.EntryCalled, &kontakt.EntryCall{ID: "opk_ovelse_1", Clinician: kontakt.Person{Name: "Nora Øvelse", Title: "øvelseslæge"}}
})

// situation is one thing that a screen can show.
type situation struct {
	name      string
	screen    app.Screen
	signedOut bool
	offline   bool
	correct   bool // a place is being corrected
	aside     []app.Place
	plan      app.Plan
	recent    []app.Citizen
	keyed     string // into the CPR entry
	dark      bool   // drawn dark too
	look      app.Look
	over      app.Screen // what lies over the screen
	more      bool       // the sheet with all the tools is open
	small     bool       // drawn on an eight-inch tablet too
	drill     *app.Drill
	today     int         // summaries
	taps      []app.Event // what was tapped on the screen since
	lock      app.Lock
	kiosk     bool
}

var situations = []situation{
	{name: "starting", screen: app.Starting{}, signedOut: true},
	{name: "starting-offline", screen: app.Starting{Attempt: 3, Problem: app.Sentence{Key: kontakt.MsgServerUnreachable}}, signedOut: true, offline: true},
	{name: "enrol", screen: app.Enrol{Problem: app.Sentence{Key: kontakt.MsgEnrolCodeExpired}}, signedOut: true},
	{name: "enrol-unknown", screen: app.Enrol{Problem: app.Sentence{Key: kontakt.MsgEnrolUnknown}}, signedOut: true},
	{name: "signedout", screen: app.SignedOut{}, signedOut: true, dark: true},
	{name: "signedout-held", screen: app.SignedOut{Held: &place, Problem: app.Sentence{Key: kontakt.MsgLoginCancelled}}, signedOut: true},
	{name: "signingin", screen: app.SigningIn{Signin: "log_1", URL: "https://kontakt.aftenlandet.example/signin/start/abcdefghijklmnopqrstuvwxyz"}, signedOut: true},
	{name: "findcitizen", screen: app.FindCitizen{}, small: true},
	{name: "findcitizen-wrong", screen: app.FindCitizen{}, keyed: "3202004100"},
	{name: "findcitizen-busy", screen: app.FindCitizen{Busy: true}, keyed: "2902004100", dark: true},
	{name: "findcitizen-round", screen: app.FindCitizen{}, aside: []app.Place{oles}},
	{name: "scan", screen: app.Scan{Report: app.ScanReport{Torches: true}}, dark: true, small: true},
	{name: "scan-dark", screen: app.Scan{Report: app.ScanReport{Torches: true, Dark: true}}},
	{name: "scan-other", screen: app.Scan{Report: app.ScanReport{Other: true}}},
	{name: "scan-blind", screen: app.Scan{Report: app.ScanReport{Problem: app.Sentence{Key: kontakt.MsgCameraBusy}}}},
	{name: "scan-offer", screen: app.Scan{For: app.ScanOffer}, small: true},
	{name: "scan-offer-foreign", screen: app.Scan{For: app.ScanOffer, Problem: app.Sentence{Key: kontakt.MsgHandoverForeign}}},
	{name: "scan-offer-taking", screen: app.Scan{For: app.ScanOffer, Busy: true}},
	{name: "handover", screen: app.HandOver{Code: "mfrggzdfmztwq2lknnwg23tpoa", Until: now.Add(42 * time.Second)}, aside: []app.Place{oles, place}, dark: true, small: true},
	{name: "handover-over", screen: app.HandOver{Over: true}, aside: []app.Place{place}},
	{name: "handover-making", screen: app.HandOver{Busy: true}, aside: []app.Place{place}},
	{name: "handover-nothing", screen: app.HandOver{Problem: app.Sentence{Key: kontakt.MsgHandoverNothing}}},
	{name: "handover-taken", screen: app.HandOver{Taken: "Mona Møller"}},
	{name: "round-got", screen: app.Round{Problem: app.Sentence{Key: kontakt.MsgHandoverGot, Params: map[string]string{"navn": "Mona Møller"}}}, aside: []app.Place{oles, place}},
	{name: "findcitizen-went", screen: app.FindCitizen{Problem: app.Sentence{Key: kontakt.MsgHandoverWent}}},
	{name: "round", screen: app.Round{}, aside: []app.Place{oles, place}, dark: true, small: true},
	{name: "round-mixed", screen: app.Round{}, offline: true, aside: []app.Place{
		with(oles, func(p *app.Place) {
			p.Messages = []app.Message{{ID: "bes_1", Text: "Mål gerne blodtryk.", Sender: "Lars Holm", At: now}}
		}),
		with(place, func(p *app.Place) { p.State, p.Elsewhere, p.Call = kontakt.EntryInCall, true, &doctor }),
		with(oles, func(p *app.Place) {
			p.ID, p.Number, p.State, p.Notice = "plads_inger", 118, kontakt.EntryLeft, removed
			p.Citizen = &app.Citizen{Name: "Inger Margrethe Friis-Hansen Bøgelund", Masked: "110452-••••"}
		}),
	}},
	{name: "round-empty", screen: app.Round{}, small: true},
	{name: "round-three", screen: app.Round{}, plan: day(3), dark: true, small: true},
	{name: "round-thirty", screen: app.Round{}, plan: day(30)},
	{name: "round-late", screen: app.Round{}, plan: late, aside: []app.Place{oles}},
	{name: "round-importing", screen: app.Round{Importing: true}},
	{name: "findcitizen-reminded", screen: app.FindCitizen{}, plan: with(day(3), func(p *app.Plan) {
		p.Nudge = &app.Nudge{Visit: "bsg_2", When: app.NudgeSoon, Place: "stue 6", PlannedAt: now.Add(10 * time.Minute)}
	}), recent: []app.Citizen{karen}, small: true},
	{name: "waiting-reminded", screen: app.Waiting{Place: place}, plan: app.Plan{
		Nudge: &app.Nudge{Visit: "bsg_2", When: app.NudgeLate, PlannedAt: now.Add(-5 * time.Minute)},
	}},
	{name: "aboutvisit", screen: app.AboutVisit{ID: "bsg_2"}, plan: day(3)},
	{name: "aboutvisit-waits", screen: app.AboutVisit{ID: "bsg_1"}, plan: with(day(3), func(p *app.Plan) {
		p.Visits[0].Entry, p.Visits[0].State = place.ID, kontakt.VisitUnderWay
	}), aside: []app.Place{place}},
	{name: "planvisit", screen: app.PlanVisit{Citizen: karen, At: now.Add(63 * time.Minute)}},
	{name: "planvisit-anytime", screen: app.PlanVisit{Citizen: karen, Problem: app.Sentence{Key: kontakt.MsgVisitPlaceCPR}}},
	{name: "missedvisits", screen: app.MissedVisits{}, plan: late},
	{name: "missedvisits-none", screen: app.MissedVisits{}},
	{name: "importfaults", screen: app.ImportFaults{Faults: []kontakt.RowFault{
		{Line: 3, Msg: kontakt.MsgRowTime}, {Line: 7, Msg: kontakt.MsgRowRounded}, {Line: 12, Msg: kontakt.MsgCPRLength, Params: map[string]string{"n": "9"}},
	}}},
	{name: "waiting-round", screen: app.Waiting{Place: place}, aside: []app.Place{oles}},
	{name: "tell", screen: app.Tell{Place: place}, dark: true},
	{name: "tell-written", screen: app.Tell{Place: place, Writing: app.Writing{Known: isbar, Draft: isbar}}, small: true},
	{name: "tell-failed", screen: app.Tell{Place: place, Writing: app.Writing{Problem: app.Sentence{Key: kontakt.MsgServerUnreachable}}}, offline: true},
	{name: "tell-tobs-empty", screen: telling(measuring("", nil)), small: true},
	{name: "tell-tobs-half", screen: telling(measuring("", tobs.Values{"rf": read(33, ""), "temp": read(370, "axil"), "spo2": read(91, "")}))},
	{name: "tell-tobs-whole", screen: telling(scored()), dark: true, small: true},
	{name: "tell-tobs-number", screen: telling(keying("puls", app.Keyed{Text: "104"})), small: true},
	{name: "tell-tobs-temperature", screen: telling(keying("temp", app.Keyed{Text: "39,5", Method: "oral"})), dark: true},
	{name: "tell-tobs-wrong", screen: telling(keying("puls", app.Keyed{Text: "999", Wrong: true}))},
	{name: "tell-tobs-choice", screen: telling(measuring("bev", tobs.Values{"bev": {Choice: "tiltale"}}))},
	{name: "tell-tobs-saturation", screen: telling(measuring("spo2", nil))},
	{name: "tell-tobs-changed", screen: telling(with(measuring("", nil), func(w *app.Writing) { w.News = app.Sentence{Key: kontakt.MsgTOBSMoved} }))},
	{name: "tell-tobs-isbar", screen: telling(with(scored(), func(w *app.Writing) { w.Measures = false }))},
	{name: "readback", screen: app.ReadBack{Citizen: karen}},
	{name: "readback-doubt", screen: app.ReadBack{Citizen: with(karen, func(c *app.Citizen) {
		c.Clinic = nil
		c.Warnings = []app.Sentence{{Key: kontakt.MsgCPRMod11}}
	})}},
	{name: "consent", screen: app.Consent{Citizen: karen, Clinic: havnegade}, small: true},
	{name: "consent-cannot", screen: app.Consent{Citizen: karen, Clinic: havnegade, Cannot: true, Problem: app.Sentence{Key: kontakt.MsgConsentReason}}},
	{name: "refused", screen: app.Refused{
		Citizen: with(karen, func(c *app.Citizen) {
			c.Clinic = &closed
		}),
		Clinic: &closed,
		Why:    app.Sentence{Key: kontakt.MsgClinicClosed},
		Next: []app.Sentence{
			{Key: kontakt.MsgNextPhoneClinic, Params: map[string]string{"klinik": havnegade.Name, "tlf": havnegade.Phone}},
			{Key: kontakt.MsgOutOfHours},
		},
	}},
	{name: "refused-waiting", screen: app.Refused{
		Citizen: karen, Clinic: &havnegade, TakeOver: true,
		Why: app.Sentence{Key: kontakt.MsgAlreadyWaiting, Params: map[string]string{"n": "4", "rolle": "social- og sundhedsassistent", "sted": "Aftenlandet Syd"}},
	}, dark: true},
	{name: "refused-takingover", screen: app.Refused{
		Citizen: karen, Clinic: &havnegade, TakeOver: true, Busy: true, Problem: app.Sentence{Key: kontakt.MsgStillTrying},
		Why: app.Sentence{Key: kontakt.MsgAlreadyWaiting, Params: map[string]string{"n": "4", "rolle": "sygeplejerske", "sted": "Aftenlandet Syd"}},
	}},
	{name: "refused-nobooking", screen: app.Refused{
		Citizen: karen, Clinic: &havnegade,
		Why:  app.Sentence{Key: kontakt.MsgNoBooking, Params: map[string]string{"klinik": havnegade.Name}},
		Next: []app.Sentence{{Key: kontakt.MsgNextPhoneClinic, Params: map[string]string{"klinik": havnegade.Name, "tlf": havnegade.Phone}}},
	}},
	{name: "findcitizen-down", screen: app.FindCitizen{Down: true, Problem: app.Sentence{Key: kontakt.MsgRegistryDown}}},
	{name: "findcitizen-over", screen: app.FindCitizen{Problem: app.Sentence{Key: kontakt.MsgCallEnded}}},
	{name: "findcitizen-correcting", screen: app.FindCitizen{}, correct: true},
	{name: "chooseclinic", screen: app.ChooseClinic{Clinics: clinics[:3]}},
	{name: "chooseclinic-many", screen: app.ChooseClinic{Clinics: clinics}},
	{name: "chooseclinic-failed", screen: app.ChooseClinic{Problem: app.Sentence{Key: kontakt.MsgServerUnreachable}}, offline: true},
	{name: "readback-cover", screen: app.ReadBack{Citizen: with(karen, func(c *app.Citizen) { c.Cover = &torvet })}},
	{name: "readback-holiday", screen: app.ReadBack{Citizen: with(karen, func(c *app.Citizen) { c.Clinic, c.Cover = &closed, &torvet })}, dark: true},
	{name: "readback-unchecked", screen: app.ReadBack{Citizen: with(karen, func(c *app.Citizen) { c.Name, c.Unchecked = "", true })}},
	{name: "check-trying", screen: app.Check{Citizen: karen, Clinic: havnegade, Joining: true, Problem: app.Sentence{Key: kontakt.MsgStillTrying}, Report: app.CheckReport{
		Camera: good, Microphone: good, Network: good, Relay: good, Level: 0.4,
	}}},
	{name: "check", screen: app.Check{Citizen: karen, Clinic: havnegade, Report: app.CheckReport{
		Camera: good, Microphone: app.CheckItem{}, Network: good, Relay: app.CheckItem{}, Level: 0.4,
	}}},
	{name: "check-advice", screen: app.Check{Citizen: karen, Clinic: havnegade, Report: app.CheckReport{
		Camera: good, Microphone: good, Network: good, Relay: good, Level: 0.4, Advice: app.Sentence{Key: kontakt.MsgPictureBacklit},
	}}},
	{name: "check-bad", screen: app.Check{Citizen: karen, Clinic: havnegade, Report: app.CheckReport{
		Camera:     app.CheckItem{State: app.CheckBad, Problem: app.Sentence{Key: kontakt.MsgCameraBusy}},
		Microphone: app.CheckItem{State: app.CheckBad, Problem: app.Sentence{Key: kontakt.MsgMicrophoneSilent}},
		Network:    good, Relay: app.CheckItem{State: app.CheckBad, Problem: app.Sentence{Key: kontakt.MsgRelayUnreachable}},
	}}},
	{name: "waiting", screen: app.Waiting{Place: place}, dark: true},
	{name: "waiting-noanswer", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Before, p.Wait, p.Notice = 0, kontakt.Wait{}, app.Sentence{Key: kontakt.MsgNoAnswer}
	})}, offline: true},
	{name: "waiting-late", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.PlannedAt = time.Date(2026, time.November, 23, 10, 15, 0, 0, kontakt.Denmark)
		p.Clinic.Delay, p.Clinic.ClosesAt, p.DrawnBy = 15*time.Minute, now.Add(9*time.Minute+20*time.Second), "Mette Juhl"
	})}},
	{name: "waiting-unstaffed", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Clinic.Unstaffed, p.Wait = true, kontakt.Wait{}
		p.Notice = app.Sentence{Key: kontakt.MsgHandedOver, Params: map[string]string{"navn": "Lars Holm"}}
	})}},
	{name: "waiting-closed", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Clinic, p.Before = closed, 0
	})}},
	{name: "waiting-kept", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Clinic, p.Notice = closed, app.Sentence{Key: kontakt.MsgKept}
	})}},
	{name: "waiting-message", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Messages = []app.Message{{ID: "bes_1", Text: "Vi ringer efter frokost.", Sender: "Lars Holm", Title: "praktiserende læge", At: now.Add(-4 * time.Minute)}}
	})}, dark: true},
	{name: "waiting-longest", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.Messages = []app.Message{{ID: "bes_1", Text: longest, Sender: "Anne-Mette Kirkegaard", Title: "praksissygeplejerske", At: now.Add(-4 * time.Minute)}}
	})}},
	{name: "waiting-messages", screen: app.Waiting{Messages: true, Place: with(place, func(p *app.Place) {
		p.Messages = []app.Message{
			{ID: "bes_1", Text: "Vi ringer efter frokost.", Sender: "Lars Holm", Title: "praktiserende læge", At: now.Add(-24 * time.Minute), Read: true},
			{ID: "bes_2", Text: "Tag gerne blodtrykket imens.", Sender: "Lars Holm", Title: "praktiserende læge", At: now.Add(-4 * time.Minute), Read: true},
		}
	})}},
	{name: "waiting-elsewhere", screen: app.Waiting{Place: with(place, func(p *app.Place) {
		p.State, p.Elsewhere, p.Notice = kontakt.EntryInCall, true, app.Sentence{Key: kontakt.MsgAnswered}
	})}},
	{name: "waiting-more", screen: app.Waiting{Place: place, More: true}},
	{name: "waiting-wrong", screen: app.Waiting{Place: place, Wrong: true}},
	{name: "waiting-trying", screen: app.Waiting{Place: place, Leaving: true, Busy: true, Problem: app.Sentence{Key: kontakt.MsgStillTrying}}},
	{name: "signedout-message", screen: app.SignedOut{Held: with(&place, func(p **app.Place) {
		held := place
		held.Citizen, held.Messages = nil, []app.Message{{ID: "bes_1", Sender: "Lars Holm", At: now}}
		*p = &held
	})}, signedOut: true},
	{name: "called-signedout", screen: app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call, p.Citizen = kontakt.EntryCalled, &doctor, nil }), RingUntil: now.Add(47 * time.Second)}, signedOut: true},
	{name: "ended-removed", screen: app.Ended{
		Summary: app.Summary{Citizen: karen.Name, Clinic: havnegade.Name, How: removed},
		Off:     &app.Off{Why: removed, Words: "Kom i morgen kl. 9 i stedet", Clinic: havnegade, Number: 47},
	}, dark: true},
	{name: "waiting-leaving", screen: app.Waiting{Place: place, Leaving: true}},
	{name: "called", screen: app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryCalled, &doctor }), RingUntil: now.Add(47 * time.Second)}, dark: true},
	{name: "called-round", aside: []app.Place{place}, screen: app.Called{Place: with(oles, func(p *app.Place) {
		p.State, p.Call, p.Citizen = kontakt.EntryCalled, &doctor, &app.Citizen{Name: "Inger Margrethe Friis-Hansen Bøgelund", Masked: "110452-••••"}
	}), RingUntil: now.Add(47 * time.Second)}},
	{name: "called-hushed", screen: app.Called{Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryCalled, &doctor }), RingUntil: now.Add(107 * time.Second), Hushed: true}},
	{name: "incall-connecting", screen: app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-3 * time.Second),
		Controls: app.Controls{Cameras: 2, Volume: 0.7},
	}},
	{name: "incall", screen: app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-247 * time.Second),
		Controls: app.Controls{Cameras: 2, Volume: 0.7}, Media: app.MediaLive,
	}},
	{name: "incall-muted", screen: app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-247 * time.Second),
		Controls: app.Controls{Cameras: 2, Volume: 1, Muted: true, CameraOff: true}, Media: app.MediaLive, Remote: app.RemoteState{CameraOff: true},
	}},
	{name: "incall-blind", screen: app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-247 * time.Second),
		Controls: app.Controls{Cameras: 1, Volume: 0.7}, Media: app.MediaLive, Blind: true, Notice: app.Sentence{Key: kontakt.MsgCameraLost},
	}},
	{name: "incall-lost", screen: talk(func(v *app.InCall) {
		v.Media, v.Others[0].Media = app.MediaLost, app.MediaLost
	})},
	{name: "incall-sound", screen: talk(func(v *app.InCall) {
		v.Rung, v.Net = kontakt.RungSound, app.Sentence{Key: "net.audio"}
		v.Others[0].Remote = app.RemoteState{Rung: kontakt.RungSound, Level: 0.45}
	})},
	{name: "incall-two", small: true, screen: talk(func(v *app.InCall) {
		v.Mode, v.Rung, v.Net = kontakt.ModeConference, kontakt.RungLower, app.Sentence{Key: "net.lower"}
		v.Others = append(v.Others, with(amina, func(p *app.Participant) { p.Remote.Muted = true }))
		v.News = app.GuestNews{Guest: "gst_2", Name: "Bent Madsen", Kind: kontakt.GuestRelative, State: kontakt.GuestLobby}
	})},
	{name: "incall-three", screen: talk(func(v *app.InCall) {
		v.Others = append(v.Others, with(amina, func(p *app.Participant) { p.Media = app.MediaLost }), bent)
	})},
	{name: "incall-four-words", screen: talk(func(v *app.InCall) {
		v.Controls.CameraOff = true
		v.Others[0].Remote.Rung = kontakt.RungStill
		v.Others = append(v.Others, with(amina, func(p *app.Participant) { p.Remote = app.RemoteState{Rung: kontakt.RungSound, Level: 0.3} }),
			with(bent, func(p *app.Participant) { p.Name, p.Remote.CameraOff = "", true }))
	})},
	{name: "incall-more", more: true, screen: talk(func(v *app.InCall) {
		v.Controls.Zooms, v.Controls.Torches, v.Controls.Zoom, v.Silent = true, true, 2, true
	})},
	{name: "incall-written", screen: talk(func(v *app.InCall) {
		v.Rung, v.Net = kontakt.RungStill, app.Sentence{Key: "net.still"}
		v.Typing = app.Typing{Unread: true, Theirs: []app.TextLine{{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: "Har du ondt i ben"}}}
	})},
	{name: "incall-typing", dark: true, small: true, screen: talk(func(v *app.InCall) {
		v.Typing = app.Typing{
			Open: true, Mine: "Nej, kun når hun går på det",
			Said: []app.TextLine{
				{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: "Goddag Karen"},
				{From: kontakt.ParticipantTablet, Text: "Hun hører dårligt, skriv gerne"},
			},
			Theirs: []app.TextLine{{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: "Har du ondt i benet?"}},
		}
	})},
	{name: "incall-typing-long", small: true, screen: talk(func(v *app.InCall) {
		v.Typing = app.Typing{
			Open:   true,
			Said:   []app.TextLine{{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: "Goddag"}, {From: kontakt.ParticipantTablet, Text: "Ja"}},
			Theirs: []app.TextLine{{From: kontakt.ParticipantClinic, Name: doctor.Clinician.Name, Text: longLine}},
		}
	})},
	{name: "incall-typing-arabic", small: true, screen: talk(func(v *app.InCall) {
		v.Typing = app.Typing{
			Open: true, Mine: "لا، فقط عندما تمشي",
			Said: []app.TextLine{
				{From: amina.ID, Name: amina.Name, Text: "آیا پای شما درد می\u200cکند؟"}, // Persian
				{From: kontakt.ParticipantTablet, Text: "منذ 12 يوما"},
			},
			Theirs: []app.TextLine{{From: amina.ID, Name: amina.Name, Text: "هل أخذت Panodil 500 mg منذ 12 يوما؟"}},
		}
	})},
	{name: "incall-typing-first", screen: talk(func(v *app.InCall) { v.Typing.Open, v.Controls.Muted = true, true })},
	{name: "incall-asked", small: true, screen: talk(func(v *app.InCall) { v.Still = &app.Still{Asked: true} })},
	{name: "incall-aiming", small: true, screen: talk(func(v *app.InCall) { v.Still = &app.Still{Aiming: true} })},
	{name: "incall-aiming-two", screen: talk(func(v *app.InCall) {
		v.Still = &app.Still{Aiming: true}
		v.Others = append(v.Others, amina)
	})},
	{name: "incall-coming", screen: talk(func(v *app.InCall) {
		v.Still = &app.Still{ID: "a1", From: kontakt.ParticipantClinic, Progress: 0.4, Width: 1600, Height: 1200}
	})},
	{name: "incall-photo", screen: talk(func(v *app.InCall) {
		v.Still = &app.Still{
			ID: "a1", From: kontakt.ParticipantTablet, Progress: 1, Width: 1600, Height: 1200,
			Pointers: []app.Pointer{{From: kontakt.ParticipantClinic, X: 0.62, Y: 0.4}},
		}
	})},
	{name: "incall-photo-going", screen: talk(func(v *app.InCall) {
		v.Still = &app.Still{
			ID: "a1", From: kontakt.ParticipantTablet, Progress: 0.62, Width: 1600, Height: 1200,
			Pointers: []app.Pointer{{From: kontakt.ParticipantTablet, X: 0.4, Y: 0.5}},
		}
	})},
	{name: "incall-inviting", dark: true, small: true, screen: talk(func(v *app.InCall) {
		v.Inviting = &app.Invite{}
		v.Guests = []app.Guest{{ID: "gst_1", Name: "Amina Yusuf", Kind: kontakt.GuestInterpreter, State: kontakt.GuestLobby, Ours: true}}
	})},
	{name: "incall-link", small: true, screen: talk(func(v *app.InCall) {
		v.Inviting = &app.Invite{
			Kind: kontakt.GuestRelative, Name: "Bent Madsen", Phone: "20 30 40 50", Sent: true, Full: true,
			Link: "https://kontakt.aftenlandet.example/gaest/#abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
		}
		v.Guests = []app.Guest{
			{ID: "gst_1", Name: "Amina Yusuf", Kind: kontakt.GuestInterpreter, State: kontakt.GuestAdmitted, Ours: true},
			{ID: "gst_2", Name: "Bent Madsen", Kind: kontakt.GuestRelative, State: kontakt.GuestInvited, Ours: true, Going: true},
		}
	})},
	{name: "incall-card", small: true, dark: true, screen: talk(func(v *app.InCall) { v.Card = &app.Writing{Known: isbar, Draft: isbar} })},
	{name: "incall-card-tobs", small: true, screen: talk(func(v *app.InCall) { v.Card = pointer(scored()) })},
	{name: "incall-card-number", small: true, screen: talk(func(v *app.InCall) { v.Card = pointer(keying("temp", app.Keyed{Text: "38,5", Method: "rektal"})) })},
	{name: "incall-card-sound", screen: talk(func(v *app.InCall) {
		v.Card = pointer(scored())
		v.Rung, v.Others[0].Remote.Rung = kontakt.RungSound, kontakt.RungSound
	})},
	{name: "incall-full", screen: talk(func(v *app.InCall) {
		v.Inviting = &app.Invite{Full: true}
		v.Guests = []app.Guest{
			{ID: "gst_1", Name: "Amina Yusuf", Kind: kontakt.GuestInterpreter, State: kontakt.GuestAdmitted},
			{ID: "gst_2", Kind: kontakt.GuestOther, State: kontakt.GuestInvited, Ours: true},
		}
	})},
	{name: "incall-orders-none", screen: talk(func(v *app.InCall) { v.Orders.Face = app.OrdersListed })},
	{name: "incall-orders", dark: true, small: true, screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersListed, All: orders[:4]}
	})},
	{name: "incall-order-write", small: true, screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersWritten, Draft: furosemid}
	})},
	{name: "incall-order-fault", screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersWritten, Draft: with(furosemid, func(o *kontakt.OrderText) { o.Dose = ",5 milligram" })}
		v.Orders.Faults[1] = app.Sentence{Key: kontakt.MsgOrderNumber, Params: map[string]string{"rigtigt": "0,5", "skrevet": ",5"}}
	})},
	{name: "incall-order-aloud", small: true, screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersAloud, Aloud: "ord_1", All: []app.OrderLine{{OrderText: furosemid, ID: "ord_1", State: kontakt.OrderWritten}}}
	})},
	{name: "incall-order-fixed", screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersAloud, Aloud: "ord_4", All: orders}
	})},
	{name: "incall-order-confirmed", screen: talk(func(v *app.InCall) {
		v.Orders = app.OrderBook{Face: app.OrdersAloud, Aloud: "ord_1", All: orders}
	})},
	{name: "incall-ending-orders", screen: talk(func(v *app.InCall) {
		v.Ending, v.Orders.All = true, orders
	})},
	{name: "incall-mistaking", screen: talk(func(v *app.InCall) { v.Mistaking = true })},
	{name: "mistaken", screen: app.Mistaken{Place: place.ID, Clinic: havnegade}, small: true, dark: true},
	{name: "mistaken-clinic", screen: app.Mistaken{Place: place.ID, Clinic: havnegade, ByClinic: true}},
	{name: "incall-ending", screen: app.InCall{
		Place: with(place, func(p *app.Place) { p.State, p.Call = kontakt.EntryInCall, &doctor }), Since: now.Add(-247 * time.Second),
		Controls: app.Controls{Cameras: 1, Volume: 0.7}, Media: app.MediaLive, Ending: true,
	}},
	{name: "drill-choice", screen: app.DrillChoice{}, drill: &app.Drill{}, signedOut: true, small: true},
	{name: "findcitizen-drill", screen: app.FindCitizen{}, drill: drilling("drill.task.find", "navn", "Agnes Øvelse", "cpr", "120446-3012"), dark: true},
	{name: "drill-called", screen: app.Called{Place: agnes, RingUntil: now.Add(47 * time.Second)}, drill: drilling("drill.task.answer", "klinik", agnes.Clinic.Name)},
	{name: "drill-incall", screen: talk(func(v *app.InCall) {
		v.Place = with(agnes, func(p *app.Place) { p.State = kontakt.EntryInCall })
		v.Rung, v.Net = kontakt.RungSound, app.Sentence{Key: "net.audio"}
		v.Others[0].Name, v.Others[0].Title = "Nora Øvelse", "øvelseslæge"
	}), drill: drilling("drill.task.stay")},
	{name: "drill-result", screen: app.DrillResult{Scenario: app.DrillGood, Lasted: 194 * time.Second, Steps: []app.DrillStep{
		{Says: "drill.step.found", Done: true, At: 21 * time.Second},
		{Says: "drill.step.confirmed", Done: true, At: 27 * time.Second},
		{Says: "drill.step.drawn", Done: true, At: 44 * time.Second},
		{Says: "drill.step.read"},
		{Says: "drill.step.answered", Done: true, At: 98 * time.Second},
		{Says: "drill.step.heard", Done: true, At: 100 * time.Second},
		{Says: "drill.step.ended", Done: true, At: 181 * time.Second},
		{Says: "drill.step.written", Done: true, At: 194 * time.Second},
	}}, drill: &app.Drill{}, signedOut: true, small: true},
}

func (s situation) state(settings app.Settings) app.State {
	state := app.State{
		Device:   kontakt.Device{ID: "dev_7", Name: "Tablet 7", Place: "Aftenlandet", Organisation: "Aftenlandet Kommune"},
		Settings: settings, Screen: s.screen,
		Net: app.Net{Offline: s.offline},
	}
	state.Aside, state.Today = s.aside, s.today
	state.Plan, state.Recent = s.plan, s.recent
	if s.correct {
		state.Correcting = &place
	}
	state.Drill, state.Over, state.Voices = s.drill, s.over, app.Languages
	state.Drill, state.Lock, state.Kiosk = s.drill, s.lock, s.kiosk
	if s.offline {
		state.Net.Since = now.Add(-2 * time.Minute)
	}
	if !s.signedOut {
		state.Employee = app.Employee{ID: "med_1", Name: "Sanne Ravn", Title: "sygeplejerske"}
	}
	if _, unknown := s.screen.(app.Enrol); unknown {
		state.Device = kontakt.Device{}
	}
	for _, tap := range s.taps {
		state, _ = app.Step(state, tap)
	}
	return state
}
