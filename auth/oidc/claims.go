package oidc

import (
	"encoding/json"
	"maps"
	"slices"

	"kontaktlaege/internal/kontakt"
)

// Claims says under which names a provider tells what we ask about. Providers differ in names only, so a provider is
// data; Preset gives the known ones and a configuration may change any field.
type Claims struct {
	Scopes []string // beside openid

	Person       string               // stable id of the employee; empty: sub
	Assurance    string               //
	Levels       map[string]Assurance // the provider's own words, beside those of NSIS
	IdentityType string               // empty: whoever comes with an employer is professional
	Professional []string             // values of IdentityType that mean an employee

	CVR          string // the employer
	FixedCVR     string // for a provider that serves one employer only and so does not name it
	Organisation string
	Name         string
	Title        string
	Ydernummer   string
	Role         string
	Roles        map[string]kontakt.Role // values of Role
}

// presets are the providers that we know the names of.
var presets = map[string]Claims{
	"oiosaml3": { // NemLog-in's attribute names, passed on by a broker
		Scopes:       []string{"profile"},
		Person:       "https://data.gov.dk/model/core/eid/professional/uuid/persistent",
		Assurance:    "https://data.gov.dk/concept/core/nsis/loa",
		CVR:          "https://data.gov.dk/model/core/eid/professional/cvr",
		Organisation: "https://data.gov.dk/model/core/eid/professional/orgName",
		Name:         "https://data.gov.dk/model/core/eid/fullName",
		Title:        "title",
		Ydernummer:   "ydernummer",
	},
	"broker": { // Signaturgruppen's style
		Scopes:       []string{"profile", "nemlogin"},
		Person:       "nemlogin.persistent_professional_id",
		Assurance:    "loa",
		IdentityType: "identity_type",
		Professional: []string{"professional"},
		CVR:          "nemlogin.cvr",
		Organisation: "nemlogin.org_name",
		Name:         "nemlogin.name",
		Title:        "title",
		Ydernummer:   "ydernummer",
	},
	"keycloak": {
		Scopes:       []string{"profile"},
		Assurance:    "acr",
		CVR:          "cvr",
		Organisation: "organisation",
		Name:         "name",
		Title:        "title",
		Ydernummer:   "ydernummer",
		Role:         "roles",
		Roles:        appRoles,
	},
	"entra": {
		Scopes:       []string{"profile"},
		Assurance:    "acrs",
		CVR:          "cvr",
		Organisation: "companyname",
		Name:         "name",
		Title:        "jobtitle",
		Ydernummer:   "ydernummer",
		Role:         "roles",
		Roles:        appRoles,
	},
	"demo": {
		Scopes:       []string{"profile"},
		Assurance:    "loa",
		IdentityType: "identity_type",
		Professional: []string{"professional"},
		CVR:          "cvr",
		Organisation: "org_name",
		Name:         "name",
		Title:        "title",
		Ydernummer:   "ydernummer",
		Role:         "role",
		Roles:        appRoles,
	},
}

// appRoles are the words that a provider of our own configuration uses.
var appRoles = map[string]kontakt.Role{
	"nurse":     kontakt.RoleNurse,
	"clinician": kontakt.RoleClinician,
	"secretary": kontakt.RoleSecretary,
}

// Preset gives the claim names of a known provider, and false for an unknown one. See PresetNames.
func Preset(name string) (Claims, bool) {
	c, ok := presets[name]
	c.Scopes, c.Professional = slices.Clone(c.Scopes), slices.Clone(c.Professional)
	c.Levels, c.Roles = maps.Clone(c.Levels), maps.Clone(c.Roles)
	return c, ok
}

// PresetNames lists the known providers.
func PresetNames() []string { return slices.Sorted(maps.Keys(presets)) }

// words gives a claim's values: a string, a number as it was written, or a list of them. Anything else is no value.
func words(claims map[string]json.RawMessage, name string) []string {
	raw, ok := claims[name]
	if !ok || name == "" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var out []string
	for _, item := range list {
		var text string
		var number json.Number
		switch {
		case json.Unmarshal(item, &text) == nil && text != "":
			out = append(out, text)
		case json.Unmarshal(item, &number) == nil && number != "":
			out = append(out, number.String())
		}
	}
	return out
}

// word gives a claim that may have one value only; several differing ones are no value, since none may be picked.
func word(claims map[string]json.RawMessage, name string) string {
	if w := slices.Compact(words(claims, name)); len(w) == 1 {
		return w[0]
	}
	return ""
}

// identity reads a verified token's claims by the provider's names.
func (c Claims) identity(issuer, subject string, claims map[string]json.RawMessage) Identity {
	id := Identity{
		Issuer: issuer, Subject: subject,
		Name:         word(claims, c.Name),
		Title:        word(claims, c.Title),
		CVR:          word(claims, c.CVR),
		Organisation: word(claims, c.Organisation),
	}
	if c.Person != "" {
		id.Subject = word(claims, c.Person)
	}
	if c.FixedCVR != "" {
		id.CVR = c.FixedCVR
	}
	for _, w := range words(claims, c.Assurance) {
		id.Assurance = max(id.Assurance, ParseAssurance(w), c.Levels[w])
	}
	if c.IdentityType == "" {
		id.Professional = id.CVR != ""
	} else {
		id.Professional = slices.Contains(c.Professional, word(claims, c.IdentityType))
	}
	if yder, err := kontakt.ParseYdernummer(word(claims, c.Ydernummer)); err == nil {
		id.Ydernummer = yder
	}
	for _, w := range words(claims, c.Role) {
		if role, ok := c.Roles[w]; ok {
			id.Roles = append(id.Roles, role)
		}
	}
	return id
}
