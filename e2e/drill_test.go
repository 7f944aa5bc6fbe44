package e2e

import (
	"context"
	"image/color"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/media"
	"kontaktlaege/media/wav"
	"kontaktlaege/ui/automation"
)

// numberOfAgnes is the drill's citizen's: it fails modulus 11 and is nobody's.
const numberOfAgnes = "1204463012"

// nobodyThere is an address at which nothing listens.
func nobodyThere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return "http://" + l.Addr().String()
}

// M14, E62: the real program, with no backend at all, from the button to the card; the doctor moves and is heard.
func TestDrill_fromTheButtonToTheCardWithoutABackend(t *testing.T) {
	root, err := filepath.Abs("..")
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	dir := t.TempDir()
	heard := filepath.Join(dir, "heard.wav")
	tablet, err := NewTablet(TabletOptions{
		Binary: filepath.Join(root, "bin", "kontaktlaege"), Dir: dir, Backend: nobodyThere(t), Log: io.Discard, Width: 1024, Height: 640,
		Args: []string{"--drill", "--camera", "timecode:640x360@15", "--microphone", "tone", "--loudspeaker", "wav:" + heard},
	})
	must(t, err)
	defer tablet.Close()
	must(t, tablet.Start())
	see := func(names ...string) {
		t.Helper()
		must(t, tablet.Await(ctx, names[0], func(s automation.Snapshot) bool {
			for _, n := range append(names, "Drill") {
				if s.Targets[n].Empty() {
					return false
				}
			}
			return true
		}))
	}
	out := filepath.Join(root, "out", "e2e", "oevelse")
	must(t, os.MkdirAll(out, 0o755))
	picture := func(name string) {
		t.Helper()
		must(t, tablet.Screen.Picture(filepath.Join(out, name+".png")))
	}
	tap := func(names ...string) {
		t.Helper()
		for _, n := range names {
			must(t, tablet.Tap(ctx, n))
		}
	}

	see("Screen:DrillChoice") // by the flag
	tap("TapDrillEnd")
	must(t, tablet.Await(ctx, "the tablet that is no drill", func(s automation.Snapshot) bool {
		return !s.Targets["Screen:Enrol"].Empty() && s.Targets["Drill"].Empty()
	}))
	tap("TapDrill") // by the button
	see("Screen:DrillChoice")
	picture("1-valg")
	tap("TapScenario1")
	see("Screen:FindCitizen")
	must(t, tablet.TapDigits(ctx, numberOfAgnes))
	tap("TapFind")
	see("Screen:ReadBack")
	tap("TapConfirmCitizen", "TapConsentOral")
	see("Screen:Check", "TapJoin")
	tap("TapJoin")
	see("Screen:Waiting")
	tap("TapRead")
	see("Screen:Called")
	picture("2-kaldet")
	tap("TapAnswer")
	see("Screen:InCall")
	doctorMoves(ctx, t, tablet)
	must(t, tablet.Await(ctx, "a doctor who speaks", func(automation.Snapshot) bool { return loudest(lately(heard)) > 1000 }))
	picture("3-samtale")
	tap("TapEnd", "TapEndYes")
	see("Screen:Ended")
	tap("TapDone")
	see("Screen:DrillResult")
	must(t, tablet.Read(ctx, "Du kom hele vejen."))
	picture("4-kort")
	tap("TapDrillEnd")
	must(t, tablet.Await(ctx, "the tablet that is no drill", func(s automation.Snapshot) bool { return s.Targets["Drill"].Empty() }))
}

// lately is the last second of what a file has of a loudspeaker that still plays.
func lately(path string) []int16 {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	pcm, err := wav.Read(file)
	if err != nil {
		return nil // between two of its whole seconds
	}
	return pcm[max(len(pcm)-media.SampleRate, 0):]
}

// doctorMoves waits until the drill's amber stripes have moved in the doctor's picture.
func doctorMoves(ctx context.Context, t *testing.T, tablet *Tablet) {
	t.Helper()
	at, err := tablet.See(ctx, "VideoRemote")
	must(t, err)
	before := ""
	must(t, tablet.Await(ctx, "a doctor who moves", func(automation.Snapshot) bool {
		img, err := tablet.Screen.Look()
		if err != nil {
			return false
		}
		column := make([]byte, at.Dy())
		for y := range column {
			c := color.NRGBAModel.Convert(img.At(at.Min.X+at.Dx()/2, at.Min.Y+y)).(color.NRGBA)
			column[y] = '.'
			if c.R > 150 && c.B < 90 {
				column[y] = 'a'
			}
		}
		moved := before != "" && string(column) != before
		if strings.Contains(string(column), "aaa") {
			before = string(column)
		}
		return moved
	}))
}

func loudest(pcm []int16) int {
	most := 0
	for _, v := range pcm {
		most = max(most, int(v), -int(v))
	}
	return most
}
