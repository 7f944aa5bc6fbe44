package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// M11, S16: the clinic ends a call; the tablet says with whom it was, and a tap says how it went. The same nurse finds it at a
// PC, by her own sign-in, with that tap in it; the record has the same code on both sides; and the tablet that was cleared
// knows nothing of the citizen any more, but that there is one summary to write, which goes when it stands in the journal.
func TestM11_theSummaryIsAtThePCAndTheTabletIsClear(t *testing.T) {
	r := &room{t: t}
	var l *Lab
	r.ctx, l = newTestLab(t, "resume", LabOptions{Width: 1280, Height: 800})
	r.a = l
	enrolAndSignIn(r.ctx, t, l)
	var err error
	r.lars, err = l.ClinicSignIn(r.ctx, UserDoctor, "")
	must(t, err)
	must(t, l.FindCitizen(r.ctx, Karen, &Stopwatch{}))
	r.tap(l, "TapConfirmCitizen", "TapRoom1")
	must(t, l.Picture(r.ctx, "i-rummet", nil))
	r.tap(l, "TapConsentOral")
	r.see(l, "TapJoin")
	r.tap(l, "TapJoin")
	r.see(l, "Screen:Waiting")
	r.until(r.lars, "[data-test=row-room]", "pårørende")
	var place string
	must(t, r.lars.Eval(r.ctx, "document.querySelector('[data-test=row]').dataset.entry", &place))
	must(t, l.StartFirst(r.ctx, r.lars))
	must(t, l.Answer(r.ctx, r.lars))

	l.Say("The clinic ends the call: the summary stands on the tablet, with the doctor's name and who was there")
	r.click(r.lars, "[data-test=end]")
	r.click(r.lars, "[data-test=end-done]")
	r.see(l, "Screen:Ended")
	r.reads(l, "Lars Holm", "Borgeren, Sanne Ravn, sygeplejerske, en pårørende", "mundtligt")
	r.see(l, "QR")
	r.tap(l, "TapWent1")
	r.reads(l, "Gemt. Du finder det ved din computer.")
	must(t, l.Picture(r.ctx, "resume", r.lars))

	l.Say("The record has the same lines and the same code at the clinic")
	r.tap(l, "TapRecord")
	var code string // the page of the clinic that has ended the call shows its list again
	must(t, r.lars.Eval(r.ctx, "fetch('/api/v1/clinic/entries/"+place+"/record').then((r) => r.json()).then((r) => r.code)", &code))
	r.reads(l, code, "En pårørende kom til.", "Samtalen med Lars Holm begyndte.")
	must(t, l.Picture(r.ctx, "optegnelse", r.lars))
	r.tap(l, "TapBack")

	l.Say("At her computer the nurse signs in, and finds the conversation with what she has tapped")
	pc, err := l.clinic.Open(r.ctx, l.Backend.Demo.URL+"/sygepleje/", true, 1280, 800, "")
	must(t, err)
	r.click(pc, "[data-test=login]")
	must(t, pc.See(r.ctx, "#username"))
	must(t, l.fillLogin(r.ctx, pc, UserNurse, "demo"))
	r.click(pc, "#login button")
	r.click(pc, "[data-test=talk]")
	r.until(pc, "[data-test=clinician]", "Lars Holm")
	must(t, pc.Until(r.ctx, "document.querySelector('[data-test=went-good]')?.checked"))
	must(t, l.Picture(r.ctx, "ved-computeren", pc))

	l.Say("The tablet is cleared: of the citizen and the conversation nothing is left on it")
	r.tap(l, "TapDone")
	r.see(l, "TapJournal")
	r.cleared()
	checkNothingPersonal(t, l)

	l.Say("The summary is still hers, until it stands in the journal")
	r.tap(l, "TapJournal", "TapSummary1")
	r.see(l, "QR")
	must(t, l.Picture(r.ctx, "dagens-resume", nil))
	r.tap(l, "TapWritten", "TapWrittenYes")
	r.reads(l, "Ingen resuméer lige nu. Når en videosamtale slutter, står den her i 24 timer.")
	r.cleared()
}

// cleared says that neither the window nor the tablet's own files have anything of the citizen.
func (r *room) cleared() {
	r.t.Helper()
	for _, sentence := range []string{"Karen Madsen", "Lars Holm", "mundtligt"} {
		r.gone(r.a, sentence)
	}
	files := 0
	must(r.t, filepath.WalkDir(filepath.Join(r.a.Tablet.dir, "tablet"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, word := range []string{"Karen", "Madsen", "290200", "Lars Holm"} {
			if strings.Contains(string(data), word) {
				r.t.Errorf("%s holds %s", filepath.Base(path), word)
			}
		}
		return nil
	}))
	if files == 0 {
		r.t.Error("the tablet keeps no files: have they moved?")
	}
}
