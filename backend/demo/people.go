package demo

import "kontaktlaege/internal/kontakt"

// The made-up clinics. A ydernummer may begin with a zero, so these do.
const (
	havnegadeYder = "099001"
	bakkenYder    = "099002"
	moellevejYder = "099003"
)

// clinicRow is a made-up clinic. No telephone number begins with a zero, so nobody's rings.
type clinicRow struct {
	ydernummer, cvr, name, town, phone string
	opening                            kontakt.Opening
}

var clinicRows = []clinicRow{
	{havnegadeYder, havnegadeCVR, "Lægerne Havnegade", "Eksempelby", "00 00 00 01", kontakt.Opening{}},
	{bakkenYder, bakkenCVR, "Lægehuset Bakken", "Eksempelby", "00 00 00 02", kontakt.Opening{}},
	{
		moellevejYder, "99999969", "Lægerne Møllevej", "Nørre Eksempel", "00 00 00 03",
		kontakt.Opening{Closed: true, Reason: "Vi holder ferielukket. Ring til Lægerne Havnegade, hvis det haster."},
	},
}

// Person is a made-up citizen of the demo registry.
type Person struct {
	CPR        string
	Name       string
	Ydernummer string // of the clinic they are attached to; empty: none
}

var people = []Person{
	{"2902004100", "Karen Madsen", havnegadeYder},
	{"1403450101", "Ole Brandt", havnegadeYder},
	{"2106520100", "Inger Friis", havnegadeYder},
	{"0209380101", "Bent Aagaard", havnegadeYder},
	{"0805660100", "Mona Kjær", havnegadeYder},
	{"0706320100", "Ane-Margrethe Kirstine Bjerregaard-Thomassen", havnegadeYder},
	{"1912410100", "Grethe Lykke", bakkenYder},
	{"2704350100", "Aase Nørgaard", bakkenYder},
	{"3007490101", "Poul Erik Sand", bakkenYder},
	{"1110580101", "Yusuf Demir", bakkenYder},
	{"1602870101", "Anders Bo Vang", bakkenYder},
	{"2308470101", "Vagn Østerby", ""},
	{"0511430102", "Ruth Elkjær", moellevejYder},
}

// coverDays is how long Lægerne Havnegade takes Lægehuset Bakken's citizens in beside their own clinic, from the day on
// which the demo starts without such a cover.
const coverDays = 14

// bookedRow is a time that somebody has booked for the day on which the demo starts.
type bookedRow struct {
	cpr          string
	hour, minute int
	minutes      int
	clinician    string
}

// booked are Lægehuset Bakken's.
var booked = []bookedRow{
	{"1912410100", 9, 0, 15, "Anna Winther"},
	{"2704350100", 9, 30, 15, "Anna Winther"},
	{"3007490101", 13, 15, 30, ""},
}

// People lists the citizens of the demo registry.
func People() []Person { return append([]Person(nil), people...) }
