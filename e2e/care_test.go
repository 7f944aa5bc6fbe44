package e2e

import (
	"testing"
)

// E56: the citizen falls acutely ill while waiting. The nurse is one tap from 112, the clinic reads that it was called, the
// place is kept, and the call that comes while the sheet is open is answered from it.
func TestE56_theClinicReadsThat112WasCalledAndStillCalls(t *testing.T) {
	r := &room{t: t}
	ctx, l := newTestLab(t, "112", smallTablet)
	r.ctx, r.a = ctx, l
	enrolAndSignIn(ctx, t, l)
	var err error
	r.lars, err = l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	queue(ctx, t, l)

	l.Say("The nurse presses Ring 112 and says that she has called")
	r.tap(l, "TapEmergency", "TapEmergencyCalled")
	r.reads(l, "Klinikken ved, at der er ringet 112. I har stadig jeres plads.")
	must(t, l.Picture(ctx, "112", nil))
	r.until(r.lars, r.row(r.lars, "Karen Madsen", "emergency"), "112 kaldt")

	l.Say("The doctor calls while the sheet is open; it is answered from there")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.see(l, "TapAnswer")
	must(t, l.Picture(ctx, "112-ringer", r.lars))
	r.tap(l, "TapAnswer")
	r.see(l, "VideoRemote")
	r.until(r.lars, "[data-test=call-emergency]", "112 kaldt")
	must(t, l.Picture(ctx, "112-samtale", r.lars))
	checkNothingPersonal(t, l)
}
