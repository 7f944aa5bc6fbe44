package crowd

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Size says how many of each there are. Tablets and citizens are dealt out to municipalities and clinics in turn.
type Size struct {
	Municipalities, Clinics, Tablets, Clinicians, Citizens int

	RingTime time.Duration // of every clinic; 0: the backend's own

	// Behind is how many of each are passed over: a second crowd in one database begins behind the first.
	Behind int
}

// Crowd is everybody who was seeded.
type Crowd struct {
	Clinics  []Clinic
	Tablets  []Tablet
	Staff    []Staff
	Citizens []Citizen
}

// Clinic is a made-up clinic that is always open.
type Clinic struct {
	ID   kontakt.ClinicID
	Name string
}

// Tablet is an enrolled tablet with a nurse signed in.
type Tablet struct {
	Device  kontakt.DeviceID
	Nurse   string
	seed    []byte // of its key
	session string // the nurse's
}

// Staff is a clinician with a session in a browser.
type Staff struct {
	ID      kontakt.EmployeeID
	Name    string
	Clinic  kontakt.ClinicID
	session string
}

// Citizen is attached to a clinic.
type Citizen struct {
	ID     kontakt.CitizenID
	CPR    kontakt.CPR
	Clinic kontakt.ClinicID
}

const (
	sessionLife = 7 * 24 * time.Hour
	issuer      = "https://crowd.invalid"
	chunk       = 500 // rows in one transaction
)

// Seed fills a database that holds nobody but earlier crowds.
func Seed(ctx context.Context, db *store.DB, size Size) (*Crowd, error) {
	if size.Municipalities < 1 || size.Clinics < 1 {
		return nil, fmt.Errorf("crowd: a crowd needs a municipality and a clinic")
	}
	c := &Crowd{}
	var municipalities []kontakt.MunicipalityID
	for _, part := range []struct {
		count int
		add   func(tx *store.Tx, n int) error
	}{
		{size.Municipalities, func(tx *store.Tx, n int) error {
			m := store.Municipality{ID: kontakt.NewMunicipalityID(), Name: fmt.Sprintf("Prøve Kommune %d", n), CVR: fmt.Sprintf("98%06d", n)}
			municipalities = append(municipalities, m.ID)
			return tx.SaveMunicipality(m)
		}},
		{size.Clinics, func(tx *store.Tx, n int) error { return c.addClinic(tx, n, size.RingTime) }},
		{size.Tablets, func(tx *store.Tx, n int) error { return c.addTablet(tx, n, municipalities[n%len(municipalities)]) }},
		{size.Clinicians, c.addStaff},
		{size.Citizens, c.citizens(size.Behind+size.Citizens, kontakt.DateOf(db.Now()))},
	} {
		end := size.Behind + part.count
		for begin := size.Behind; begin < end; begin += chunk {
			if err := db.Update(ctx, func(tx *store.Tx) error {
				for n := begin; n < min(begin+chunk, end); n++ {
					if err := part.add(tx, n); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (c *Crowd) addClinic(tx *store.Tx, n int, ring time.Duration) error {
	yder, err := kontakt.ParseYdernummer(fmt.Sprintf("%06d", n+1))
	if err != nil {
		return err
	}
	k := Clinic{kontakt.NewClinicID(), fmt.Sprintf("Prøveklinik %d", n)}
	c.Clinics = append(c.Clinics, k)
	return tx.SaveClinic(store.Clinic{
		ID: k.ID, Name: k.Name, Town: "Prøveby", Phone: "00 00 00 00", CVR: fmt.Sprintf("97%06d", n), Ydernummer: yder, RingTime: ring,
	})
}

func (c *Crowd) addTablet(tx *store.Tx, n int, m kontakt.MunicipalityID) error {
	t := Tablet{kontakt.NewDeviceID(), fmt.Sprintf("Sygeplejerske %d", n), make([]byte, ed25519.SeedSize), kontakt.NewSecret()}
	rand.Read(t.seed) // never fails, as of Go 1.24
	err := tx.AddDevice(store.Device{
		Device:    kontakt.Device{ID: t.Device, Name: fmt.Sprintf("Tablet %d", n), Place: "Prøveteamet", Municipality: m},
		PublicKey: ed25519.NewKeyFromSeed(t.seed).Public().(ed25519.PublicKey), App: "crowd",
	})
	if err != nil {
		return err
	}
	c.Tablets = append(c.Tablets, t)
	nurse := store.Employee{Subject: fmt.Sprintf("nurse-%d", n), Name: t.Nurse, Title: "sygeplejerske", Role: kontakt.RoleNurse, Municipality: m}
	_, err = signIn(tx, nurse, t.Device, t.session)
	return err
}

func (c *Crowd) addStaff(tx *store.Tx, n int) error {
	s := Staff{Name: fmt.Sprintf("Læge %d", n), Clinic: c.Clinics[n%len(c.Clinics)].ID, session: kontakt.NewSecret()}
	doctor := store.Employee{Subject: fmt.Sprintf("doctor-%d", n), Name: s.Name, Title: "praktiserende læge", Role: kontakt.RoleClinician, Clinic: s.Clinic}
	var err error
	s.ID, err = signIn(tx, doctor, "", s.session)
	c.Staff = append(c.Staff, s)
	return err
}

// signIn leaves what a sign-in leaves: the employee and a session.
func signIn(tx *store.Tx, e store.Employee, device kontakt.DeviceID, secret string) (kontakt.EmployeeID, error) {
	e.ID, e.Issuer = kontakt.NewEmployeeID(), issuer
	e, err := tx.SaveEmployee(e)
	if err != nil {
		return "", err
	}
	return e.ID, tx.AddSession(store.Session{
		ID: kontakt.NewSessionID(), Role: e.Role, Device: device, Employee: e.ID, Municipality: e.Municipality, Clinic: e.Clinic,
		Issuer: issuer, ExpiresAt: tx.Now().Add(sessionLife),
	}, secret)
}

func (c *Crowd) citizens(count int, today kontakt.Date) func(tx *store.Tx, n int) error {
	numbers := CPRs(count, today)
	return func(tx *store.Tx, n int) error {
		p := Citizen{kontakt.NewCitizenID(), numbers[n], c.Clinics[n%len(c.Clinics)].ID}
		c.Citizens = append(c.Citizens, p)
		_, err := tx.SaveCitizen(store.Citizen{ID: p.ID, CPR: p.CPR, Name: fmt.Sprintf("Prøve Borger %d", n), Clinic: p.Clinic})
		return err
	}
}

// CPRs gives made-up CPR numbers, always the same: all fail modulus 11, and nobody is born on 1 January.
func CPRs(count int, today kontakt.Date) []kontakt.CPR {
	var all []kontakt.CPR
	for serial := 0; serial < 4000; serial++ { // digit 7 from 0 to 3: born in the 1900s
		for day := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 1990; day = day.AddDate(0, 0, 1) {
			if len(all) == count {
				return all
			}
			if day.Month() == time.January && day.Day() == 1 {
				continue
			}
			cpr, err := kontakt.ParseCPR(day.Format("020106")+fmt.Sprintf("%04d", serial), today)
			if err == nil && slices.Contains(cpr.Warnings(today), kontakt.MsgCPRMod11) {
				all = append(all, cpr)
			}
		}
	}
	return all
}
