package e2e

import (
	"testing"
)

// anotherOfBakken is Aase Nørgaard, whose own clinic is open.
const anotherOfBakken = "2704350100"

// userBakken is the doctor of the clinic Lægehuset Bakken.
const userBakken = "anna"

// M1, M2, E23: a nurse's round. Three citizens wait at two clinics; whoever is called first takes the screen; meanwhile the
// other clinic is told that she is busy, and a dead battery loses nobody's place.
func TestRound_threeCitizensAtTwoClinics(t *testing.T) {
	r := &room{t: t}
	var l *Lab
	r.ctx, l = newTestLab(t, "runde", smallTablet)
	r.a = l
	enrolAndSignIn(r.ctx, t, l)
	var err error
	r.lars, err = l.ClinicSignIn(r.ctx, UserDoctor, "")
	must(t, err)
	r.pete, err = l.ClinicSignIn(r.ctx, userBakken, "")
	must(t, err)

	queue(r.ctx, t, l)
	for _, cpr := range []string{anotherOfBakken, citizenOfHavnegade} {
		r.tap(l, "TapNew")
		must(t, l.FindCitizen(r.ctx, cpr, &Stopwatch{}))
		must(t, l.DrawNumber(r.ctx, &Stopwatch{}))
	}
	r.see(l, "TapRound")
	must(t, l.Picture(r.ctx, "ole-venter-to-andre", nil))
	r.tap(l, "TapRound")
	r.reads(l, "Karen Madsen", "Aase Nørgaard", "Ole Brandt")
	must(t, l.Picture(r.ctx, "runde", nil))

	l.Say("Lægehuset Bakken calls Aase: she takes the screen; Havnegade, which calls Karen meanwhile, is told that the tablet is busy")
	r.click(r.pete, r.row(r.pete, "Aase Nørgaard", "start"))
	r.see(l, "TapAnswer")
	must(t, l.Picture(r.ctx, "aase-kaldes", nil))
	r.tap(l, "TapAnswer")
	r.see(l, "VideoRemote")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.until(r.lars, "[data-test=notices]", "optaget")
	must(t, l.Picture(r.ctx, "optaget", r.lars))

	l.Say("The battery dies in mid-call and is charged again: the call goes on, and the two others stand in the round")
	l.Tablet.Kill()
	must(t, l.Tablet.Start())
	r.see(l, "VideoRemote")
	r.tap(l, "TapEnd", "TapEndYes")
	r.see(l, "Screen:Ended")
	r.reads(l, "Anna Winther")
	must(t, l.Picture(r.ctx, "resume", nil))
	r.tap(l, "TapDone")
	r.see(l, "Screen:Round")
	r.reads(l, "Karen Madsen", "Ole Brandt")
	must(t, l.Picture(r.ctx, "to-tilbage", nil))

	l.Say("Havnegade calls Ole, who is not on the screen")
	r.click(r.lars, r.row(r.lars, "Ole Brandt", "start"))
	r.see(l, "TapAnswer")
	r.reads(l, "Ole Brandt: det er jeres tur", "Lars Holm, praktiserende læge")
	must(t, l.Picture(r.ctx, "ole-kaldes", nil))
	r.tap(l, "TapNotNow")
	r.see(l, "Screen:Waiting")
	r.tap(l, "TapRound")
	r.reads(l, "Karen Madsen", "Ole Brandt")
	must(t, l.Picture(r.ctx, "runde-igen", nil))
	checkNothingPersonal(t, l)
}
