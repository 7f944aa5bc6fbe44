package capture

import (
	"context"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

// webcam is a piece of hardware as the driver manager knows it, that does what a test says.
type webcam struct {
	open    func() error
	formats []prop.Media
	read    func() (image.Image, error)
	asked   atomic.Pointer[prop.Media]
	closed  chan struct{}
}

func (w *webcam) Open() error {
	w.closed = make(chan struct{})
	if w.open != nil {
		return w.open()
	}
	return nil
}

func (w *webcam) Close() error {
	if w.closed != nil {
		select {
		case <-w.closed:
		default:
			close(w.closed)
		}
	}
	return nil
}

func (w *webcam) Properties() []prop.Media {
	if w.formats == nil {
		return []prop.Media{format(640, 480, 30, frame.FormatYUYV)}
	}
	return w.formats
}

func (w *webcam) VideoRecord(p prop.Media) (video.Reader, error) {
	w.asked.Store(&p)
	closed := w.closed
	return video.ReaderFunc(func() (image.Image, func(), error) {
		select {
		case <-closed:
			return nil, func() {}, io.EOF
		case <-time.After(time.Millisecond):
		}
		img, err := w.read()
		return img, func() {}, err
	}), nil
}

func format(width, height int, fps float32, f frame.Format) prop.Media {
	return prop.Media{Video: prop.Video{Width: width, Height: height, FrameRate: fps, FrameFormat: f}}
}

// plug makes w the machine's only camera for a test.
func plug(t *testing.T, all ...*webcam) {
	t.Helper()
	m := driver.GetManager()
	unplug := func() {
		for _, d := range m.Query(driver.FilterDeviceType(driver.Camera)) {
			m.Delete(d.ID())
		}
	}
	unplug()
	t.Cleanup(unplug)
	for i, w := range all {
		label := string(rune('a' + i))
		if err := m.Register(w, driver.Info{Label: label, Name: "test " + label, DeviceType: driver.Camera}); err != nil {
			t.Fatal(err)
		}
	}
}

func picture(width, height int, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), ratio)
	for i := range img.Y {
		img.Y[i] = byte(i)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 90, 200
	}
	return img
}

func wantProblem(t *testing.T, err error, want media.DeviceProblem) {
	t.Helper()
	e, ok := errors.AsType[*media.DeviceError](err)
	if !ok || e.Problem != want || e.Device != "camera" {
		t.Errorf("error %v, want camera: %s", err, want)
	}
}

func TestOpenCamera_saysWhyThereIsNoPicture(t *testing.T) {
	testkit.Guard(t, time.Minute)
	hang := make(chan struct{})
	rows := []struct {
		name string
		open func() error
		want media.DeviceProblem
	}{
		{"another program holds it", func() error { return syscall.EBUSY }, media.DeviceBusy},
		{"the system refuses it", func() error { return syscall.EACCES }, media.DeviceRefused},
		{"the person refuses it", func() error { return os.ErrPermission }, media.DeviceRefused},
		{"it was just unplugged", func() error { return syscall.ENODEV }, media.DeviceNone},
		{"it does not answer", func() error { <-hang; return nil }, media.DeviceSlow},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			plug(t, &webcam{open: row.open})
			for _, spec := range []string{"auto", "v4l2:0"} {
				_, err := OpenCamera(t.Context(), spec, CameraOptions{})
				if row.want == media.DeviceSlow && spec != "auto" { // our own first try still hangs in it
					wantProblem(t, err, media.DeviceBusy)
					continue
				}
				wantProblem(t, err, row.want)
				if row.want == media.DeviceNone {
					break // looked for again, and gone
				}
			}
		})
	}
	close(hang)
	plug(t)
	for _, spec := range []string{"auto", "none", "v4l2", "v4l2:7", "file:" + filepath.Join(t.TempDir(), "no.y4m")} {
		_, err := OpenCamera(t.Context(), spec, CameraOptions{})
		wantProblem(t, err, media.DeviceNone)
	}
	if all := Cameras("auto"); len(all) != 0 {
		t.Errorf("cameras %v on a machine without", all)
	}
}

func TestOpenCamera_takesTheNextWhenOneIsHeld(t *testing.T) {
	testkit.Guard(t, time.Minute)
	good := &webcam{read: func() (image.Image, error) { return picture(640, 480, image.YCbCrSubsampleRatio422), nil }}
	plug(t, &webcam{open: func() error { return syscall.EBUSY }}, good)
	if all := Cameras("auto"); !slices.Equal(all, []string{"v4l2:0", "v4l2:1"}) {
		t.Errorf("cameras %v", all)
	}
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = OpenCamera(t.Context(), "v4l2:1", CameraOptions{})
	wantProblem(t, err, media.DeviceBusy) // we hold it
	f, err := s.Read(t.Context())
	if err != nil || f.Width != 640 || f.Height != 480 {
		t.Fatalf("%v, %v", f, err)
	}
	f.Release()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	s.Close()
	if _, err := s.Read(t.Context()); !errors.Is(err, media.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	s, err = OpenCamera(t.Context(), "v4l2:1", CameraOptions{})
	if err != nil {
		t.Fatalf("again after Close: %v", err)
	}
	s.Close()
}

func TestOpenCamera_unpluggedWhileInUse(t *testing.T) {
	testkit.Guard(t, time.Minute)
	n := 0
	plug(t, &webcam{read: func() (image.Image, error) {
		if n++; n > 3 {
			return nil, syscall.ENODEV
		}
		return picture(640, 480, image.YCbCrSubsampleRatio420), nil
	}})
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for {
		f, err := s.Read(t.Context())
		if err != nil {
			wantProblem(t, err, media.DeviceLost)
			return
		}
		f.Release()
	}
}

// Cheap webcams send a damaged JPEG now and then; that is no reason to say that the camera is gone.
func TestOpenCamera_aDamagedPictureIsSkipped(t *testing.T) {
	testkit.Guard(t, time.Minute)
	n := 0
	plug(t, &webcam{read: func() (image.Image, error) {
		if n++; n%2 == 1 {
			return nil, errors.New("invalid JPEG format")
		}
		return picture(640, 480, image.YCbCrSubsampleRatio422), nil
	}})
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 3 {
		f, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
}

func TestOpenCamera_asksForTheFormatThatFits(t *testing.T) {
	testkit.Guard(t, time.Minute)
	all := []prop.Media{
		format(1920, 1080, 30, frame.FormatMJPEG),
		format(1280, 720, 10, frame.FormatYUYV), // what USB 2 carries
		format(1280, 720, 30, frame.FormatMJPEG),
		format(640, 480, 30, frame.FormatYUYV),
		format(640, 360, 30, frame.FormatYUYV),
		format(640, 360, 30, frame.FormatZ16),
	}
	for _, row := range []struct {
		want CameraOptions
		got  prop.Media
	}{
		{CameraOptions{}, all[2]},
		{CameraOptions{640, 360, 30}, all[4]},
		{CameraOptions{640, 480, 30}, all[3]},
		{CameraOptions{1280, 720, 10}, all[1]},
		{CameraOptions{3840, 2160, 30}, all[0]},
	} {
		w := &webcam{formats: all, read: func() (image.Image, error) { return picture(64, 48, image.YCbCrSubsampleRatio420), nil }}
		plug(t, w)
		s, err := OpenCamera(t.Context(), "auto", row.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := *w.asked.Load(); got.Video != row.got.Video {
			t.Errorf("wanted %+v, asked for %+v, want %+v", row.want, got.Video, row.got.Video)
		}
		s.Close()
	}
}

func TestCamera_picturesOfAllKindsBecomeI420(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440} {
		for _, wide := range []bool{false, true} {
			img := picture(66, 50, ratio)
			kind := frame.FormatYUYV
			if wide {
				kind = frame.FormatMJPEG
			}
			plug(t, &webcam{formats: []prop.Media{format(66, 50, 30, frame.Format(kind))}, read: func() (image.Image, error) { return img, nil }})
			s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
			if err != nil {
				t.Fatal(err)
			}
			f, err := s.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range f.Y {
				want := int(img.Y[i])
				if wide {
					want = 16 + (want*219+127)/255
				}
				if int(v) != want {
					t.Fatalf("%v, wide %v: luma %d is %d, want %d", ratio, wide, i, v, want)
				}
			}
			u, v := byte(90), byte(200)
			if wide {
				u, v = 95, 191
			}
			for i := range f.U {
				if f.U[i] != u || f.V[i] != v {
					t.Fatalf("%v, wide %v: chroma %d is %d, %d, want %d, %d", ratio, wide, i, f.U[i], f.V[i], u, v)
				}
			}
			f.Release()
			s.Close()
		}
	}
}

func TestOpenCamera_theReaderMayBeLateOrLeave(t *testing.T) {
	testkit.Guard(t, time.Minute)
	given := make(chan struct{}, 1000)
	plug(t, &webcam{read: func() (image.Image, error) {
		select {
		case given <- struct{}{}:
		default:
		}
		return picture(64, 48, image.YCbCrSubsampleRatio420), nil
	}})
	s, err := OpenCamera(t.Context(), "auto", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 10 { // nobody reads, and the camera goes on
		<-given
	}
	f, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if age := media.Now() - f.Time; age > 500*time.Millisecond {
		t.Errorf("the picture is %v old", age)
	}
	f.Release()
	if s.(*videoSource).dropped.Load() == 0 {
		t.Error("no picture was counted as dropped")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Read(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

func TestSpecs_areParsedStrictly(t *testing.T) {
	for _, spec := range []string{"auto", "none", "v4l2", "v4l2:1", "timecode", "timecode:640x360@30", "file:a:b.y4m"} {
		if err := CheckCameraSpec(spec); err != nil {
			t.Error(err)
		}
	}
	for _, spec := range []string{"", "Auto", "auto:1", "v4l2:", "v4l2:-1", "v4l2:x", "timecode:", "timecode:640x360", "timecode:641x360@30", "timecode:640x360@0", "timecode:99999x2@30", "file:", "file", "tone"} {
		if err := CheckCameraSpec(spec); err == nil {
			t.Errorf("camera %q was taken", spec)
		}
		if _, err := OpenCamera(t.Context(), spec, CameraOptions{}); err == nil {
			t.Errorf("camera %q was opened", spec)
		}
	}
	for _, spec := range []string{"default", "none", "tone", "tone:1000", "file:x.wav"} {
		if err := CheckMicrophoneSpec(spec); err != nil {
			t.Error(err)
		}
	}
	for _, spec := range []string{"", "auto", "tone:", "tone:5", "tone:NaN", "tone:1e9", "file:", "default:1", "timecode"} {
		if err := CheckMicrophoneSpec(spec); err == nil {
			t.Errorf("microphone %q was taken", spec)
		}
	}
}

func TestOpenCamera_aBrokenFileSaysSo(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for name, text := range map[string]string{
		"empty": "", "other": "RIFF....", "no size": "YUV4MPEG2 F30:1\n", "4:4:4": "YUV4MPEG2 W64 H48 F30:1 C444\nFRAME\n",
		"full range": "YUV4MPEG2 W64 H48 F30:1 C420 XCOLORRANGE=FULL\n", "no rate": "YUV4MPEG2 W64 H48 F0:0\n", "huge": "YUV4MPEG2 W99999 H99999 F30:1\n",
	} {
		path := filepath.Join(t.TempDir(), "x.y4m")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := OpenCamera(t.Context(), "file:"+path, CameraOptions{})
		if !errors.Is(err, errY4M) && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "none.y4m")
	if err := os.WriteFile(path, []byte("YUV4MPEG2 W64 H48 F30:1\nFRAME\nshort"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenCamera(t.Context(), "file:"+path, CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Read(t.Context())
	wantProblem(t, err, media.DeviceLost)
}

func FuzzParseY4M(f *testing.F) {
	testkit.Seeds(f, "testdata/y4m/*")
	f.Fuzz(func(t *testing.T, line string) {
		h, err := parseY4M(line)
		if err != nil {
			if h != (y4mHeader{}) {
				t.Fatal("a header with an error")
			}
			return
		}
		if h.width%2 != 0 || h.height%2 != 0 || h.width*h.height < 256 || h.period() <= 0 || h.period() > time.Second {
			t.Fatalf("%q: %+v", line, h)
		}
	})
}

// Everything that is open stands in the driver manager, and leaves it.
func TestOpenCamera_goesThroughTheDriverManager(t *testing.T) {
	testkit.Guard(t, time.Minute)
	plug(t)
	count := func() int { return len(driver.GetManager().Query(func(driver.Driver) bool { return true })) }
	before := count()
	a, err := OpenCamera(t.Context(), "timecode:160x90@10", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenCamera(t.Context(), "timecode", CameraOptions{Width: 320, Height: 180, FPS: 10})
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenMicrophone(t.Context(), "tone")
	if err != nil {
		t.Fatal(err)
	}
	if got := count() - before; got != 3 {
		t.Errorf("%d drivers registered for three sources", got)
	}
	f, err := b.Read(t.Context())
	if err != nil || f.Width != 320 {
		t.Fatalf("%+v, %v", f, err)
	}
	f.Release()
	for _, c := range []io.Closer{a, b, m} {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := count() - before; got != 0 {
		t.Errorf("%d drivers left", got)
	}
}

func TestTimecodeSource_allocatesNothing(t *testing.T) {
	testkit.Guard(t, time.Minute)
	s, err := OpenCamera(t.Context(), "timecode:160x90@120", CameraOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	one := func() {
		f, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
	for range 10 {
		one()
	}
	if n := testing.AllocsPerRun(50, one); n != 0 {
		t.Errorf("%v allocations a picture, want 0", n)
	}
}
