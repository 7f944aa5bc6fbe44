package capture

import (
	"syscall"
	"testing"
	"unsafe"
)

// The kernel reads these structs byte by byte: their layout is videodev2.h's, and the requests' numbers hold their sizes.
func TestV4L2_layoutIsTheKernels(t *testing.T) {
	var q v4l2QueryControl
	var m v4l2QueryMenu
	for name, row := range map[string][2]uintptr{
		"v4l2_control":            {unsafe.Sizeof(v4l2Control{}), 8},
		"v4l2_queryctrl":          {unsafe.Sizeof(q), 68},
		"v4l2_queryctrl.type":     {unsafe.Offsetof(q.kind), 4},
		"v4l2_queryctrl.minimum":  {unsafe.Offsetof(q.least), 40},
		"v4l2_queryctrl.maximum":  {unsafe.Offsetof(q.most), 44},
		"v4l2_queryctrl.step":     {unsafe.Offsetof(q.step), 48},
		"v4l2_queryctrl.flags":    {unsafe.Offsetof(q.flags), 56},
		"v4l2_querymenu":          {unsafe.Sizeof(m), 44},
		"v4l2_querymenu.index":    {unsafe.Offsetof(m.index), 4},
		"VIDIOC_S_CTRL's size":    {vidiocSetControl >> 16 & 0x3fff, 8},
		"VIDIOC_QUERYCTRL's size": {vidiocQueryControl >> 16 & 0x3fff, 68},
		"VIDIOC_QUERYMENU's size": {vidiocQueryMenu >> 16 & 0x3fff, 44},
	} {
		if row[0] != row[1] {
			t.Errorf("%s: %d, want %d", name, row[0], row[1])
		}
	}
}

// kernel answers as a driver does.
type kernel struct {
	controls map[uint32]v4l2QueryControl
	menus    map[[2]uint32]bool
	values   map[uint32]int32
	freed    int
}

func (k *kernel) ioctl(request uint, arg unsafe.Pointer) error {
	switch request {
	case vidiocQueryControl:
		q := (*v4l2QueryControl)(arg)
		known, ok := k.controls[q.id]
		if !ok {
			return syscall.EINVAL
		}
		known.id = q.id
		*q = known
	case vidiocQueryMenu:
		if m := (*v4l2QueryMenu)(arg); !k.menus[[2]uint32{m.id, m.index}] {
			return syscall.EINVAL
		}
	case vidiocSetControl:
		c := (*v4l2Control)(arg)
		if known, ok := k.controls[c.id]; !ok || c.value < known.least || c.value > known.most {
			return syscall.ERANGE
		}
		k.values[c.id] = c.value
	default:
		return syscall.ENOTTY
	}
	return nil
}

func (k *kernel) open() *v4l2Controls {
	k.values = map[uint32]int32{}
	return newControls(k.ioctl, func() { k.freed++ })
}

func TestV4L2_zoomsInTheLensesOwnSteps(t *testing.T) {
	k := &kernel{controls: map[uint32]v4l2QueryControl{cidZoomAbsolute: {least: 100, most: 400, step: 10}}}
	c := k.open()
	for _, row := range []struct {
		factor, close float64
		value         int32
	}{{1, 1, 100}, {2, 2, 200}, {1.25, 1.2, 120}, {4, 4, 400}, {8, 4, 400}} {
		close, err := c.zoom(row.factor)
		if err != nil || close != row.close || k.values[cidZoomAbsolute] != row.value {
			t.Errorf("zoom %v: as close as %v at %d, %v", row.factor, close, k.values[cidZoomAbsolute], err)
		}
	}
	if c.hasTorch() {
		t.Error("a lamp where there is none")
	}
	c.close()
	if k.values[cidZoomAbsolute] != 100 || k.freed != 1 {
		t.Errorf("left at %d, freed %d times", k.values[cidZoomAbsolute], k.freed)
	}
}

// What can't be used is not there: a lens without a scale, one that only says where it is, a lamp that only flashes.
func TestV4L2_whatCannotBeUsedIsNotThere(t *testing.T) {
	for name, q := range map[string]v4l2QueryControl{
		"no scale":  {least: 0, most: 10, step: 1},
		"no range":  {least: 100, most: 100, step: 1},
		"read only": {least: 100, most: 400, step: 1, flags: 0x4},
		"disabled":  {least: 100, most: 400, step: 1, flags: 0x1},
	} {
		k := &kernel{controls: map[uint32]v4l2QueryControl{cidZoomAbsolute: q}}
		if close, err := k.open().zoom(2); close != 1 || err != nil || len(k.values) != 0 {
			t.Errorf("%s: as close as %v, %v, set %v", name, close, err, k.values)
		}
	}
	flash := &kernel{
		controls: map[uint32]v4l2QueryControl{cidFlashLEDMode: {most: 1}},
		menus:    map[[2]uint32]bool{{cidFlashLEDMode, 0}: true, {cidFlashLEDMode, 1}: true},
	}
	if flash.open().hasTorch() {
		t.Error("a lamp that only flashes is a torch")
	}
}

func TestV4L2_theLampGoesOutWithTheCamera(t *testing.T) {
	k := &kernel{
		controls: map[uint32]v4l2QueryControl{cidFlashLEDMode: {most: 2}},
		menus:    map[[2]uint32]bool{{cidFlashLEDMode, flashTorch}: true},
	}
	c := k.open()
	if !c.hasTorch() {
		t.Fatal("no lamp")
	}
	if err := c.torch(true); err != nil || k.values[cidFlashLEDMode] != flashTorch {
		t.Errorf("lit: %v, mode %d", err, k.values[cidFlashLEDMode])
	}
	if c.close(); k.values[cidFlashLEDMode] != flashNone {
		t.Error("still lit after the camera was closed")
	}
}
