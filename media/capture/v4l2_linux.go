package capture

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/driver/camera"
	"golang.org/x/sys/unix"
)

// What Linux's videodev2.h and v4l2-controls.h say. The request numbers hold the structs' sizes.
const (
	vidiocSetControl   = 0xC008561C // VIDIOC_S_CTRL
	vidiocQueryControl = 0xC0445624 // VIDIOC_QUERYCTRL
	vidiocQueryMenu    = 0xC02C5625 // VIDIOC_QUERYMENU

	cidZoomAbsolute = 0x009A090D // V4L2_CID_ZOOM_ABSOLUTE
	cidFlashLEDMode = 0x009C0901 // V4L2_CID_FLASH_LED_MODE

	flashNone  = 0 // V4L2_FLASH_LED_MODE_NONE
	flashTorch = 2 // V4L2_FLASH_LED_MODE_TORCH

	flagsUnusable = 0x1 | 0x4 | 0x10 // V4L2_CTRL_FLAG_DISABLED, _READ_ONLY, _INACTIVE
)

// v4l2Control is struct v4l2_control.
type v4l2Control struct {
	id    uint32
	value int32
}

// v4l2QueryControl is struct v4l2_queryctrl.
type v4l2QueryControl struct {
	id, kind                     uint32
	name                         [32]byte
	least, most, step, preferred int32
	flags                        uint32
	reserved                     [2]uint32
}

// v4l2QueryMenu is struct v4l2_querymenu, whose name also holds a number.
type v4l2QueryMenu struct {
	id, index uint32
	name      [32]byte
	reserved  uint32
}

// v4l2Controls are those of a camera of Linux, on a file of their own beside the one that gives the pictures.
type v4l2Controls struct {
	ioctl func(request uint, arg unsafe.Pointer) error
	free  func()
	lens  v4l2QueryControl // zero: it does not zoom
	lamp  bool
	lit   bool
}

// openControls opens those of a camera; one whose file can't be opened has none.
func openControls(d driver.Driver) controls {
	if d.Info().DeviceType != driver.Camera {
		return noControls{}
	}
	_, file, _ := strings.Cut(d.Info().Label, camera.LabelSeparator)
	if !strings.HasPrefix(file, "video") || file != filepath.Base(file) {
		return noControls{}
	}
	fd, err := unix.Open("/dev/"+file, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return noControls{}
	}
	return newControls(func(request uint, arg unsafe.Pointer) error {
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(arg)); e != 0 {
			return e
		}
		return nil
	}, func() { _ = unix.Close(fd) })
}

// newControls asks what there is.
func newControls(ioctl func(uint, unsafe.Pointer) error, free func()) *v4l2Controls {
	c := &v4l2Controls{ioctl: ioctl, free: free}
	if q, ok := c.query(cidZoomAbsolute); ok && q.least > 0 && q.most > q.least {
		c.lens = q
	}
	if _, ok := c.query(cidFlashLEDMode); ok {
		torch := v4l2QueryMenu{id: cidFlashLEDMode, index: flashTorch}
		c.lamp = ioctl(vidiocQueryMenu, unsafe.Pointer(&torch)) == nil
	}
	return c
}

func (c *v4l2Controls) query(id uint32) (v4l2QueryControl, bool) {
	q := v4l2QueryControl{id: id}
	err := c.ioctl(vidiocQueryControl, unsafe.Pointer(&q))
	return q, err == nil && q.flags&flagsUnusable == 0
}

func (c *v4l2Controls) set(id uint32, value int32) error {
	v := v4l2Control{id: id, value: value}
	if err := c.ioctl(vidiocSetControl, unsafe.Pointer(&v)); err != nil {
		return fmt.Errorf("capture: the camera's control %#x: %w", id, err)
	}
	return nil
}

// zoom takes the lens's own numbers, which are as focal lengths are: twice the least is twice as close.
func (c *v4l2Controls) zoom(factor float64) (float64, error) {
	if c.lens.most == 0 {
		return 1, nil
	}
	least, step := float64(c.lens.least), max(float64(c.lens.step), 1)
	steps := math.Floor((min(least*factor, float64(c.lens.most)) - least) / step)
	value := least + steps*step
	if err := c.set(cidZoomAbsolute, int32(value)); err != nil {
		return 1, err
	}
	return value / least, nil
}

func (c *v4l2Controls) hasTorch() bool { return c.lamp }

func (c *v4l2Controls) torch(on bool) error {
	mode := int32(flashNone)
	if on {
		mode = flashTorch
	}
	c.lit = on
	return c.set(cidFlashLEDMode, mode)
}

// close puts out the lamp, and the lens back: the camera keeps both for whoever opens it next.
func (c *v4l2Controls) close() {
	if c.lit {
		_ = c.torch(false) // it may have been unplugged
	}
	_, _ = c.zoom(1)
	c.free()
}
