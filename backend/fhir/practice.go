package fhir

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kontaktlaege/internal/kontakt"
)

const (
	mostSteps   = 4 // from a role to its organisation to the one that this is part of
	mostFetches = 8 // for one question
)

// practice is an Organization, or a PractitionerRole or Practitioner that leads to one.
type practice struct {
	ResourceType string       `json:"resourceType"`
	ID           string       `json:"id"`
	Identifier   []identifier `json:"identifier"`
	Organization *reference   `json:"organization"`
	PartOf       *reference   `json:"partOf"`
}

// practiceTypes are the resources that a general practitioner may be.
var practiceTypes = []string{"Organization", "PractitionerRole", "Practitioner"}

var idForm = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)

// practices are those that came with the patients, by their addresses.
func (b bundle) practices() map[string]practice {
	all := map[string]practice{}
	for _, e := range b.Entry {
		if p, ok := readPractice(e.Resource); ok {
			all[p.ResourceType+"/"+p.ID] = p
			if e.FullURL != "" {
				all[e.FullURL] = p
			}
		}
	}
	return all
}

func readPractice(text json.RawMessage) (p practice, ok bool) {
	if !slices.Contains(practiceTypes, typeOf(text)) {
		return p, false
	}
	return p, json.Unmarshal(text, &p) == nil
}

// resolver finds the provider numbers of the practices that patients name.
type resolver struct {
	client   *Client
	included map[string]practice
	fetched  int
}

// patient reads a match. One whose practices are named, and none of them by a number, is in doubt: they may be ours.
func (r *resolver) patient(ctx context.Context, m patient) (Patient, error) {
	p := Patient{Name: m.name()}
	contained := map[string]practice{}
	for _, text := range m.Contained {
		if c, ok := readPractice(text); ok {
			contained["#"+c.ID] = c
		}
	}
	for _, ref := range m.GeneralPractitioner {
		yder, err := r.follow(ctx, &ref, contained, mostSteps)
		if err != nil {
			return Patient{}, err
		}
		if yder != "" && !slices.Contains(p.Practices, yder) {
			p.Practices = append(p.Practices, yder)
		}
	}
	if len(p.Practices) == 0 && len(m.GeneralPractitioner) > 0 {
		return Patient{}, doubtful("the practice is named without a provider number that we can find")
	}
	slices.Sort(p.Practices)
	return p, nil
}

// follow gives the provider number behind a reference; "" where there is none to find.
func (r *resolver) follow(ctx context.Context, ref *reference, contained map[string]practice, steps int) (kontakt.Ydernummer, error) {
	if ref == nil || steps == 0 {
		return "", nil
	}
	if ref.Identifier != nil {
		if yder, err := r.named(ctx, []identifier{*ref.Identifier}); yder != "" || err != nil {
			return yder, err
		}
	}
	p, ok := contained[ref.Reference]
	if !ok {
		var err error
		if p, ok, err = r.fetch(ctx, ref.Reference); !ok || err != nil {
			return "", err
		}
	}
	if yder, err := r.named(ctx, p.Identifier); yder != "" || err != nil {
		return yder, err
	}
	if yder, err := r.follow(ctx, p.Organization, contained, steps-1); yder != "" || err != nil {
		return yder, err
	}
	return r.follow(ctx, p.PartOf, contained, steps-1)
}

// fetch gives what a reference points at: it came along, or this very server has it. Others are not asked.
func (r *resolver) fetch(ctx context.Context, ref string) (p practice, ok bool, err error) {
	ref = strings.TrimPrefix(ref, strings.TrimSuffix(r.client.base.String(), "/")+"/")
	if p, ok := r.included[ref]; ok {
		return p, true, nil
	}
	resource, id, two := strings.Cut(ref, "/")
	if !two || !slices.Contains(practiceTypes, resource) || !idForm.MatchString(id) || strings.Trim(id, ".") == "" || !r.mayFetch() {
		return p, false, nil
	}
	p, err = r.client.read(ctx, resource, id)
	if errors.Is(err, errRefused) {
		return p, false, nil
	}
	if err != nil || p.ResourceType != resource {
		return p, false, err
	}
	r.included[ref] = p
	return p, true, nil
}

func (r *resolver) mayFetch() bool {
	r.fetched++
	return r.fetched <= mostFetches
}

// named gives the provider number among identifiers, or the one that belongs to a SOR code among them.
func (r *resolver) named(ctx context.Context, ids []identifier) (kontakt.Ydernummer, error) {
	for _, i := range ids {
		if yder := ydernummer(i); yder != "" {
			return yder, nil
		}
	}
	for _, i := range ids {
		if i.System != systemSOR {
			continue
		}
		if yder, err := r.bySOR(ctx, strings.TrimSpace(i.Value)); yder != "" || err != nil {
			return yder, err
		}
	}
	return "", nil
}

// ydernummer reads a provider number. Many systems, and examples of DK Core itself, drop its leading zeros.
func ydernummer(i identifier) kontakt.Ydernummer {
	value := strings.TrimSpace(i.Value)
	if i.System != systemYdernummer || i.Use == "old" || value == "" || len(value) > 6 {
		return ""
	}
	yder, err := kontakt.ParseYdernummer(strings.Repeat("0", 6-len(value)) + value)
	if err != nil {
		return ""
	}
	return yder
}

// bySOR asks the settings, then the server, which practice has a SOR code.
func (r *resolver) bySOR(ctx context.Context, code string) (kontakt.Ydernummer, error) {
	if yder := r.client.sor[code]; yder != "" {
		return yder, nil
	}
	if code == "" || len(code) > 20 || strings.Trim(code, "0123456789") != "" || !r.mayFetch() {
		return "", nil
	}
	b, err := r.client.search(ctx, "Organization", url.Values{"identifier": {systemSOR + "|" + code}, "_count": {pageSize}})
	if errors.Is(err, errRefused) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var found kontakt.Ydernummer
	for _, e := range b.Entry {
		p, ok := readPractice(e.Resource)
		if !ok || !slices.ContainsFunc(p.Identifier, func(i identifier) bool { return i.System == systemSOR && strings.TrimSpace(i.Value) == code }) {
			continue
		}
		for _, i := range p.Identifier {
			yder := ydernummer(i)
			if yder != "" && found != "" && yder != found {
				return "", nil // two practices under one code: neither
			}
			if yder != "" {
				found = yder
			}
		}
	}
	return found, nil
}
