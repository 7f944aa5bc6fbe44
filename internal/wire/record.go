package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// PlaceRecord answers GET and POST /api/v1/entries/{id}/record and /api/v1/clinic/entries/{id}/record: consent and presence at
// a place, the same lines and the same code for both sides.
type PlaceRecord struct {
	Lines []RecordLine `json:"lines"`
	Code  string       `json:"code"` // "K7QF-2M9X"; changes with each line
}

// RecordLine is one line; its sentence stands under "rec." and What.
type RecordLine struct {
	N        int       `json:"n"` // from 1, without gaps
	At       time.Time `json:"at"`
	What     string    `json:"what"`               // kontakt.RecordWhat
	Who      string    `json:"who,omitempty"`      // kontakt.RecordRole
	Detail   string    `json:"detail,omitempty"`   // a word from a list
	Words    string    `json:"words,omitempty"`    // what somebody wrote
	Corrects int       `json:"corrects,omitempty"` // n of the line that this one sets right
	By       string    `json:"by"`                 // tablet, citizen, clinic, guest, system
	Name     string    `json:"name,omitempty"`     // of the clinician
}

// AdditionRequest adds a line to it: POST on the same addresses.
type AdditionRequest struct {
	What     string `json:"what"`               // in, out, tool, correction
	Who      string `json:"who,omitempty"`      // of in and out: relative, interpreter, colleague
	Detail   string `json:"detail,omitempty"`   // of tool: still, text, card
	Words    string `json:"words,omitempty"`    // of correction: at most 120 characters
	Corrects int    `json:"corrects,omitempty"` // of correction: n of the line
}

// FromRecord is what both sides read.
func FromRecord(r kontakt.Record) PlaceRecord {
	w := PlaceRecord{Lines: make([]RecordLine, len(r.Lines)), Code: r.Code}
	for i, l := range r.Lines {
		w.Lines[i] = RecordLine{
			N: l.N, At: l.At.UTC(), What: string(l.What), Who: string(l.Who), Detail: l.Detail, Words: l.Words, Corrects: l.Corrects, By: l.By, Name: l.Name,
		}
	}
	return w
}

// ToAddition accepts what kontakt.ParseAddition does.
func ToAddition(w AdditionRequest) (kontakt.Addition, error) {
	return kontakt.ParseAddition(kontakt.Addition{
		What: kontakt.RecordWhat(w.What), Who: kontakt.RecordRole(w.Who), Detail: w.Detail, Words: w.Words, Corrects: w.Corrects,
	})
}

// ToRecord is the reverse of FromRecord.
func ToRecord(w PlaceRecord) kontakt.Record {
	r := kontakt.Record{Code: w.Code}
	for _, l := range w.Lines {
		r.Lines = append(r.Lines, kontakt.RecordLine{
			N: l.N, At: l.At, What: kontakt.RecordWhat(l.What), Who: kontakt.RecordRole(l.Who), Detail: l.Detail, Words: l.Words, Corrects: l.Corrects, By: l.By, Name: l.Name,
		})
	}
	return r
}

// FromAddition is what a tablet sends.
func FromAddition(n kontakt.Addition) AdditionRequest {
	return AdditionRequest{What: string(n.What), Who: string(n.Who), Detail: n.Detail, Words: n.Words, Corrects: n.Corrects}
}
