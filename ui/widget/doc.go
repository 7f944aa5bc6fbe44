// Package widget holds the parts that the screens are made of. They follow Fyne's grammar: exported fields configure,
// setters end in Refresh, a renderer owns the canvas objects and Destroy stops what it started.
//
// Invariants: whatever holds text tells its height for a width (Flowing), so nothing is cut at 200 per cent; a thing
// to tap is at least 56 high, names itself for automation (Target) and can be reached by keyboard; an icon always has
// its word; nothing here knows a state or decides anything.
package widget
