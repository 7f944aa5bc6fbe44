package kontakt_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestError_kindAndSentenceAreFoundThroughWraps(t *testing.T) {
	inner := &kontakt.Error{Op: "a.B", Kind: kontakt.Conflict, Msg: kontakt.MsgAlreadyWaiting, Params: map[string]string{"n": "4"}, Err: errors.New("cause")}
	for _, err := range []error{inner, fmt.Errorf("c: %w", inner), errors.Join(errors.New("x"), inner)} {
		msg, params := kontakt.MsgOf(err)
		if kontakt.KindOf(err) != kontakt.Conflict || msg != kontakt.MsgAlreadyWaiting || params["n"] != "4" {
			t.Errorf("%v: %s, %s", err, kontakt.KindOf(err), msg)
		}
	}
	if kontakt.KindOf(nil) != "" || kontakt.KindOf(errors.New("x")) != kontakt.Internal {
		t.Error("nil or a stranger's error has another kind")
	}
	if got := inner.Error(); got != "a.B: conflict (cit.already_waiting): cause" {
		t.Errorf("text = %q: parameters are for the user, never for the log", got)
	}
}

func TestActorFrom_nobodyIsNobody(t *testing.T) {
	if _, ok := kontakt.ActorFrom(context.Background()); ok {
		t.Error("an actor out of nowhere")
	}
	want := kontakt.Actor{Role: kontakt.RoleNurse, Device: "dev"}
	if got, ok := kontakt.ActorFrom(kontakt.WithActor(context.Background(), want)); !ok || got != want {
		t.Errorf("actor = %+v, %v", got, ok)
	}
}
