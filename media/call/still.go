package call

// Still is a still picture to be sent.
type Still struct {
	ID            string // 32 hex digits
	Type          string // "image/jpeg"
	Width, Height int
	Data          []byte // not to be written to any more
}

// StillKind says what became of a still picture.
type StillKind int

// The kinds of StillEvent.
const (
	StillAsked     StillKind = iota // From wants one
	StillComing                     // From sends one: Progress
	StillCame                       // it is whole: Data
	StillGoing                      // our own is on its way to From: Progress
	StillDelivered                  // From has it
	StillDropped                    // From forgot it, or it came to nothing
)

// StillEvent says what became of a still picture.
type StillEvent struct {
	Kind          StillKind
	From          string // the other participant
	ID            string
	Type          string
	Width, Height int
	Progress      float64 // 0–1
	Data          []byte  // when it came whole; the receiver's to keep
}
