package wire

import "encoding/json"

// TOBS is the table of TOBS that a municipality scores by.
type TOBS struct {
	Table json.RawMessage `json:"table,omitempty"` // as the municipality gave it; internal/kontakt/tobs reads it. None: TOBS is off
}
