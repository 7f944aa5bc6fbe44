package widget

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"rsc.io/qr"

	"kontaktlaege/ui/theme"
)

// Each module is drawn where it belongs, with the quiet edge around, also where the window is dark: else no telephone
// reads it.
func TestQR_isDrawnModuleByModuleOnWhite(t *testing.T) {
	const address = "https://kontakt.aftenlandet.example/gaest/#abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	test.NewTempApp(t).Settings().SetTheme(theme.Theme{Look: theme.Dark})
	q := NewQR()
	w := test.NewTempWindow(t, q)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 400))
	if !q.SetAddress(address) {
		t.Fatal("no code of it")
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	m := w.Canvas().Capture()
	side := code.Size + 8
	module := 400 / float64(side)
	if module < 7 {
		t.Errorf("a module is %.1f wide: too small for half a metre", module)
	}
	for y := range side {
		for x := range side {
			inside := x >= 4 && y >= 4 && x < side-4 && y < side-4
			want := 255
			if inside && code.Black(x-4, y-4) {
				want = 0
			}
			if got := brightness(m, int((float64(x)+0.5)*module), int((float64(y)+0.5)*module)); got != want {
				t.Fatalf("module %d, %d has brightness %d, want %d", x, y, got, want)
			}
		}
	}
	q.SetAddress("")
	if q.Visible() {
		t.Error("a link that was put away is still shown")
	}
}
