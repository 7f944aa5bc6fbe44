package e2e

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kontaktlaege/media"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/wav"
	"kontaktlaege/ui/automation"
)

const (
	guestTone   = 880.0  // Hz, of who comes by the clinic's link
	scanTone    = 1000.0 // of who comes by the nurse's
	enoughSeen  = 10     // new pictures that tell a moving one from one that stands
	enoughHeard = 10     // tenths of a second with the tone
)

// E48: a relative by the clinic's one-time link, and then another by the nurse's, scanned off the tablet; each from the
// lobby to being shown out: all three see and hear each other in between, and the two who stay go on.
func TestCall_withAGuest(t *testing.T) {
	o := smallTablet
	o.Camera, o.Picture = "timecode:480x270@10", TestPicture{Width: 480, Height: 270, FPS: 10} // three send to two each, on one machine
	ctx, l := newTestLab(t, "guest", o)
	page := inACall(ctx, t, l)
	must(t, page.Until(ctx, holds("[data-test=call-mode]", "Videokonsultation")))
	must(t, l.Tablet.Read(ctx, "Videokonsultation"))

	l.Say("The clinic makes a link; Mette opens it, says who she is, and waits outside")
	must(t, page.Click(ctx, "[data-test=guests]"))
	must(t, page.Click(ctx, "[data-test=invite-do]"))
	must(t, page.Until(ctx, `document.querySelector("[data-test=invite-link]").value !== ""`))
	must(t, l.Picture(ctx, "link", page))
	var link string
	must(t, page.Eval(ctx, `document.querySelector("[data-test=invite-link]").value`, &link))
	must(t, page.Click(ctx, "[data-test=guests-close]"))
	guest := &guestPage{Page: openAsGuest(ctx, t, l, link, guestTone), t: t, l: l}
	guest.picture(ctx, "navn")
	must(t, guest.Fill(ctx, "[data-test=name]", "Mette Madsen"))
	must(t, guest.Click(ctx, "[data-test=enter]"))
	must(t, guest.See(ctx, "[data-test=devices-screen]"))
	guest.picture(ctx, "kamera")
	must(t, guest.Click(ctx, "[data-test=open-devices]"))
	must(t, guest.Until(ctx, holds("[data-test=lobby-words]", "Klinikken lukker dig ind om lidt")))
	must(t, l.Tablet.Read(ctx, "Mette Madsen venter udenfor. Klinikken lukker ind."))
	must(t, page.Until(ctx, holds("[data-test=lobby]", "Mette Madsen (pårørende) venter udenfor")))
	must(t, l.Picture(ctx, "venter-udenfor", page))
	guest.picture(ctx, "venter")

	l.Say("The clinic lets her in: three see and hear each other")
	must(t, page.Click(ctx, "[data-test=admit]"))
	three(ctx, t, l, page, guest.Page, guestTone)
	must(t, l.Picture(ctx, "tre", page))
	guest.picture(ctx, "tre")

	l.Say("The nurse sees who is with them, and makes it a videokonference")
	openTool(ctx, t, l, "TapInvite")
	must(t, l.Tablet.Read(ctx, "Mette Madsen · pårørende · Er med"))
	must(t, l.Picture(ctx, "deltagere", nil))
	must(t, l.Tablet.Tap(ctx, "TapInviteClose"))
	openTool(ctx, t, l, "TapMode")
	must(t, l.Tablet.Read(ctx, "Videokonference"))
	must(t, page.Until(ctx, holds("[data-test=call-mode]", "Videokonference")))

	l.Say("The clinic makes it a videokonsultation again, and shows Mette out; the two go on")
	must(t, page.Click(ctx, "[data-test=guests]"))
	must(t, page.Choose(ctx, "select[data-test=mode]", "videokonsultation"))
	must(t, l.Tablet.Read(ctx, "Videokonsultation"))
	must(t, l.Picture(ctx, "fjern", page))
	must(t, page.Click(ctx, "[data-test=remove-guest]"))
	must(t, guest.Until(ctx, holds("[data-test=over-words]", "Du er ikke med i samtalen længere")))
	guest.picture(ctx, "ikke-med")
	must(t, page.Click(ctx, "[data-test=guests-close]"))
	must(t, page.Until(ctx, `!document.querySelector("[data-participant^=gst_]")`))
	must(t, l.Tablet.Await(ctx, "only the clinic's picture", oneOther))
	var after eyes
	must(t, page.Eval(ctx, "probe.take()", nil)) // what was seen while she was there
	must(t, after.untilMoving(ctx, page, "tablet"))
	must(t, l.untilTabletSees(ctx, "VideoRemote"))
	must(t, l.Picture(ctx, "to-igen", page))
	checkComplaints(ctx, t, guest.Page)
	must(t, guest.Close(ctx))

	scanned(ctx, t, l, page)
	must(t, l.EndFromTablet(ctx, page))
	checkTabletHeard(t, l, clinicTone, guestTone, scanTone)
	checkNothingPersonal(t, l)
	checkComplaints(ctx, t, page)
}

// scanned is a visit of somebody beside the nurse: the link is made on the tablet and read off its window, as a telephone
// reads it; the nurse shows out whom she let come.
func scanned(ctx context.Context, t *testing.T, l *Lab, page *Page) {
	t.Helper()
	l.Say("The nurse makes a link; Ole scans it off the tablet with his telephone, and waits outside")
	openTool(ctx, t, l, "TapInvite")
	must(t, l.Tablet.Tap(ctx, "TapInviteKind"))
	_, err := l.Tablet.See(ctx, "QR")
	must(t, err)
	must(t, l.Picture(ctx, "kode", nil))
	guest := &guestPage{Page: openAsGuest(ctx, t, l, l.scan(ctx, t), scanTone), t: t, l: l, n: 20}
	must(t, guest.Fill(ctx, "[data-test=name]", "Ole Brandt"))
	must(t, guest.Click(ctx, "[data-test=enter]"))
	must(t, guest.Click(ctx, "[data-test=open-devices]"))
	must(t, guest.Until(ctx, holds("[data-test=lobby-words]", "Klinikken lukker dig ind om lidt")))
	must(t, l.Tablet.Read(ctx, "Ole Brandt venter udenfor. Klinikken lukker ind.")) // the code has been used: it makes room by itself
	must(t, page.Until(ctx, holds("[data-test=lobby]", "Ole Brandt (pårørende) venter udenfor")))

	l.Say("The clinic lets him in: three see and hear each other; the nurse shows him out")
	must(t, page.Click(ctx, "[data-test=admit]"))
	three(ctx, t, l, page, guest.Page, scanTone)
	guest.picture(ctx, "scannet")
	openTool(ctx, t, l, "TapInvite")
	must(t, l.Tablet.Read(ctx, "Ole Brandt · pårørende · Er med"))
	must(t, l.Tablet.Tap(ctx, "TapRemoveGuest1"))
	must(t, guest.Until(ctx, holds("[data-test=over-words]", "Du er ikke med i samtalen længere")))
	must(t, l.Tablet.Tap(ctx, "TapInviteClose"))
	must(t, page.Until(ctx, `!document.querySelector("[data-participant^=gst_]")`))
	must(t, l.Tablet.Await(ctx, "only the clinic's picture", oneOther))
	checkComplaints(ctx, t, guest.Page)
}

// scan reads the code that stands somewhere in the tablet's window.
func (l *Lab) scan(ctx context.Context, t *testing.T) string {
	t.Helper()
	var address string
	must(t, eventually(ctx, "a code that can be read off the tablet", func() bool {
		window, err := l.Tablet.Screen.Look()
		if err != nil {
			return false
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(window)
		if err != nil {
			return false
		}
		code, err := qrcode.NewQRCodeReader().Decode(bits, nil)
		if err != nil {
			return false
		}
		address = code.GetText()
		return true
	}))
	return address
}

// guestPage is the browser of somebody at home.
type guestPage struct {
	*Page
	t *testing.T
	l *Lab
	n int
}

func (g *guestPage) picture(ctx context.Context, name string) {
	g.t.Helper()
	g.n++
	must(g.t, g.l.settle(ctx))
	must(g.t, g.Picture(ctx, filepath.Join(g.l.Out, fmt.Sprintf("gaest-%02d-%s.png", g.n, name))))
}

// openAsGuest opens a link in a browser of its own, with a telephone's width and another tone before its microphone.
func openAsGuest(ctx context.Context, t *testing.T, l *Lab, link string, hz float64) *Page {
	t.Helper()
	tone := filepath.Join(l.Dir, fmt.Sprintf("guest.%g.wav", hz))
	f, err := os.Create(tone)
	must(t, err)
	must(t, errors.Join(capture.WriteToneWAV(f, hz, int(ClinicLoop.Seconds())), f.Close()))
	browser, err := l.Driver.LaunchChromium(ctx, l.Dir, BrowserOptions{FakeCamera: filepath.Join(l.Dir, "clinic.y4m"), FakeMic: tone, Width: 412, Height: 860})
	must(t, err)
	page, err := browser.Open(ctx, link, true, 412, 860, timecodeScript+probeScript)
	must(t, err)
	return page
}

// other is somebody in a page's call: by which tile, and with which tone.
type other struct {
	name, tile string
	hz         float64
}

// three waits until everybody of the three sees the others move, and the pages hear them, the guest by hz; what the tablet
// hears is in its file.
func three(ctx context.Context, t *testing.T, l *Lab, clinic, guest *Page, hz float64) {
	t.Helper()
	const tablet, doctor, relative = "[data-participant=tablet] video", "[data-participant=clinic] video", "[data-participant^=gst_] video"
	for page, others := range map[*Page][]other{
		clinic: {{"tablet", tablet, tabletTone}, {"guest", relative, hz}},
		guest:  {{"tablet", tablet, tabletTone}, {"clinic", doctor, clinicTone}},
	} {
		var names []string
		for _, o := range others {
			names = append(names, o.name)
			must(t, page.Until(ctx, fmt.Sprintf("document.querySelector(%s)?.videoWidth > 0", quoted(o.tile))))
			must(t, page.Eval(ctx, fmt.Sprintf("probe.watch(%s, %s), probe.listen(%[1]s, %[2]s, %[3]g)", quoted(o.name), quoted(o.tile), o.hz), nil))
		}
		var seen eyes
		must(t, seen.untilMoving(ctx, page, names...))
		must(t, seen.untilHeard(ctx, page, names...))
	}
	must(t, l.untilTabletSees(ctx, "VideoRemote"))
	must(t, l.untilTabletSees(ctx, "VideoRemote2"))
}

// untilMoving waits until each of a page's watches has seen new pictures come.
func (e *eyes) untilMoving(ctx context.Context, page *Page, names ...string) error {
	return e.until(ctx, page, names, "moving pictures", func(name string) bool { return e.picture(name).fresh() >= enoughSeen })
}

// untilHeard waits until each of them has heard its tone.
func (e *eyes) untilHeard(ctx context.Context, page *Page, names ...string) error {
	return e.until(ctx, page, names, "the tone", func(name string) bool {
		heard, _ := e.hearing(name)
		return heard >= enoughHeard
	})
}

func (e *eyes) until(ctx context.Context, page *Page, names []string, what string, enough func(name string) bool) error {
	var failed error
	for _, name := range names {
		err := eventually(ctx, what+" from "+name, func() bool {
			failed = e.drain(ctx, page)
			return failed != nil || enough(name)
		})
		if err := errors.Join(failed, err); err != nil {
			return err
		}
	}
	return nil
}

// fresh counts the pictures with another code than the one before.
func (w *Watch) fresh() int { return w.FlowBetween(time.Time{}, time.Now()).Fresh }

// untilTabletSees waits until a picture on the tablet's screen moves.
func (l *Lab) untilTabletSees(ctx context.Context, target string) error {
	var seen Watch
	var failed error
	err := eventually(ctx, "moving pictures on the tablet in "+target, func() bool {
		s, err := l.Tablet.Snapshot()
		where := s.Targets[target]
		if err != nil || where.Empty() {
			return false // a card may stand there while the connection is weak
		}
		var img *image.RGBA
		if img, failed = l.Tablet.Screen.Look(); failed != nil {
			return true
		}
		code, ok := capture.ReadTimecodeImage(img.SubImage(middle(where)))
		seen.Add(time.Now(), code, ok)
		return seen.fresh() >= enoughSeen
	})
	return errors.Join(failed, err)
}

// openTool taps a tool of the call, wherever it stands: in the row, or on the sheet behind "Mere".
func openTool(ctx context.Context, t *testing.T, l *Lab, name string) {
	t.Helper()
	s, err := l.Tablet.Snapshot()
	must(t, err)
	if s.Targets[name].Empty() {
		must(t, l.Tablet.Tap(ctx, "More"))
	}
	must(t, l.Tablet.Tap(ctx, name))
}

func oneOther(s automation.Snapshot) bool {
	return !s.Targets["VideoRemote"].Empty() && s.Targets["VideoRemote2"].Empty()
}

// checkTabletHeard looks for tones in what the tablet's loudspeaker played in the whole call.
func checkTabletHeard(t *testing.T, l *Lab, tones ...float64) {
	t.Helper()
	f, err := os.Open(l.Heard())
	must(t, err)
	defer f.Close()
	pcm, err := wav.Read(f)
	must(t, err)
	const tenth = media.SampleRate / 10
	for _, hz := range tones {
		heard := 0
		for piece := range slices.Chunk(pcm, tenth) {
			if hears(piece, hz) {
				heard++
			}
		}
		t.Logf("on the tablet: the tone of %g Hz in %d tenths of a second", hz, heard)
		if heard < enoughHeard {
			t.Errorf("the tablet heard the tone of %g Hz in %d tenths of a second, want %d", hz, heard, enoughHeard)
		}
	}
}
