package rights_test

import (
	"slices"
	"testing"

	"kontaktlaege/backend/rights"
	"kontaktlaege/internal/kontakt"
)

var (
	clinicA, clinicB = kontakt.NewClinicID(), kontakt.NewClinicID()
	tabletA, tabletB = kontakt.NewDeviceID(), kontakt.NewDeviceID()
	doctorA          = kontakt.NewEmployeeID()
	tabletA2         = kontakt.NewDeviceID()
	citizenA         = kontakt.NewCitizenID()
	guestA           = kontakt.NewGuestID()
	nurseA           = kontakt.NewEmployeeID()
	townA, townB     = kontakt.NewMunicipalityID(), kontakt.NewMunicipalityID()
	entryA           = rights.Target{
		Clinic: clinicA, Devices: []kontakt.DeviceID{tabletA2, tabletA}, Citizen: citizenA, Clinician: doctorA, Guests: []kontakt.GuestID{guestA},
		Helper: rights.Helper{Employee: nurseA, Municipality: townA},
	}
	actors = map[string]kontakt.Actor{
		"nobody":         {},
		"device":         {Role: kontakt.RoleDevice, Device: tabletA},
		"other device":   {Role: kontakt.RoleDevice, Device: tabletB},
		"nurse":          {Role: kontakt.RoleNurse, Device: tabletA, Employee: nurseA, Municipality: townA},
		"her at a PC":    {Role: kontakt.RoleNursePC, Employee: nurseA, Municipality: townA},
		"her for others": {Role: kontakt.RoleNursePC, Employee: nurseA, Municipality: townB},
		"another's PC":   {Role: kontakt.RoleNursePC, Employee: kontakt.NewEmployeeID(), Municipality: townA},
		"other nurse":    {Role: kontakt.RoleNurse, Device: tabletB, Employee: kontakt.NewEmployeeID()},
		"doctor":         {Role: kontakt.RoleClinician, Clinic: clinicA, Employee: doctorA},
		"colleague":      {Role: kontakt.RoleClinician, Clinic: clinicA, Employee: kontakt.NewEmployeeID()},
		"other clinic":   {Role: kontakt.RoleClinician, Clinic: clinicB, Employee: kontakt.NewEmployeeID()},
		"secretary":      {Role: kontakt.RoleSecretary, Clinic: clinicA, Employee: kontakt.NewEmployeeID()},
		"citizen":        {Role: kontakt.RoleCitizen, Citizen: citizenA},
		"other citizen":  {Role: kontakt.RoleCitizen, Citizen: kontakt.NewCitizenID()},
		"guest":          {Role: kontakt.RoleGuest, Guest: guestA},
		"other guest":    {Role: kontakt.RoleGuest, Guest: kontakt.NewGuestID()},
		"it":             {Role: kontakt.RoleIT},
		"system":         {Role: kontakt.RoleSystem},
		"role of no one": {Role: "king", Device: tabletA, Clinic: clinicA, Employee: doctorA, Guest: guestA},
	}
)

func TestCheck_eachActionForItsOwnAndNobodyElse(t *testing.T) {
	staff := []string{"doctor", "colleague", "secretary"}
	atTablet := []string{"device", "nurse"}
	both := slices.Concat(staff, atTablet)
	for action, may := range map[rights.Action][]string{
		rights.SeeEntry: append([]string{"citizen"}, both...), rights.End: both, rights.SeeLine: both,
		rights.SeeCitizen: append([]string{"nurse", "citizen"}, staff...), rights.Leave: append([]string{"nurse", "citizen"}, staff...),
		rights.Join: {"nurse", "other nurse", "citizen"}, rights.TakeOver: {"nurse", "other nurse", "citizen"},
		rights.Remove: staff, rights.Restore: staff, rights.Transfer: staff, rights.Place: staff, rights.Urgent: staff,
		rights.Answer: {"nurse"}, rights.NotNow: atTablet, rights.Wait: atTablet, rights.Presence: atTablet, rights.SeeDevice: atTablet,
		rights.NoAnswer: staff, rights.SeeClinic: staff, rights.SetOpening: staff,
		rights.Write: staff, rights.WriteAll: staff, rights.Delay: staff, rights.Read: {"nurse"},
		rights.Start: {"doctor", "colleague"},
		rights.Media: {"device", "nurse", "doctor"}, rights.Signal: {"device", "nurse", "doctor", "guest"},
		rights.SetMode: append([]string{"nurse"}, staff...), rights.Invite: append([]string{"nurse"}, staff...),
		rights.SeeGuests: both, rights.Admit: {"doctor"}, rights.RemoveGuest: append([]string{"nurse"}, staff...), rights.BeGuest: {"guest"},
		rights.SeeTOBS:   {"nurse", "other nurse"},
		rights.SeeOrders: append([]string{"nurse"}, staff...), rights.WriteOrder: {"nurse"}, rights.ReadBack: {"nurse"}, rights.Withdraw: {"nurse"},
		rights.Confirm: {"doctor"}, rights.Correct: {"doctor"},
		rights.WriteCard: {"nurse"}, rights.SetTold: {"nurse"}, rights.SeeCard: append([]string{"nurse"}, staff...),
		rights.ReadSummary: {"nurse", "her at a PC"}, rights.WriteSummary: {"nurse", "her at a PC"}, rights.DropSummary: {"nurse", "her at a PC"},
		rights.ListSummaries: {"nurse", "other nurse", "her at a PC", "her for others", "another's PC"},
		rights.SeeRound:      {"nurse"}, rights.PutVisit: {"nurse"}, rights.MoveVisit: {"nurse"}, rights.EndVisit: {"nurse"}, rights.ImportRound: {"nurse"},
		rights.SeeMissed: {"nurse"}, rights.TakeVisit: {"nurse"}, rights.HandOver: {"nurse"}, rights.SeeHandover: {"nurse"}, rights.Accept: {"nurse"},
		"an action of no table": nil,
	} {
		for name, a := range actors {
			err := rights.Check(a, action, entryA)
			if allowed := slices.Contains(may, name); allowed != (err == nil) {
				t.Errorf("%s by %s = %v, want allowed %v", action, name, err, allowed)
			}
		}
	}
	for _, action := range []rights.Action{rights.FindCitizen, rights.Join, rights.SeeTOBS} {
		for name, a := range actors {
			if err := rights.Check(a, action, rights.Target{}); (err == nil) != (name == "nurse" || name == "other nurse") {
				t.Errorf("%s by %s = %v", action, name, err)
			}
		}
	}
}

func TestCheck_anothersThingIsHiddenAndOnesOwnForbidden(t *testing.T) {
	for name, row := range map[string]struct {
		do   rights.Action
		kind kontakt.Kind
	}{
		"other nurse": {rights.Answer, kontakt.Hidden}, "other clinic": {rights.Start, kontakt.Hidden}, "nobody": {rights.SeeEntry, kontakt.Hidden},
		"other citizen": {rights.SeeEntry, kontakt.Hidden}, "citizen": {rights.Answer, kontakt.Forbidden}, "colleague": {rights.Signal, kontakt.Hidden},
		"secretary": {rights.Start, kontakt.Forbidden}, "device": {rights.Answer, kontakt.Forbidden}, "doctor": {rights.Answer, kontakt.Forbidden},
		"another's PC": {rights.ReadSummary, kontakt.Hidden}, "her for others": {rights.WriteSummary, kontakt.Hidden},
		"her at a PC": {rights.SeeEntry, kontakt.Forbidden},
		"guest":       {rights.SeeEntry, kontakt.Forbidden}, "other guest": {rights.Signal, kontakt.Hidden},
	} {
		if err := rights.Check(actors[name], row.do, entryA); kontakt.KindOf(err) != row.kind {
			t.Errorf("%s by %s = %v, want %s", row.do, name, err, row.kind)
		}
	}
	if err := rights.Check(actors["doctor"], rights.FindCitizen, rights.Target{}); kontakt.KindOf(err) != kontakt.Forbidden {
		t.Errorf("look-up by a doctor = %v, want Forbidden", err)
	}
}

func TestCheck_emptyIdsAreNobodys(t *testing.T) {
	for _, role := range []kontakt.Role{kontakt.RoleDevice, kontakt.RoleNurse, kontakt.RoleClinician, kontakt.RoleSecretary, kontakt.RoleCitizen, kontakt.RoleGuest, kontakt.RoleNursePC} {
		for _, do := range []rights.Action{rights.ReadSummary, rights.SeeEntry, rights.SeeClinic, rights.SeeDevice, rights.Signal, rights.BeGuest, rights.SeeRound, rights.SeeMissed, rights.Accept} {
			if rights.Check(kontakt.Actor{Role: role}, do, rights.Target{}) == nil {
				t.Errorf("%s without an id may %s", role, do)
			}
		}
	}
}
