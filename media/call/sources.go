package call

import (
	"io"
	"sync"

	"github.com/pion/transport/v5/packetio"
)

const (
	// maxSources is how many sources the other side may send from, RTP and RTCP counted apart: it has two, and one for probes.
	maxSources = 64
	// What waits to be read of one source, in bytes, as pion has it.
	maxUnreadRTP  = 1000 * 1000
	maxUnreadRTCP = 100 * 1000
)

// sources gives pion the buffers of what comes, one for each source. Pion keeps each for as long as the connection lives,
// whoever sends from it: a participant that invents sources would take 4 KiB with each small packet. One that goes beyond
// maxSources loses its connection, and with it all that was kept.
type sources struct {
	mu    sync.Mutex
	count int
	over  chan struct{} // closed when there are too many
}

func newSources() *sources { return &sources{over: make(chan struct{})} }

func (s *sources) buffer(kind packetio.BufferPacketType, _ uint32) io.ReadWriteCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count++; s.count == maxSources+1 {
		close(s.over)
	}
	b := packetio.NewBuffer()
	if kind == packetio.RTPBufferPacket {
		b.SetLimitSize(maxUnreadRTP)
	} else {
		b.SetLimitSize(maxUnreadRTCP)
	}
	return unread{b}
}

// unread is what waits to be read of one source.
type unread struct{ *packetio.Buffer }

func (u unread) Read(p []byte) (int, error) {
	n, _, err := u.Buffer.Read(p, nil)
	return n, err
}

func (u unread) Write(p []byte) (int, error) { return u.Buffer.Write(p, nil) }
