package drill

import (
	"kontaktlaege/internal/kontakt"
)

// Ids of a drill are shorter than those that kontakt's Parse functions accept.
const (
	deviceID     kontakt.DeviceID   = "dev_ovelse"
	employeeID   kontakt.EmployeeID = "med_ovelse"
	source       kontakt.Source     = "ovelse"
	noSuchNumber                    = "00 00 00 00"
)

// The clinics. Their word for themselves says what they are.
var (
	north = clinic("nord", "Øvelsesklinikken Nord")
	south = clinic("syd", "Øvelsesklinikken Syd")
	west  = clinic("vest", "Øvelsesklinikken Vest")
)

func clinic(id, name string) kontakt.Clinic {
	return kontakt.Clinic{ID: kontakt.ClinicID("kli_ovelse_" + id), Name: name, Town: "Øveby", Phone: noSuchNumber, Open: true}
}

// person is a citizen, with the number as it is keyed.
type person struct {
	id     kontakt.CitizenID
	name   string
	cpr    string
	clinic kontakt.Clinic
}

// The citizens. The numbers of bent and of børge differ in two digits that have changed places.
var (
	agnes  = person{"bor_ovelse_agnes", "Agnes Øvelse", "120446-3012", north}
	carla  = person{"bor_ovelse_carla", "Carla Øvelse", "260652-2054", south}
	bent   = person{"bor_ovelse_bent", "Bent Øvelse", "070939-1421", west}
	børge  = person{"bor_ovelse_boerge", "Børge Øvelse", "070939-1241", west}
	people = []person{agnes, carla, bent, børge}
)

// citizen is the person as a register tells of one. That the number fails modulus 11 is not for whoever learns.
func (p person) citizen(today kontakt.Date) (kontakt.CPR, kontakt.Citizen, error) {
	cpr, err := kontakt.ParseCPR(p.cpr, today)
	if err != nil {
		return kontakt.CPR{}, kontakt.Citizen{}, err
	}
	born, _ := cpr.Born()
	at := p.clinic
	return cpr, kontakt.Citizen{ID: p.id, Name: p.name, Masked: cpr.Masked(), Born: born, Age: born.AgeOn(today), Clinic: &at}, nil
}

// doctors are who calls, by clinic.
var doctors = map[kontakt.ClinicID]kontakt.Person{
	north.ID: {ID: "med_ovelse_nord", Name: "Nora Øvelse", Title: "øvelseslæge"},
	south.ID: {ID: "med_ovelse_syd", Name: "Søren Øvelse", Title: "øvelseslæge"},
	west.ID:  {ID: "med_ovelse_vest", Name: "Vera Øvelse", Title: "øvelseslæge"},
}
