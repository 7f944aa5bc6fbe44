package media

import (
	"errors"
	"image/color"
	"sync"
	"testing"
)

func TestFramePool_givesBackWhatWasReleased(t *testing.T) {
	var p FramePool
	f := p.Get(641, 361)
	if f.Width != 640 || f.Height != 360 || len(f.Y) != 640*360 || len(f.U) != 320*180 || len(f.V) != 320*180 {
		t.Fatalf("%d×%d: %d, %d, %d", f.Width, f.Height, len(f.Y), len(f.U), len(f.V))
	}
	f.Retain()
	f.Release()
	if p.Get(640, 360) == f {
		t.Fatal("a frame that is still held was given again")
	}
	f.Release()
	if got := p.Get(640, 360); got != f {
		t.Error("a released frame was not given again")
	}
	f.Release()
	if got := p.Get(320, 180); got.Width != 320 || len(got.Y) != 320*180 {
		t.Error("a frame of another size")
	}
}

func TestFrame_releasedTooOftenIsABug(t *testing.T) {
	f := (&FramePool{}).Get(2, 2)
	f.Release()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f.Release()
}

func TestFramePool_runningCallAllocatesNothing(t *testing.T) {
	var p FramePool
	p.Get(64, 64).Release()
	if n := testing.AllocsPerRun(100, func() {
		f := p.Get(64, 64)
		f.Retain().Release()
		f.Release()
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func TestFramePool_manyHandsAtOnce(t *testing.T) {
	var p FramePool
	var hands sync.WaitGroup
	for hand := range 4 {
		hands.Go(func() {
			for range 1000 {
				f := p.Get(16+16*(hand%2), 16)
				f.Y[0] = byte(hand)
				f.Retain()
				f.Release()
				if f.Y[0] != byte(hand) {
					t.Error("another hand writes into this frame")
				}
				f.Release()
			}
		})
	}
	hands.Wait()
}

func TestFrame_isAnImage(t *testing.T) {
	f := (&FramePool{}).Get(4, 2)
	copy(f.Y, []byte{16, 235, 126, 255, 0, 16, 16, 16})
	copy(f.U, []byte{128, 240})
	copy(f.V, []byte{16, 128})
	for _, row := range []struct {
		x, y int
		want color.YCbCr
	}{{0, 0, color.YCbCr{Y: 0, Cb: 128, Cr: 0}}, {1, 1, color.YCbCr{Y: 0, Cb: 128, Cr: 0}}, {1, 0, color.YCbCr{Y: 255, Cb: 128, Cr: 0}}, {3, 0, color.YCbCr{Y: 255, Cb: 255, Cr: 128}}, {9, 9, color.YCbCr{Cb: 128, Cr: 128}}} {
		if got := f.At(row.x, row.y).(color.YCbCr); got.Y != row.want.Y || got.Cb < row.want.Cb-min(row.want.Cb, 1) || int(got.Cr) > int(row.want.Cr)+1 {
			t.Errorf("(%d, %d) = %v, want %v", row.x, row.y, got, row.want)
		}
	}
}

func TestDeviceError_saysDeviceAndCause(t *testing.T) {
	cause := errors.New("no such device")
	err := error(&DeviceError{Device: "camera", Problem: DeviceLost, Err: cause})
	if err.Error() != "media: camera: lost: no such device" || !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}
	if got := (&DeviceError{Device: "camera", Problem: DeviceNone}).Error(); got != "media: camera: none" {
		t.Error(got)
	}
}
