package e2e

import (
	"testing"
	"time"
)

// A nurse's day on the real programs, from the drill in the morning to the hand-over in the evening: a round of three
// citizens at two clinics, a network that is away while a number is drawn, a clinic that gets no answer, a battery that dies
// in mid-call, and the next nurse, who goes on with what is left (M1, M2, M9, M14, E06, E14, E17, E23).
func TestDay_aNursesWholeDay(t *testing.T) {
	o := smallTablet
	o.Cable = true
	ctx, l := newTestLab(t, "dag", o)
	r := &room{t: t, ctx: ctx, a: l}
	code, err := l.code(0)
	must(t, err)
	must(t, l.EnrolTablet(ctx, code))
	r.drill()
	must(t, l.SignIn(ctx, UserNurse, &Stopwatch{}))
	r.lars, err = l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	r.pete, err = l.ClinicSignIn(ctx, userBakken, "")
	must(t, err)
	r.drawThree()
	r.noAnswer()
	r.batteryDies()
	checkNothingPersonal(t, l)
}

// drill: before anybody is signed in, and back.
func (r *room) drill() {
	r.t.Helper()
	r.a.Say("Morning: an exercise, which reaches nobody")
	r.tap(r.a, "TapDrill", "TapScenario1")
	r.see(r.a, "Screen:FindCitizen")
	must(r.t, r.a.Tablet.TapDigits(r.ctx, numberOfAgnes))
	r.tap(r.a, "TapFind")
	r.see(r.a, "Screen:ReadBack")
	r.still("oevelse")
	r.tap(r.a, "TapDrillEnd")
	r.see(r.a, "Screen:DrillResult")
	r.tap(r.a, "TapDrillEnd")
	r.see(r.a, "Screen:SignedOut")
}

// still keeps a picture of the first tablet.
func (r *room) still(name string, page ...*Page) {
	r.t.Helper()
	must(r.t, r.a.Picture(r.ctx, name, append(page, nil)[0]))
}

// drawThree queues three citizens at two clinics; while the second number is drawn the network is away.
func (r *room) drawThree() {
	r.t.Helper()
	queue(r.ctx, r.t, r.a) // Karen
	r.tap(r.a, "TapNew")
	must(r.t, r.a.FindCitizen(r.ctx, anotherOfBakken, &Stopwatch{}))
	r.tap(r.a, "TapConfirmCitizen", "TapConsentOral")
	r.see(r.a, "TapJoin")
	r.a.Say("The network is away while Aase's number is drawn: the tablet says so, and goes on by itself; she has one number")
	r.a.Cable.SetBlack(true)
	r.tap(r.a, "TapJoin")
	r.reads(r.a, "Nettet er dårligt. Vi prøver stadig … Intet går tabt.")
	r.still("nettet-vaek")
	r.a.Cable.SetBlack(false)
	r.see(r.a, "Screen:Waiting")
	r.inOrder(r.pete, "Aase Nørgaard")
	r.tap(r.a, "TapNew")
	must(r.t, r.a.FindCitizen(r.ctx, citizenOfHavnegade, &Stopwatch{}))
	must(r.t, r.a.DrawNumber(r.ctx, &Stopwatch{}))
	r.tap(r.a, "TapRound")
	r.reads(r.a, "Karen Madsen", "Aase Nørgaard", "Ole Brandt")
	r.still("runde")
}

// noAnswer: nobody hears the tablet; the place is kept.
func (r *room) noAnswer() {
	r.t.Helper()
	r.a.Say("Havnegade calls Ole, and nobody hears it")
	r.click(r.lars, r.row(r.lars, "Ole Brandt", "start"))
	r.see(r.a, "TapAnswer")
	r.reads(r.a, "Ole Brandt: det er jeres tur", "Lars Holm, praktiserende læge")
	r.still("ole-kaldes", r.lars)
	r.click(r.lars, "[data-test=no-answer]")
	r.reads(r.a, "I svarede ikke. I har stadig jeres plads.")
	r.until(r.lars, r.row(r.lars, "Ole Brandt"), "Svarede ikke kl.")
	r.still("intet-svar", r.lars)
}

// batteryDies in a call, while the other clinic wants the tablet too.
func (r *room) batteryDies() {
	r.t.Helper()
	r.a.Say("Bakken calls Aase; Havnegade, which calls Karen meanwhile, is told that the tablet is busy; the battery dies")
	r.click(r.pete, r.row(r.pete, "Aase Nørgaard", "start"))
	r.tap(r.a, "TapAnswer")
	r.see(r.a, "VideoRemote")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.until(r.lars, "[data-test=notices]", "optaget")
	r.still("optaget", r.lars)
	r.a.Tablet.Kill()
	must(r.t, r.a.Tablet.Start())
	r.see(r.a, "VideoRemote")
	talk, err := r.a.watchBothWays(r.ctx, r.pete, 4*time.Second)
	must(r.t, err)
	if talk.onTablet.Fresh == 0 || talk.onClinic.Fresh == 0 {
		r.t.Errorf("the pictures do not move: on the tablet %v, in the clinic %v", talk.onTablet, talk.onClinic)
	}
	r.tap(r.a, "TapEnd", "TapEndYes")
	r.see(r.a, "Screen:Ended")
	r.reads(r.a, "Anna Winther")
	r.still("resume")
	r.tap(r.a, "TapDone")
	r.see(r.a, "Screen:Round")
	r.reads(r.a, "Karen Madsen", "Ole Brandt")
	r.still("to-tilbage")
}
