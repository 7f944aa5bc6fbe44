package widget

import (
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
	"kontaktlaege/media/render"
	"kontaktlaege/ui/theme"
)

// halves is a picture that is bright at the left and dark at the right.
func halves(pool *media.FramePool, width, height int) *media.Frame {
	f := pool.Get(width, height)
	for i := range f.Y {
		f.Y[i] = 235
		if i%width >= width/2 {
			f.Y[i] = 16
		}
	}
	for i := range f.U {
		f.U[i], f.V[i] = 128, 128
	}
	return f
}

func tile(t *testing.T, cover, mirror, gpu bool) (*Video, *render.Mailbox, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.Theme{})
	box := &render.Mailbox{}
	v := NewVideo("VideoTest", box, cover, mirror, gpu)
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(320, 180))
	return v, box, w
}

func brightness(m image.Image, x, y int) int {
	r, g, b, _ := m.At(x, y).RGBA()
	return int(r+g+b) / 3 >> 8
}

func TestVideo_withoutGPUShowsThePicture(t *testing.T) {
	for _, row := range []struct {
		name        string
		mirror      bool
		left, right int
	}{{"as it is", false, 255, 0}, {"as in a mirror", true, 0, 255}} {
		t.Run(row.name, func(t *testing.T) {
			v, box, w := tile(t, false, row.mirror, false)
			var pool media.FramePool
			v.SetLive(true)
			box.Put(halves(&pool, 64, 36))
			m := w.Canvas().Capture()
			if l, r := brightness(m, 40, 90), brightness(m, 280, 90); l != row.left || r != row.right {
				t.Errorf("left %d, right %d; want %d and %d", l, r, row.left, row.right)
			}
			if !v.Showing() {
				t.Error("says that it shows nothing")
			}
		})
	}
}

func TestVideo_namesWhereThePictureIsWithoutItsBars(t *testing.T) {
	v, box, w := tile(t, false, false, false)
	var pool media.FramePool
	v.SetLive(true)
	if _, ok := Targets(w.Canvas())["VideoTest"]; ok {
		t.Error("names a picture before there is one")
	}
	box.Put(halves(&pool, 90, 90)) // square, in a tile of 320 by 180
	if got, want := Targets(w.Canvas())["VideoTest"], image.Rect(70, 0, 250, 180); got != want {
		t.Errorf("the picture is at %v, want %v", got, want)
	}
	v.SetLive(false)
	if _, ok := Targets(w.Canvas())["VideoTest"]; ok {
		t.Error("names a picture that is gone")
	}
}

func TestVideo_givesEveryPictureBack(t *testing.T) {
	for name, gpu := range map[string]bool{"with a GPU": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			v, box, _ := tile(t, true, true, gpu)
			var pool media.FramePool
			v.SetLive(true)
			seen := map[*media.Frame]bool{}
			for range 10 {
				f := halves(&pool, 64, 36)
				seen[f] = true
				box.Put(f)
			}
			v.SetLive(false)
			box.Put(halves(&pool, 64, 36)) // nobody looks: it must come back too
			if len(seen) > 2 {
				t.Errorf("%d pictures were out at once: they are not given back", len(seen))
			}
			for range len(seen) {
				if f := pool.Get(64, 36); !seen[f] {
					t.Error("a picture is still held after the tile went dark")
				}
			}
		})
	}
}

func TestVideo_withGPUGivesTheShaderFreshImagesEachTime(t *testing.T) {
	v, box, _ := tile(t, true, true, true)
	var pool media.FramePool
	v.SetLive(true)
	box.Put(halves(&pool, 64, 36))
	first := v.shader.Textures[render.TextureY]
	if first == nil || v.shader.Hidden {
		t.Fatal("the shader has nothing to draw")
	}
	box.Put(halves(&pool, 64, 36))
	if v.shader.Textures[render.TextureY] == first {
		t.Error("the same image again: Fyne would not upload it")
	}
	if v.shader.Uniforms["mirror"] != 1 || v.shader.Uniforms["cover"] != 1 {
		t.Errorf("uniforms %v", v.shader.Uniforms)
	}
}

func TestIcons_allOpen(t *testing.T) {
	for _, i := range []Icon{
		IconMic, IconMicOff, IconCamera, IconCameraOff, IconFlip, IconHangUp, IconAnswer, IconVolumeDown, IconVolumeUp, IconBack, IconCheck,
		IconCross, IconWarning, IconInfo, IconErase, IconLanguage, IconTextSize, IconDark, IconLight, IconContrast, IconRunning, IconNetwork, IconNetworkOff,
		IconWrite, IconPhoto, IconInvite, IconPeople, IconMore, IconZoomIn, IconZoomOut, IconTorch, IconTrash,
	} {
		if len(i.resource(theme.Theme{}.Color(theme.ColorInk, 0)).Content()) == 0 {
			t.Errorf("%s is empty", i)
		}
	}
}

// A window that is drawn for each of two pictures costs twice: one's own comes with the other's.
func TestVideo_isDrawnWithTheOthersPictures(t *testing.T) {
	self, own, _ := tile(t, true, true, true)
	other, theirs := NewTile("VideoOther", true), &render.Mailbox{}
	other.Watch(theirs)
	self.DrawWith(other)
	self.SetLive(true)
	var pool media.FramePool
	put := func(box *render.Mailbox) *media.Frame {
		f := halves(&pool, 64, 36)
		box.Put(f)
		return f
	}
	self.patience = time.Hour
	if f := put(own); self.planes.Frame() != f {
		t.Fatal("nobody leads, and the picture is not drawn")
	}
	put(theirs)
	f := put(own)
	if self.planes.Frame() == f {
		t.Error("drawn between the other's pictures")
	}
	put(theirs)
	if self.planes.Frame() != f {
		t.Error("not drawn with the other's picture")
	}

	self.patience = time.Millisecond
	other.video.drawn = time.Now().Add(time.Hour) // it leads, and gives no picture
	put(own)
	testkit.Guard(t, time.Minute)
	for pool.Get(64, 36) != f { // which comes back once another is drawn in its place
		time.Sleep(time.Millisecond)
	}
}
