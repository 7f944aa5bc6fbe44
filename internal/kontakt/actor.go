package kontakt

import "context"

// Role is what an actor is to the system.
type Role string

// The roles.
const (
	RoleDevice    Role = "device"    // a tablet that proved its key, nobody signed in
	RoleNurse     Role = "nurse"     // municipal employee on a tablet: sygeplejerske, SSA, SSH
	RoleNursePC   Role = "nurse_pc"  // the same employee at a PC, which is no tablet of ours: her own summaries and nothing else
	RoleClinician Role = "clinician" // GP or clinic nurse
	RoleSecretary Role = "secretary" // clinic secretary
	RoleGuest     Role = "guest"     // somebody with a one-time link to one place's call
	RoleCitizen   Role = "citizen"   // a citizen with MitID
	RoleIT        Role = "it"        // the municipality's IT desk
	RoleSystem    Role = "system"    // the sweeper and its like
)

// Actor is who asks. Fields that do not apply to the role are empty.
type Actor struct {
	Role         Role
	Employee     EmployeeID
	Name         string // for the other side to see; never logged
	Title        string // "sygeplejerske", "praktiserende læge"
	Device       DeviceID
	Municipality MunicipalityID
	Clinic       ClinicID
	Citizen      CitizenID
	Guest        GuestID
	Session      SessionID
}

type actorKey struct{}

// WithActor names the actor of everything done under the returned context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom gives the actor, and false where nobody has been named: then nothing is allowed.
func ActorFrom(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}
