package wire

import (
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// Card answers GET /api/v1/entries/{id}/card and /api/v1/clinic/entries/{id}/card: what the nurse tells the clinician.
type Card struct {
	Version int `json:"version"` // 0: nothing was changed or written since the number
	kontakt.Told
	kontakt.ISBAR
	TOBS *tobs.Scored `json:"tobs,omitempty"`
	At   *time.Time   `json:"at,omitempty"` // of the last change
	By   *Employee    `json:"by,omitempty"` // who made it
}

// CardRequest writes it: PUT /api/v1/entries/{id}/card.
type CardRequest struct {
	Version int `json:"version"` // of the card that was seen
	kontakt.ISBAR
	TOBS map[string]tobs.Value `json:"tobs,omitempty"` // by the keys of the municipality's table
}

// ToldRequest writes the reason anew: PUT /api/v1/entries/{id}/told.
type ToldRequest struct {
	Version int `json:"version"` // of the card that was seen
	kontakt.Told
}

// CardMark says in the clinic's list what there is of a card.
type CardMark struct {
	Version int  `json:"version"`
	ISBAR   bool `json:"isbar,omitempty"`
	TOBS    bool `json:"tobs,omitempty"`
	Total   *int `json:"total,omitempty"` // of TOBS; absent where that is not complete
}

// CardChanged is the Data of EventCardChanged.
type CardChanged struct {
	Entry   string `json:"entry"`
	Version int    `json:"version"`
}

// FromCard is a card as who may see it gets it.
func FromCard(c kontakt.Card) Card {
	w := Card{Version: c.Version, Told: c.Told, ISBAR: c.ISBAR, TOBS: c.TOBS, At: moment(c.At)}
	if c.By != (kontakt.Person{}) {
		w.By = fromPerson(&c.By)
	}
	return w
}

// ToCard is its reverse.
func ToCard(w Card) (kontakt.Card, error) {
	c := kontakt.Card{Version: w.Version, Told: w.Told, ISBAR: w.ISBAR, TOBS: w.TOBS, At: fromMoment(w.At)}
	if w.By != nil {
		by, err := ToPerson(*w.By)
		if err != nil {
			return kontakt.Card{}, err
		}
		c.By = by
	}
	return c, nil
}

// FromCardChange is what a tablet sends: of TOBS the values.
func FromCardChange(c kontakt.Card) CardRequest {
	w := CardRequest{Version: c.Version, ISBAR: c.ISBAR}
	if c.TOBS != nil {
		w.TOBS = c.TOBS.Values
	}
	return w
}

// ToCardChange checks the letters. What the values mean, the municipality's table says.
func ToCardChange(w CardRequest) (kontakt.Card, error) {
	letters, ok := w.ISBAR.Trimmed()
	if !ok || w.Version < 0 {
		return kontakt.Card{}, invalid("ToCardChange", nil)
	}
	c := kontakt.Card{Version: w.Version, ISBAR: letters}
	if len(w.TOBS) > 0 {
		c.TOBS = &tobs.Scored{Values: w.TOBS}
	}
	return c, nil
}

func fromMark(m kontakt.CardMark) *CardMark {
	if m == (kontakt.CardMark{}) {
		return nil
	}
	w := CardMark{Version: m.Version, ISBAR: m.ISBAR, TOBS: m.TOBS}
	if m.Complete {
		w.Total = &m.Total
	}
	return &w
}
