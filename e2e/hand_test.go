package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
)

// TestHandover_aScannedCardAndAScannedColleague walks a change of shift on two real tablets (M9, C63): the citizen is found by
// the health card that is held before the camera, and next to the queue the first nurse's window is held before the camera
// of the second, as two tablets are held against each other. The clinic sees the new name, its call reaches the second tablet,
// and the first one knows nothing of the citizen any more.
func TestHandover_aScannedCardAndAScannedColleague(t *testing.T) {
	before := t.TempDir()
	a, b := held(filepath.Join(before, "a.y4m")), held(filepath.Join(before, "b.y4m"))
	a.hold(t, nil)
	b.hold(t, nil)
	o := smallTablet
	o.Camera = "file:" + string(a)
	r := &room{t: t}
	r.ctx, r.a = newTestLab(t, "overgiv", o)
	second, err := NewTablet(TabletOptions{
		Binary: r.a.Tablet.binary, Dir: t.TempDir(), Backend: r.a.Backend.Demo.URL, Log: r.a.Tablet.log, Width: smallTablet.Width, Height: smallTablet.Height,
		Args: []string{"--camera", "file:" + string(b), "--microphone", fmt.Sprintf("tone:%g", tabletTone), "--loudspeaker", "none"},
	})
	must(t, err)
	t.Cleanup(second.Close)
	other := *r.a
	other.Tablet, other.Out = second, filepath.Join(r.a.Out, "b")
	must(t, os.MkdirAll(other.Out, 0o755))
	r.b = &other
	for i, tablet := range []*Lab{r.a, r.b} {
		code, err := r.a.code(i)
		must(t, err)
		must(t, tablet.EnrolTablet(r.ctx, code))
		must(t, tablet.SignIn(r.ctx, []string{UserNurse, UserAssistant}[i], &Stopwatch{}))
	}
	r.lars, err = r.a.ClinicSignIn(r.ctx, UserDoctor, "")
	must(t, err)

	r.a.Say("Something that is no health card is held before the camera; then the health card, after wrong digits were keyed")
	must(t, r.a.Tablet.TapDigits(r.ctx, "14034"))
	a.hold(t, card(t, "AB-1234-LOYAL"))
	r.tap(r.a, "TapScan")
	r.see(r.a, "VideoScanned")
	r.reads(r.a, "Det er ikke et sundhedskort. Hold stregkoden på det gule kort ind i rammen.")
	must(t, r.a.Picture(r.ctx, "ikke-et-sundhedskort", nil))
	r.tap(r.a, "TapBack")
	r.see(r.a, "Screen:FindCitizen")
	a.hold(t, card(t, "CPR"+Karen))
	r.tap(r.a, "TapScan")
	r.see(r.a, "TapConfirmCitizen")
	r.reads(r.a, "Karen Madsen")
	must(t, r.a.Picture(r.ctx, "kortet-er-laest", nil))
	a.hold(t, nil)
	must(t, r.a.DrawNumber(r.ctx, &Stopwatch{}))
	r.until(r.lars, r.row(r.lars, "Karen Madsen"), "Sanne Ravn")

	r.a.Say("The nurse hands over: her colleague holds the tablet's camera before the code")
	r.tap(r.a, "More", "TapHandOver")
	r.see(r.a, "QR")
	must(t, r.a.settle(r.ctx))
	must(t, r.a.Picture(r.ctx, "koden", nil))
	window, err := r.a.Tablet.Screen.Look()
	must(t, err)
	b.hold(t, window)
	r.tap(r.b, "TapScanOffer")
	r.reads(r.b, "Du har overtaget borgerne fra Sanne Ravn.", "Karen Madsen")
	r.see(r.b, "Screen:Round")
	must(t, r.b.Picture(r.ctx, "overtaget", nil))
	r.reads(r.a, "Overgivet til Mette Juhl")
	must(t, r.a.Picture(r.ctx, "overgivet", nil))
	r.until(r.lars, r.row(r.lars, "Karen Madsen"), "Mette Juhl")

	r.a.Say("The clinic's call reaches the colleague's tablet; the first one has nothing of the citizen")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "start"))
	r.see(r.b, "TapAnswer")
	r.reads(r.b, "Lars Holm, praktiserende læge")
	must(t, r.b.Picture(r.ctx, "det-er-jeres-tur", r.lars))
	r.tap(r.a, "TapDone")
	r.see(r.a, "Screen:FindCitizen")
	r.a.Tablet.Kill()
	must(t, r.a.Tablet.Start())
	r.see(r.a, "Screen:FindCitizen")
	r.tap(r.b, "TapNotNow")
	checkNothingPersonal(t, r.a)
}

// held is the file that a tablet's camera plays: what is held before it when it is opened next.
type held string

const (
	heldWidth, heldHeight = 1280, 720
	table                 = 110 // how light it is
)

// hold puts something on the table; nil: nothing.
func (h held) hold(t *testing.T, thing image.Image) {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, heldWidth, heldHeight))
	draw.Draw(picture, picture.Rect, image.NewUniform(color.Gray{table}), image.Point{}, draw.Src)
	if thing != nil {
		size := thing.Bounds().Size()
		at := image.Pt((heldWidth-size.X)/2, (heldHeight-size.Y)/2)
		draw.Draw(picture, image.Rectangle{at, at.Add(size)}, thing, thing.Bounds().Min, draw.Src)
	}
	var film bytes.Buffer
	fmt.Fprintf(&film, "YUV4MPEG2 W%d H%d F10:1 C420\n", heldWidth, heldHeight)
	for range 4 {
		film.WriteString("FRAME\n")
		for _, v := range picture.Pix {
			film.WriteByte(16 + byte(int(v)*219/255))
		}
		film.Write(bytes.Repeat([]byte{128}, heldWidth*heldHeight/2))
	}
	must(t, os.WriteFile(string(h)+".new", film.Bytes(), 0o600))
	must(t, os.Rename(string(h)+".new", string(h)))
}

// card draws a card with a barcode that says these words.
func card(t *testing.T, says string) image.Image {
	t.Helper()
	bars, err := oned.NewCode128Writer().Encode(says, gozxing.BarcodeFormat_CODE_128, 640, 1, nil)
	must(t, err)
	picture := image.NewGray(image.Rect(0, 0, 860, 540))
	for y := range 540 {
		for x := range 860 {
			light := byte(225)
			if u := x - 60; y > 370 && y < 470 && u >= 0 && u < bars.GetWidth() && bars.Get(u, 0) {
				light = 25
			}
			picture.SetGray(x, y, color.Gray{light})
		}
	}
	return picture
}
