package widget_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/ui/theme"
	"kontaktlaege/ui/widget"
)

// What is shown is a sentence, also in a letter, a fact or a notice; what is hidden, or keyed in, is none.
func TestSentences_areThoseThatAreShown(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.Theme{})
	letter, fact, notice, hidden := widget.NewLetter(), widget.NewFact(theme.SizeKey), widget.NewNotice(widget.Info), widget.NewText()
	letter.Set("Besked fra klinikken", "Vi ringer om lidt.", "Lars Holm")
	fact.Set("Talte med", "Peter Lund")
	notice.SetText("Klinikken har lukket.")
	hidden.SetText("Nummer")
	hidden.Hide()
	entry := widget.NewCPREntry()
	entry.Key('2')
	w := test.NewTempWindow(t, widget.NewColumn(8, letter, fact, notice, hidden, entry))
	w.Resize(fyne.NewSize(480, 700))
	shown := widget.Sentences(w.Canvas())
	for _, s := range []string{"Besked fra klinikken", "Vi ringer om lidt.", "Lars Holm", "Talte med", "Peter Lund", "Klinikken har lukket."} {
		if shown[s].Empty() {
			t.Errorf("%q has no place in the window", s)
		}
		delete(shown, s)
	}
	if len(shown) > 0 {
		t.Errorf("also said to be shown: %v", shown)
	}
}
