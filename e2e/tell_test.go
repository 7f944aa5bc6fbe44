package e2e

import (
	"testing"
)

// M4: the nurse writes ISBAR while the citizen waits; the clinic reads it in the list, and beside the pictures in the call.
// What she was writing when the call came is there too.
func TestTell_theDoctorReadsWhatTheNurseWrites(t *testing.T) {
	r := &room{t: t}
	ctx, l := newTestLab(t, "isbar", smallTablet)
	r.ctx, r.a = ctx, l
	enrolAndSignIn(ctx, t, l)
	var err error
	r.lars, err = l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	queue(ctx, t, l)

	l.Say("The nurse writes what the problem is; the doctor's list says so at once, and opens it")
	r.tap(l, "TapTell", "Entryis.s")
	must(t, l.Tablet.Screen.Focus(ctx, "Kontakt Læge"))
	must(t, l.Tablet.Screen.Type(ctx, "wound on the left heel since friday"))
	r.reads(l, "Gemt. Lægen kan se det nu.")
	must(t, l.Picture(ctx, "situation", nil))
	r.until(r.lars, r.row(r.lars, "Karen Madsen", "isbar-flag"), "ISBAR")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "card-open"))
	r.until(r.lars, "[data-test=card-dialog] [data-test=card-S]", "wound on the left heel since friday")
	must(t, l.Picture(ctx, "kortet", r.lars))
	r.click(r.lars, "[data-test=card-close]")

	l.Say("She measures with gloves on: large keys, one thing at a time; the doctor's list says TOBS 4")
	r.tap(l, "TapTOBS", "TapMeasure1")
	for _, number := range []string{"22", "104", "118"} {
		must(t, l.Tablet.TapDigits(ctx, number))
		r.tap(l, "TapMeasureNext")
	}
	r.tap(l, "TapMethod1")
	must(t, l.Tablet.TapDigits(ctx, "385"))
	r.reads(l, "Giver 1 point.", "Tryk på Næste, så får lægen tallet.")
	must(t, l.Picture(ctx, "temperatur", nil))
	r.tap(l, "TapMeasureNext")
	r.until(r.lars, r.row(r.lars, "Karen Madsen", "tobs-flag"), "TOBS ufuldstændig")
	r.tap(l, "TapChoice1", "TapMeasureNext")
	r.reads(l, "TOBS i alt: 4")
	r.until(r.lars, r.row(r.lars, "Karen Madsen", "tobs-flag"), "TOBS 4")
	must(t, l.Picture(ctx, "tobs", r.lars))
	r.tap(l, "TapISBAR")

	l.Say("The doctor calls while she writes; the last words are not lost")
	r.tap(l, "Entryis.b")
	must(t, l.Tablet.Screen.Type(ctx, "diabetes type 2"))
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.see(l, "TapAnswer")
	r.tap(l, "TapAnswer")
	r.see(l, "VideoRemote")
	r.until(r.lars, "[data-test=card-beside]", "diabetes type 2")
	must(t, l.Picture(ctx, "ved-siden-af", r.lars))

	l.Say("In the call she opens the card beside the doctor's picture and adds to it; the doctor reads it at once")
	r.tap(l, "More", "TapCard", "Entryis.s")
	must(t, l.Tablet.Screen.Focus(ctx, "Kontakt Læge"))
	must(t, l.Tablet.Screen.Type(ctx, " no fever"))
	r.until(r.lars, "[data-test=card-beside]", "since friday no fever")
	r.until(r.lars, "[data-test=card-beside]", "TOBS i alt: 4")
	r.reads(l, "Gemt. Lægen har det nu.")
	r.see(l, "VideoRemote")
	must(t, l.Picture(ctx, "kortet-i-samtalen", r.lars))
	r.tap(l, "TapCardClose")
	checkNothingPersonal(t, l)
}
