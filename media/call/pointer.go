package call

// Pointer is where somebody points at a still picture: X and Y from 0 to 1, from its upper left corner.
type Pointer struct {
	ID   string // of the picture
	X, Y float64
	On   bool // false: not any more
}
