package call_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// resident gives the memory of this process, with that of libvpx and libopus, in bytes.
func resident(t *testing.T) int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("this system does not tell how much memory a process has")
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// files counts what this process has open.
func files(t *testing.T) int {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not tell what a process has open")
	}
	return len(open)
}

// heap gives what is in use after a collection.
func heap() int {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// A tablet makes calls for months: each gives back all that it took.
func TestCall_hundredInARow(t *testing.T) {
	testkit.Guard(t, 300*time.Second)
	calls, warmUp := 100, 20
	if testing.Short() {
		calls, warmUp = 15, 5
	}
	tab, c := newTablet(t), newClinic(t)
	var heapBefore, residentBefore, filesBefore int
	for i := range calls {
		if i == warmUp {
			heapBefore, residentBefore, filesBefore = heap(), resident(t), files(t)
		}
		before := c.frames.Load()
		end := tab.call(c, kontakt.Relay{})
		until(t, "a picture there", func() bool { return c.frames.Load() > before })
		if err := tab.phone.Type("Hej"); err != nil {
			t.Fatal(err)
		}
		end()
		if n := tab.room.openCameras.Load() + tab.room.openMicrophones.Load(); n != 0 {
			t.Fatalf("%d devices open after the call", n)
		}
		c.close()
	}
	// An encoder or decoder that is left over takes megabytes a call; what the allocator of C keeps for itself is no loss.
	const heapSlack, residentSlack = 4 << 20, 48 << 20
	heapMore, residentMore, filesMore := heap()-heapBefore, resident(t)-residentBefore, files(t)-filesBefore
	t.Logf("heap %d KiB more, process %d KiB more, %d files more", heapMore>>10, residentMore>>10, filesMore)
	if heapMore > heapSlack || residentMore > residentSlack {
		t.Errorf("memory was not given back in %d calls", calls-warmUp)
	}
	if filesMore > 0 {
		t.Errorf("%d files more are open after %d calls", filesMore, calls-warmUp)
	}
}
