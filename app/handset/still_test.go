package handset

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/call/still"
	"kontaktlaege/media/capture"
	"kontaktlaege/media/render"
)

// changes collects what app is told.
type changes struct {
	mu  sync.Mutex
	all []app.StillChange
}

func (c *changes) add(s app.StillChange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, s)
}

func (c *changes) stages() []app.StillStage {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []app.StillStage
	for _, s := range c.all {
		all = append(all, s.Stage)
	}
	return all
}

func timecodeFrame(t *testing.T) *media.Frame {
	t.Helper()
	s, err := capture.OpenCamera(t.Context(), "timecode:640x480@30", capture.CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// timecodePicture is such a frame as a still.
func timecodePicture(t *testing.T) []byte {
	t.Helper()
	f := timecodeFrame(t)
	defer f.Release()
	data, err := jpegOf(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A still looks as the picture does, and tells neither place nor device nor time.
func TestJPEG_looksLikeThePictureAndTellsNoMore(t *testing.T) {
	testkit.Guard(t, time.Minute)
	f := timecodeFrame(t)
	defer f.Release()
	data, err := jpegOf(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || got.Bounds() != image.Rect(0, 0, 640, 480) {
		t.Fatalf("%v, %v", got, err)
	}
	want, _ := capture.ReadTimecode(f.Y, f.Width, f.Width, f.Height)
	if ms, ok := capture.ReadTimecodeImage(got); !ok || ms != want {
		t.Errorf("reads %d, %v; want %d", ms, ok, want)
	}
	off := 0
	for y := 4; y < 480; y += 16 {
		for x := 4; x < 640; x += 16 {
			a, b := f.At(x, y).(color.YCbCr), color.YCbCrModel.Convert(got.At(x, y)).(color.YCbCr)
			if apart(a.Y, b.Y) > 12 || apart(a.Cb, b.Cb) > 12 || apart(a.Cr, b.Cr) > 12 {
				off++
			}
		}
	}
	if off > 30 { // on edges
		t.Errorf("%d of 1200 pixels are of another colour", off)
	}
	for at := 2; data[at] == 0xff && data[at+1] != 0xda; at += 2 + int(data[at+2])<<8 + int(data[at+3]) {
		if marker := data[at+1]; marker >= 0xe0 && marker <= 0xef || marker == 0xfe {
			t.Errorf("the picture has a segment %#x", marker)
		}
	}
}

func apart(a, b byte) int { return max(int(a)-int(b), int(b)-int(a)) }

// A camera that is off in the call is opened for the still alone, and closed after it.
func TestLens_opensACameraThatIsOff(t *testing.T) {
	testkit.Guard(t, time.Minute)
	opened := 0
	l := &lens{open: func(ctx context.Context, _ int) (media.VideoSource, error) {
		opened++
		return capture.OpenCamera(ctx, "timecode:320x240@30", capture.CameraOptions{})
	}}
	for range 2 {
		f, err := l.take(t.Context(), 0)
		if err != nil || f.Width != 320 {
			t.Fatalf("%v, %v", f, err)
		}
		f.Release()
	}
	if opened != 2 {
		t.Errorf("opened %d times", opened)
	}
	on, err := l.camera(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.take(t.Context(), 0)
	if err != nil || opened != 3 {
		t.Fatalf("with the camera on: %v, opened %d times", err, opened)
	}
	f.Release()
	on.Close()
	if f, err = l.take(t.Context(), 0); err != nil || opened != 4 {
		t.Fatalf("off again: %v, opened %d times", err, opened)
	}
	f.Release()
}

func handsetWith(t *testing.T, camera string, album Album) *Handset {
	t.Helper()
	h := New(Config{
		Camera: camera, Microphone: "none", Loudspeaker: "none", Self: (*media.Frame).Release,
		Remote: func(_ string, f *media.Frame) { f.Release() }, Album: album, IncludeLoopback: true, Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(func() { h.Close() })
	return h
}

// Without a camera there is no still, and what can't be sent goes nowhere: the nurse is told which of them it is.
func TestTakeStill_saysWhyThereIsNone(t *testing.T) {
	testkit.Guard(t, time.Minute)
	var album render.Album
	var told changes
	h := handsetWith(t, "none", &album)
	stop := h.stills.tell(told.add)
	h.TakeStill(t.Context())
	stop()
	if len(told.all) != 1 || told.all[0].Stage != app.StillFailed || told.all[0].Problem.Key != kontakt.MsgNoCamera {
		t.Errorf("told %+v", told.all)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	picture := still.Picture{ID: strings.Repeat("0", 32), Type: stillType, Width: 1, Height: 1, Data: []byte{1}}
	if err := h.sendStill(ctx, picture); stillProblem(err).Key != kontakt.MsgServerUnreachable {
		t.Errorf("outside a call: %v", err)
	}
}

// A picture that came is in the album before app hears of it; one that is none is forgotten by everybody.
func TestStills_areInTheAlbumBeforeTheyAreTold(t *testing.T) {
	testkit.Guard(t, time.Minute)
	good := timecodePicture(t)
	var album render.Album
	var told changes
	dropped := make(chan string, 1)
	s := newStills(&album, func(id string) { dropped <- id })
	there := false
	stop := s.tell(func(c app.StillChange) {
		there = there || c.Stage == app.StillCame && album.Get(c.ID) != nil
		told.add(c)
	})
	s.event(still.Event{Kind: still.Coming, From: kontakt.ParticipantClinic, ID: "a", Progress: 0.5})
	s.event(still.Event{Kind: still.Came, From: kontakt.ParticipantClinic, ID: "a", Data: good})
	s.work.Wait()
	s.event(still.Event{Kind: still.Came, From: kontakt.ParticipantClinic, ID: "b", Data: []byte("no picture")})
	s.work.Wait()
	stop()
	if want := []app.StillStage{app.StillComing, app.StillCame, app.StillDropped}; !slices.Equal(told.stages(), want) || !there {
		t.Errorf("told %+v; in the album in time: %v", told.all, there)
	}
	if id := <-dropped; id != "b" {
		t.Errorf("dropped %q", id)
	}
	s.event(still.Event{Kind: still.Asked, From: kontakt.ParticipantClinic})
	if n := len(told.stages()); n != 3 {
		t.Errorf("after the call %d changes were told", n)
	}
}

// With several who get it, a picture has come as far as with the one who has least of it.
func TestStills_progressIsThatOfTheSlowest(t *testing.T) {
	var album render.Album
	var told changes
	s := newStills(&album, func(string) {})
	defer s.tell(told.add)()
	for _, e := range []still.Event{
		{Kind: still.Going, From: "clinic", ID: "a", Progress: 0.5},
		{Kind: still.Going, From: "gst_a", ID: "a", Progress: 0.1},
		{Kind: still.Going, From: "clinic", ID: "a", Progress: 1},
		{Kind: still.Delivered, From: "clinic", ID: "a"},
		{Kind: still.Delivered, From: "gst_a", ID: "a"},
	} {
		s.event(e)
	}
	var progress []float64
	for _, c := range told.all {
		progress = append(progress, c.Progress)
	}
	if want := []float64{0.5, 0.1, 0.1, 0.1, 1}; !slices.Equal(progress, want) || told.all[4].Stage != app.StillDelivered || told.all[3].Stage != app.StillGoing {
		t.Errorf("told %+v, want %v", told.all, want)
	}
}

// The end of the call takes the album's pictures away.
func TestHangUp_keepsNoPicture(t *testing.T) {
	testkit.Guard(t, time.Minute)
	var album render.Album
	if err := album.Put("a", timecodePicture(t)); err != nil || album.Get("a") == nil {
		t.Fatal(err)
	}
	handsetWith(t, "none", &album).HangUp()
	if album.Get("a") != nil {
		t.Error("a picture is kept after the call")
	}
}

// What the clinic deletes is deleted with everybody; what a guest puts away is not.
func TestStills_theClinicDeletesForAll(t *testing.T) {
	testkit.Guard(t, time.Minute)
	good := timecodePicture(t)
	var album render.Album
	for _, id := range []string{"a", "b"} {
		if err := album.Put(id, good); err != nil {
			t.Fatal(err)
		}
	}
	dropped := make(chan string, 2)
	s := newStills(&album, func(id string) { dropped <- id })
	stop := s.tell(func(app.StillChange) {})
	s.event(still.Event{Kind: still.Dropped, From: "gst_1", ID: "a"})
	s.event(still.Event{Kind: still.Dropped, From: kontakt.ParticipantClinic, ID: "b"})
	stop()
	close(dropped)
	var all []string
	for id := range dropped {
		all = append(all, id)
	}
	if !slices.Equal(all, []string{"b"}) || album.Get("a") == nil || album.Get("b") != nil {
		t.Errorf("everybody was made to forget %v; on the tablet a is there: %v, b: %v", all, album.Get("a") != nil, album.Get("b") != nil)
	}
}

// slowAlbum decodes when it is let, and counts how many at a time.
type slowAlbum struct {
	render.Album
	let       chan struct{}
	now, most atomic.Int32
	decoded   atomic.Int32
}

func (a *slowAlbum) Put(id string, data []byte) error {
	a.most.Store(max(a.most.Load(), a.now.Add(1)))
	defer a.now.Add(-1)
	<-a.let
	a.decoded.Add(1)
	return a.Album.Put(id, data)
}

func (s *stills) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) > 0
}

// Whoever sends pictures faster than they are decoded takes neither the tablet's memory nor the end of the call; what is
// deleted meanwhile does not come up again.
func TestStills_aFloodIsDecodedOneByOneAndMostlyDropped(t *testing.T) {
	testkit.Guard(t, time.Minute)
	good := timecodePicture(t)
	album := &slowAlbum{let: make(chan struct{})}
	dropped := make(chan string, 100)
	s := newStills(album, func(id string) { dropped <- id })
	stop := s.tell(func(app.StillChange) {})
	came := func(id string) {
		s.event(still.Event{Kind: still.Came, From: "gst_1", ID: id, Data: good})
	}
	came("first")
	for album.now.Load() == 0 {
		if t.Context().Err() != nil {
			t.Fatal("nothing is decoded")
		}
		runtime.Gosched()
	}
	for i := range 20 {
		came(strconv.Itoa(i))
	}
	for range 20 - (maxDecoding - 1) {
		<-dropped
	}
	s.event(still.Event{Kind: still.Dropped, From: kontakt.ParticipantClinic, ID: "first"})
	if id := <-dropped; id != "first" {
		t.Errorf("dropped %q", id)
	}
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	for s.waits() {
		if t.Context().Err() != nil {
			t.Fatal("what waits is decoded after the call")
		}
		runtime.Gosched()
	}
	album.let <- struct{}{} // the one that is being decoded; nobody lets another
	<-ended
	if n := album.decoded.Load(); n != 1 || album.most.Load() != 1 || album.Get("first") != nil {
		t.Errorf("%d were decoded, %d at a time; the deleted one is there: %v", n, album.most.Load(), album.Get("first") != nil)
	}
}
