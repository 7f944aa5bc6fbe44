package waiting_test

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

// BenchmarkFull is a clinic with a hundred waiting, as its page and as one of the tablets asks for it.
func BenchmarkFull(b *testing.B) {
	const full = 100
	w := newWorld(b, full)
	var last kontakt.Entry
	for i := range full {
		last = w.join(w.lone, i)
	}
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if got := w.list(); len(got) != full {
				b.Fatalf("%d in the list", len(got))
			}
		}
	})
	b.Run("entry", func(b *testing.B) {
		for b.Loop() {
			if got := w.entry(w.lone, last.ID); got.Before != full-1 {
				b.Fatalf("%d before", got.Before)
			}
		}
	})
}
