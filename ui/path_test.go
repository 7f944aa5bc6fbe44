package ui

import (
	"reflect"
	"testing"
)

// TestKeys_theWholePath goes from sign-in to the summary with Tab and Enter alone, as one switch does, over the real widgets
// (SD-19, WCAG 2.1.1): on each screen what goes on is reached, and a press of Enter sends it.
func TestKeys_theWholePath(t *testing.T) {
	w := withKeys(t, named(t, "signedout"), lying)
	for _, step := range []struct{ from, press, sends string }{
		{"signedout", "TapSignIn", "TapSignIn"},
		{"signingin", "TapCancelSignIn", "TapCancelSignIn"}, // the browser does the rest
		{"findcitizen", "", "TapFind"},
		{"readback", "TapConfirmCitizen", "TapConfirmCitizen"},
		{"consent", "TapConsentOral", "TapConsent"},
		{"check-advice", "TapJoin", "TapJoin"},
		{"waiting", "TapTell", "TapTell"},
		{"tell", "TapBack", "TapBack"},
		{"waiting-message", "TapRead", "TapRead"},
		{"called", "TapAnswer", "TapAnswer"},
		{"incall", "TapMute", "TapMute"},
		{"incall", "TapTyping", "TapTyping"},
		{"incall-typing", "TapTypingClose", "TapTypingClose"},
		{"incall", "TapEnd", "TapEnd"},
		{"incall-ending", "TapEndYes", "TapEndYes"},
		{"ended", "TapDone", "TapDone"},
	} {
		w.to(t, step.from)
		w.sent = nil
		if step.press == "" {
			for _, digit := range "2902004100" {
				w.tabTo("Key" + string(digit))
				w.press(enter.Name)
			}
			step.press = "TapFind"
		}
		w.tabTo(step.press)
		w.press(enter.Name)
		if len(w.sent) != 1 || reflect.TypeOf(w.sent[0]).Name() != step.sends {
			t.Fatalf("%s: Enter on %s sent %v, want one app.%s", step.from, step.press, w.sent, step.sends)
		}
	}
}
