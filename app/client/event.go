package client

import (
	"encoding/json"
	"fmt"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// told gives what an event of the stream tells the app, nil for what a tablet does not care about.
func told(e kontakt.Event) (app.Event, error) {
	kind, id := e.Room.Split()
	switch {
	case (e.Type == kontakt.EventEntryChanged || e.Type == kontakt.EventEntryCalled) && kind == "entry":
		return from(e, func(d wire.EntryChanged) (app.Event, error) {
			return app.PlaceChanged{ID: kontakt.EntryID(id), Version: d.Version, State: kontakt.EntryState(d.State)}, nil
		})
	case e.Type == kontakt.EventGuestChanged && kind == "entry": // it stands in the call's room too
		return from(e, func(d wire.GuestChanged) (app.Event, error) {
			return app.GuestChanged{Place: kontakt.EntryID(id), Guest: kontakt.GuestID(d.Guest), State: kontakt.GuestState(d.State)}, nil
		})
	case e.Type == kontakt.EventOrderChanged && kind == "entry":
		return app.OrderChanged{Place: kontakt.EntryID(id)}, nil
	case e.Type == kontakt.EventMessage && kind == "entry":
		return app.MessageCame{ID: kontakt.EntryID(id)}, nil
	case e.Type == kontakt.EventCardChanged && kind == "entry":
		return from(e, func(d wire.CardChanged) (app.Event, error) {
			return app.CardChanged{ID: kontakt.EntryID(id), Version: d.Version}, nil
		})
	case e.Type == kontakt.EventLineChanged && kind == "line":
		return app.LineChanged{Clinic: kontakt.ClinicID(id)}, nil
	case e.Type == kontakt.EventSignal && kind == "call":
		return from(e, func(d wire.Signal) (app.Event, error) {
			s, err := wire.ToSignal(d)
			if err != nil {
				return nil, err
			}
			return app.SignalCame{Call: kontakt.CallID(id), Signal: s}, nil
		})
	case e.Type == kontakt.EventCallEnded && kind == "call":
		return app.CallEnded{Call: kontakt.CallID(id)}, nil
	case e.Type == kontakt.EventRoundChanged && kind == "round":
		return app.RoundChanged{Employee: kontakt.EmployeeID(id)}, nil
	case kind != "device":
		return nil, nil
	}
	switch e.Type {
	case kontakt.EventSigninCompleted:
		return from(e, func(d wire.SigninCompleted) (app.Event, error) {
			return app.SigninCompleted{Signin: kontakt.SigninID(d.Signin), Code: d.Code}, nil
		})
	case kontakt.EventSigninFailed:
		return from(e, func(d wire.SigninFailed) (app.Event, error) {
			return app.SigninFailed{Signin: kontakt.SigninID(d.Signin), Msg: kontakt.MsgKey(d.Msg)}, nil
		})
	case kontakt.EventHandoverAccepted:
		return from(e, func(d wire.HandoverAccepted) (app.Event, error) {
			return app.OfferTaken{ID: kontakt.HandoverID(d.Handover)}, nil
		})
	case kontakt.EventHandedOver:
		return from(e, func(d wire.HandedOver) (app.Event, error) {
			return app.PlaceHanded{ID: kontakt.EntryID(d.Entry)}, nil
		})
	case kontakt.EventSessionEnded:
		return app.SessionEnded{}, nil
	case kontakt.EventVisitMissed:
		return app.UnitChanged{}, nil
	case kontakt.EventDeviceRevoked:
		return app.DeviceRefused{Why: app.Sentence{Key: kontakt.MsgDeviceRevoked}}, nil
	}
	return nil, nil
}

// from reads an event's data.
func from[T any](e kontakt.Event, tell func(T) (app.Event, error)) (app.Event, error) {
	var d T
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return nil, fmt.Errorf("client: the data of a %s", e.Type) // not the data itself: it may be a session description
	}
	return tell(d)
}
