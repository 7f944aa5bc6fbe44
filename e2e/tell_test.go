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

	l.Say("The doctor calls while she writes; the last words are not lost")
	r.tap(l, "Entryis.b")
	must(t, l.Tablet.Screen.Type(ctx, "diabetes type 2"))
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.see(l, "TapAnswer")
	r.tap(l, "TapAnswer")
	r.see(l, "VideoRemote")
	r.until(r.lars, "[data-test=card-beside]", "diabetes type 2")
	must(t, l.Picture(ctx, "ved-siden-af", r.lars))
	checkNothingPersonal(t, l)
}
