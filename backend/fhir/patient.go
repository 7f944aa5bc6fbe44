package fhir

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// The identifier systems of DK Core.
const (
	systemCPR        = "urn:oid:1.2.208.176.1.2"
	systemYdernummer = "urn:oid:1.2.208.176.1.4"
	systemSOR        = "urn:oid:1.2.208.176.1.1"
)

const (
	pageSize    = "20"
	mostMatches = 5 // patients with one number; more is a server that did not understand
)

// Patient is a citizen as a server knows them.
type Patient struct {
	Name string
	// Practices are those the citizen is attached to, by provider number; none: none is named.
	Practices []kontakt.Ydernummer
}

type bundle struct {
	ResourceType string  `json:"resourceType"`
	Entry        []entry `json:"entry"`
	Link         []struct {
		Relation string `json:"relation"`
	} `json:"link"`
}

type entry struct {
	FullURL  string          `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

type identifier struct {
	Use    string `json:"use"`
	System string `json:"system"`
	Value  string `json:"value"`
}

type reference struct {
	Reference  string      `json:"reference"`
	Identifier *identifier `json:"identifier"`
}

type patient struct {
	Identifier          []identifier      `json:"identifier"`
	Active              *bool             `json:"active"`
	Name                []humanName       `json:"name"`
	DeceasedBoolean     bool              `json:"deceasedBoolean"`
	DeceasedDateTime    string            `json:"deceasedDateTime"`
	GeneralPractitioner []reference       `json:"generalPractitioner"`
	Contained           []json.RawMessage `json:"contained"`
	Link                []struct {
		Type string `json:"type"`
	} `json:"link"`
}

type humanName struct {
	Use    string   `json:"use"`
	Text   string   `json:"text"`
	Family string   `json:"family"`
	Given  []string `json:"given"`
	Period struct {
		End string `json:"end"`
	} `json:"period"`
}

// Patient finds the one citizen who has the number. NotFound: the server knows nobody alive with it. Unavailable: the
// server does not answer within its time, or, with ErrDoubtful in the chain, its answer can't be used.
func (c *Client) Patient(ctx context.Context, cpr kontakt.CPR) (Patient, error) {
	ctx, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	b, err := c.search(ctx, "Patient", url.Values{
		"identifier": {systemCPR + "|" + cpr.Reveal()}, "_include": {"Patient:general-practitioner"}, "_count": {pageSize},
	})
	if err != nil {
		return Patient{}, err
	}
	matches, alive, err := b.patients(cpr)
	switch {
	case err != nil:
		return Patient{}, err
	case len(matches) == 0 && b.more():
		return Patient{}, doubtful("the server answers with pages of other patients")
	case len(matches) == 0 || !alive:
		return Patient{}, &kontakt.Error{Op: "fhir.Patient", Kind: kontakt.NotFound, Msg: kontakt.MsgCitizenUnknown}
	case len(matches) > mostMatches:
		return Patient{}, doubtful("many patients have the number")
	}
	r := resolver{client: c, included: b.practices()}
	var found Patient
	for i, m := range matches {
		p, err := r.patient(ctx, m)
		if err != nil {
			return Patient{}, err
		}
		if i > 0 && (!strings.EqualFold(p.Name, found.Name) || !slices.Equal(p.Practices, found.Practices)) {
			return Patient{}, doubtful("several patients have the number and differ")
		}
		found = p
	}
	return found, nil
}

// patients gives those that truly have the number and are in use. alive is false where one of them has died.
func (b bundle) patients(cpr kontakt.CPR) (matches []patient, alive bool, err error) {
	alive = true
	for _, e := range b.Entry {
		if typeOf(e.Resource) != "Patient" {
			continue
		}
		var p patient
		if json.Unmarshal(e.Resource, &p) != nil {
			return nil, false, doubtful("a patient can't be read")
		}
		if !p.has(cpr) || p.Active != nil && !*p.Active || p.replaced() {
			continue
		}
		if p.DeceasedBoolean || p.DeceasedDateTime != "" {
			alive = false
		}
		matches = append(matches, p)
	}
	return matches, alive, nil
}

// more says whether the server holds back further pages.
func (b bundle) more() bool {
	for _, l := range b.Link {
		if l.Relation == "next" {
			return true
		}
	}
	return false
}

// has says whether the number is the patient's now. One that was given up leads to nobody: whether two numbers are one
// person is for people to say.
func (p patient) has(cpr kontakt.CPR) bool {
	return slices.ContainsFunc(p.Identifier, func(i identifier) bool {
		return i.System == systemCPR && i.Use != "old" && strings.ReplaceAll(strings.TrimSpace(i.Value), "-", "") == cpr.Reveal()
	})
}

// replaced says whether the record was merged into another.
func (p patient) replaced() bool {
	for _, l := range p.Link {
		if l.Type == "replaced-by" {
			return true
		}
	}
	return false
}

// name gives the official name, else the one in daily use, else any that is neither past nor a stopgap.
func (p patient) name() string {
	best, rank := "", 0
	for _, n := range p.Name {
		r := map[string]int{"official": 3, "usual": 2, "": 1}[n.Use]
		if n.Period.End != "" {
			r = 0
		}
		if text := n.words(); r > rank && text != "" {
			best, rank = text, r
		}
	}
	return best
}

func (n humanName) words() string {
	if text := kontakt.PlainName(strings.Join(append(slices.Clone(n.Given), n.Family), " ")); text != "" {
		return text
	}
	return kontakt.PlainName(n.Text)
}

// typeOf tells what a resource is; "" for what is none.
func typeOf(text json.RawMessage) string {
	var is struct {
		ResourceType string `json:"resourceType"`
	}
	if json.Unmarshal(text, &is) != nil {
		return ""
	}
	return is.ResourceType
}
