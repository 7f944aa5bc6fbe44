package app

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// What is held before the tablet's camera, the citizen's health card or a colleague's offer, is read by the handset and goes
// to the screen, as the camera's picture does. It comes back as the tap that keying it would be: TapFind, TapAccept. So a
// CPR number that was scanned is in no state, like one that was keyed.

// ScanFor is what is looked for.
type ScanFor int

// What is looked for.
const (
	ScanCard  ScanFor = iota // a health card
	ScanOffer                // a colleague's QR code
)

// Scan: the camera looks for a code.
type Scan struct {
	For     ScanFor
	Report  ScanReport
	Light   bool // the lamp is on
	Busy    bool // what a colleague offers is being taken
	Problem Sentence

	round int // of the camera
}

// ScanReport is how the camera fares.
type ScanReport struct {
	Torches bool     // it has a lamp
	Dark    bool     // there is too little light
	Other   bool     // what is held there is another code
	Problem Sentence // why there is no picture
}

// Scanner reads what is held before the camera.
type Scanner interface {
	// Scan shows the camera's picture on the screen and looks until ctx ends, until it has found, or until there is no
	// camera, which it reports.
	Scan(ctx context.Context, what ScanFor, report func(ScanReport))
	// Light turns the lamp of a camera that has one on and off, while it scans.
	Light(on bool)
}

// Blind says whether there is no picture.
func (s Scan) Blind() bool { return !s.Report.Problem.None() }

// withoutCamera says of what is wrong with a camera what that means here: in a call the sound goes on, here one keys.
var withoutCamera = map[kontakt.MsgKey]kontakt.MsgKey{
	kontakt.MsgNoCamera: "scan.no_camera", kontakt.MsgCameraBusy: "scan.camera_busy",
	kontakt.MsgCameraRefused: "scan.camera_refused", kontakt.MsgCameraLost: "scan.camera_lost",
}

// Says gives the one sentence that helps now.
func (s Scan) Says() Sentence {
	card := s.For == ScanCard
	switch r := s.Report; {
	case !s.Problem.None():
		return s.Problem
	case s.Blind():
		if key, ok := withoutCamera[r.Problem.Key]; ok {
			return Sentence{Key: key}
		}
		return r.Problem
	case r.Other && card:
		return Sentence{Key: "cit.scan_other"}
	case r.Other:
		return Sentence{Key: "hand.scan_other"}
	case r.Dark && r.Torches && !s.Light:
		return Sentence{Key: "cit.scan_lamp"}
	case r.Dark:
		return Sentence{Key: "cit.scan_dark"}
	case card:
		return Sentence{Key: "cit.scan_hint"}
	}
	return Sentence{Key: "hand.scan_hint"}
}

type (
	// TapScan scans a health card, TapScanOffer a colleague's code; TapLight turns the lamp on and off.
	TapScan      struct{}
	TapScanOffer struct{}
	TapLight     struct{}
	// ScanReported is how the camera fares.
	ScanReported struct{ Report ScanReport }

	// ScanFrom opens the camera; Light turns its lamp.
	ScanFrom struct{ For ScanFor }
	Light    struct{ On bool }
)

func (TapScan) event()      {}
func (TapScanOffer) event() {}
func (TapLight) event()     {}
func (ScanReported) event() {}

func (ScanFrom) course(s State) course { return course{life: screenLife(s), lane: "phone"} }
func (Light) course(State) course      { return course{life: wholeRun, lane: "lamp", replaces: true} }

func (e ScanFrom) do(ctx context.Context, m *Machine) {
	m.ports.Scanner.Scan(ctx, e.For, func(r ScanReport) { m.tell(ctx, ScanReported{r}) })
}

func (e Light) do(_ context.Context, m *Machine) { m.ports.Scanner.Light(e.On) }

// scan begins to look.
func scan(s State, what ScanFor, round int) (State, []Effect) {
	s.Screen = Scan{For: what, round: round}
	return s, []Effect{ScanFrom{what}}
}
