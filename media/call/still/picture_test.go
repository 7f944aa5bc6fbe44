package still

import (
	"math"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestNewOffer_whatMayNotBeSent(t *testing.T) {
	good := Picture{ID: strings.Repeat("0f", 16), Type: jpeg, Width: 4000, Height: 3000, Data: []byte("picture")}
	if _, err := NewOffer(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Picture){
		"no id":       func(p *Picture) { p.ID = "" },
		"capitals":    func(p *Picture) { p.ID = strings.ToUpper(p.ID) },
		"no data":     func(p *Picture) { p.Data = nil },
		"too large":   func(p *Picture) { p.Data = make([]byte, maxSize+1) },
		"no size":     func(p *Picture) { p.Width = 0 },
		"not a JPEG":  func(p *Picture) { p.Type = "image/svg+xml" },
		"no hex here": func(p *Picture) { p.ID = strings.Repeat("g", 32) },
	} {
		p := good
		change(&p)
		if o, err := NewOffer(p); kontakt.KindOf(err) != kontakt.Invalid || o.data != nil {
			t.Errorf("%s: %v, %d bytes offered", name, err, len(o.data))
		}
	}
}

func TestNewPointer_onlyOnAPicture(t *testing.T) {
	id := strings.Repeat("0", 32)
	for name, row := range map[string]struct {
		id   string
		x, y float64
		on   bool
		good bool
	}{
		"a corner":         {id, 0, 1, true, true},
		"not any more":     {id, 7, 7, false, true},
		"beside it":        {id, 0.5, 1.01, true, false},
		"left of it":       {id, -0.01, 0, true, false},
		"nowhere":          {id, math.NaN(), 0, true, false},
		"on no picture":    {"", 0, 0, true, false},
		"gone from none":   {"x", 0, 0, false, false},
		"infinitely far":   {id, math.Inf(1), 0, true, false},
		"the middle of it": {id, 0.5, 0.5, true, true},
	} {
		if p, err := NewPointer(row.id, row.x, row.y, row.on); (err == nil) != row.good || err != nil && p != (Pointer{}) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}
