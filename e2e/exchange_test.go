package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Beside picture and sound: text that is read letter by letter at the other end, both ways, and a photo that the clinic
// asks for, gets as the camera took it, and points at. When the call is over, nothing of either is left.
func TestCall_textAndPhoto(t *testing.T) {
	ctx, l := newTestLab(t, "text-and-photo", LabOptions{Camera: "timecode:1280x720@10"})
	page := inACall(ctx, t, l)

	l.Say("The clinic writes; the nurse sees it in large letters before the line is done, and answers")
	must(t, page.Click(ctx, "[data-test=write-open]"))
	must(t, page.Fill(ctx, "[data-test=write]", "Har hun feber"))
	must(t, l.Tablet.Read(ctx, "Lars Holm skriver")) // it opens by itself
	must(t, l.Tablet.Read(ctx, "Har hun feber"))
	must(t, l.Picture(ctx, "klinikken-skriver", page))
	must(t, l.Tablet.Screen.Focus(ctx, "Kontakt Læge"))
	must(t, l.Tablet.Screen.Type(ctx, "Ja 38"))
	must(t, l.Tablet.Screen.Key(ctx, "BackSpace"))
	must(t, l.Tablet.Screen.Type(ctx, "9 grader"))
	must(t, page.Until(ctx, holds("[data-test=writing] .said-other", "Ved tabletten · skriver nu\nJa 39 grader")))
	must(t, l.Picture(ctx, "begge-skriver", page))
	must(t, l.Tablet.Screen.Key(ctx, "Return"))
	must(t, page.Press(ctx, "Enter"))
	must(t, page.Until(ctx, holds("[data-test=written] .said-other", "Ja 39 grader")))
	must(t, page.Until(ctx, holds("[data-test=written] .said-own", "Har hun feber")))
	must(t, l.Tablet.Read(ctx, "Du skriver"))
	must(t, l.Tablet.Read(ctx, "Ja 39 grader"))
	must(t, l.Picture(ctx, "skrevet", page))
	must(t, l.Tablet.Tap(ctx, "TapTypingClose"))

	l.Say("The clinic asks for a photo; the nurse takes it; the clinic gets each of its pixels, and points")
	must(t, page.Click(ctx, "[data-test=still]"))
	_, err := l.Tablet.See(ctx, "TapStillAsked")
	must(t, err)
	must(t, page.Until(ctx, holds("[data-test=still-line]", "Tabletten er bedt om et foto")))
	must(t, l.Picture(ctx, "bedt-om-foto", page))
	must(t, l.Tablet.Tap(ctx, "TapStillAsked"))
	must(t, page.Until(ctx, `document.querySelector("[data-test=still-picture]").width === 1280 && document.querySelector("[data-test=still-picture]").height === 720`))
	must(t, page.Until(ctx, `!document.querySelector("[data-test=still-line]").checkVisibility()`))
	must(t, l.Tablet.Read(ctx, "Dit foto · Fotoet er fremme"))
	var shown [][2]any
	must(t, page.Eval(ctx, `probe.look("[data-test=still-picture]")`, &shown))
	var photo Watch
	must(t, photo.addBits(shown))
	if len(photo.Sightings()) == 0 {
		t.Error("the photo in the clinic's page is not what stood before the camera")
	}
	must(t, l.Picture(ctx, "foto", page))

	at, err := l.Tablet.See(ctx, "Photo")
	must(t, err)
	before := ringAt(t, l, at, 0.25, 0.7)
	must(t, page.Click(ctx, "[data-test=still-point]"))
	must(t, page.Point(ctx, "[data-test=still-picture]", 0.25, 0.7))
	must(t, l.Tablet.Read(ctx, "Lars Holm peger"))
	must(t, eventually(ctx, "the clinic's finger on the tablet", func() bool { return ringAt(t, l, at, 0.25, 0.7) != before }))
	must(t, l.Picture(ctx, "klinikken-peger", page))
	must(t, l.Tablet.Tap(ctx, "Photo")) // in its middle
	must(t, l.Tablet.Read(ctx, "Du peger"))
	must(t, page.Until(ctx, `(() => {
		const finger = document.querySelector("[data-test=finger]")
		return finger?.innerText === "Ved tabletten" && Math.abs(parseFloat(finger.style.left) - 50) < 2 && Math.abs(parseFloat(finger.style.top) - 50) < 2
	})()`))
	must(t, l.Picture(ctx, "sygeplejersken-peger", page))

	must(t, l.Tablet.Tap(ctx, "TapStillClose"))
	must(t, l.EndFromTablet(ctx, page))
	must(t, page.Until(ctx, `!document.querySelector("[data-test=viewer]").open && document.querySelector("[data-test=still-picture]").width === 0`))
	checkNothingKept(t, l, "Har hun feber", "Ja 39 grader")
	checkNothingPersonal(t, l)
	checkComplaints(ctx, t, page)
}

// inACall takes a new tablet and the doctor's page as far as the talk.
func inACall(ctx context.Context, t *testing.T, l *Lab) *Page {
	t.Helper()
	enrolAndSignIn(ctx, t, l)
	queue(ctx, t, l)
	page, err := l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	must(t, l.StartFirst(ctx, page))
	must(t, l.Answer(ctx, page))
	return page
}

// holds is true when something that is shown at a selector holds these words.
func holds(selector, words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].some((el) => el.checkVisibility() && el.innerText.replaceAll("\u00a0", " ").includes(%s))`, quoted(selector), quoted(words))
}

// ringAt gives the pixels of the tablet's screen around a place in a picture, 0–1, as large as the ring of who points.
func ringAt(t *testing.T, l *Lab, picture image.Rectangle, x, y float64) string {
	t.Helper()
	const across = 64
	at := picture.Min.Add(image.Pt(int(x*float64(picture.Dx())), int(y*float64(picture.Dy()))))
	img, err := l.Tablet.Screen.LookAt(image.Rectangle{Min: at, Max: at}.Inset(-across / 2))
	must(t, err)
	return string(img.Pix)
}

// eventually waits until something is so: also until a call that fell to sound on a busy machine has its picture back.
func eventually(ctx context.Context, what string, so func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 3*patience)
	defer cancel()
	for !so() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("e2e: never came: %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// checkNothingKept reads every file of the tablet and the backend: no photo, and none of the words that were written.
func checkNothingKept(t *testing.T, l *Lab, words ...string) {
	t.Helper()
	read := 0
	must(t, filepath.WalkDir(l.Dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (strings.HasPrefix(e.Name(), "chromium-") || strings.HasPrefix(e.Name(), "screen-")): // not ours
			return filepath.SkipDir
		case !e.Type().IsRegular() || strings.HasPrefix(path, filepath.Join(l.Dir, "clinic.")):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		if bytes.HasPrefix(data, []byte("\xff\xd8\xff")) {
			t.Errorf("%s is a photo", e.Name())
		}
		for _, w := range words {
			if bytes.Contains(data, []byte(w)) {
				t.Errorf("%s holds what was written in the call", e.Name())
			}
		}
		return nil
	}))
	if read == 0 {
		t.Error("there was no file to read")
	}
}
