package httpapi

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

func (a *API) enrol(r *request, in wire.EnrolRequest) (reply, error) {
	d, err := a.Devices.Enrol(r.Context(), in.Code, in.PublicKey, in.App)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.EnrolReply{Device: wire.FromDevice(d)})
}

func (a *API) challenge(r *request, in wire.ChallengeRequest) (reply, error) {
	id, err := kontakt.ParseDeviceID(in.Device)
	if err != nil {
		return reply{}, err
	}
	c, err := a.Devices.Challenge(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.ChallengeReply{Challenge: c})
}

func (a *API) openDevice(r *request, in wire.DeviceSessionRequest) (reply, error) {
	proof, err := wire.ToProof(in.Proof)
	if err != nil {
		return reply{}, err
	}
	token, ttl, d, at, err := a.Devices.OpenDevice(r.Context(), proof)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.DeviceSessionReply{
		Token: token, ExpiresIn: wire.Seconds(ttl), Device: wire.FromDevice(d), ServerTime: a.now().UTC(), Cursor: at.String(),
	})
}

func (a *API) beginSignin(r *request) (reply, error) {
	id, url, ttl, err := a.Signins.Begin(r.Context())
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.SigninReply{Signin: string(id), URL: url, ExpiresIn: wire.Seconds(ttl)})
}

func (a *API) cancelSignin(r *request) (reply, error) {
	id, err := kontakt.ParseSigninID(r.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	if err := a.Signins.Cancel(r.Context(), id); err != nil {
		return reply{}, err
	}
	return done()
}

func (a *API) redeem(r *request, in wire.SessionRequest) (reply, error) {
	id, err := kontakt.ParseSigninID(in.Signin)
	if err != nil {
		return reply{}, err
	}
	proof, err := wire.ToProof(in.Proof)
	if err != nil {
		return reply{}, err
	}
	if len(in.Code) > 64 {
		return reply{}, badRequest("redeem", nil)
	}
	token, ttl, who, err := a.Signins.Redeem(r.Context(), id, in.Code, proof)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusCreated, wire.SessionReply{Token: token, ExpiresIn: wire.Seconds(ttl), Employee: wire.FromPerson(who)})
}

func (a *API) me(r *request) (reply, error) {
	if r.actor().Role == kontakt.RoleDevice {
		return reply{}, ended("httpapi.me")
	}
	ttl, err := a.Sessions.TTL(r.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(wire.SessionReply{ExpiresIn: wire.Seconds(ttl), Employee: employee(r.actor())})
}

func (a *API) signOut(r *request) (reply, error) {
	if err := a.Signins.SignOut(r.Context()); err != nil {
		return reply{}, err
	}
	return done()
}

func employee(a kontakt.Actor) wire.Employee {
	return wire.FromPerson(kontakt.Person{ID: a.Employee, Name: a.Name, Title: a.Title})
}
