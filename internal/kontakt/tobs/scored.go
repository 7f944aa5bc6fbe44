package tobs

import (
	"reflect"
	"time"
)

// Scored is a result with what it was made of, as a card keeps it: who corrects a value begins with the others.
type Scored struct {
	Values map[string]Value `json:"values"`
	At     time.Time        `json:"at"` // when it was scored
	Result Result           `json:"result"`
}

// Of says whether it was made of these values.
func (s *Scored) Of(values Values) bool {
	return s != nil && reflect.DeepEqual(s.Values, map[string]Value(values))
}
