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
		d, err := data[wire.EntryChanged](e)
		return app.PlaceChanged{ID: kontakt.EntryID(id), Version: d.Version}, err
	case e.Type == kontakt.EventLineChanged && kind == "line":
		return app.LineChanged{Clinic: kontakt.ClinicID(id)}, nil
	case e.Type == kontakt.EventSignal && kind == "call":
		d, err := data[wire.Signal](e)
		if err != nil {
			return nil, err
		}
		s, err := wire.ToSignal(d)
		return app.SignalCame{Call: kontakt.CallID(id), Signal: s}, err
	case e.Type == kontakt.EventCallEnded && kind == "call":
		return app.CallEnded{Call: kontakt.CallID(id)}, nil
	case kind != "device":
		return nil, nil
	}
	switch e.Type {
	case kontakt.EventSigninCompleted:
		d, err := data[wire.SigninCompleted](e)
		return app.SigninCompleted{Signin: kontakt.SigninID(d.Signin), Code: d.Code}, err
	case kontakt.EventSigninFailed:
		d, err := data[wire.SigninFailed](e)
		return app.SigninFailed{Signin: kontakt.SigninID(d.Signin), Msg: kontakt.MsgKey(d.Msg)}, err
	case kontakt.EventSessionEnded:
		return app.SessionEnded{}, nil
	case kontakt.EventDeviceRevoked:
		return app.DeviceRefused{Why: app.Sentence{Key: kontakt.MsgDeviceRevoked}}, nil
	}
	return nil, nil
}

func data[T any](e kontakt.Event) (T, error) {
	var d T
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return d, fmt.Errorf("client: the data of a %s", e.Type) // not the data itself: it may be a session description
	}
	return d, nil
}
