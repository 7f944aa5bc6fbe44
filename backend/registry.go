package backend

import (
	"cmp"
	"context"
	"time"

	"kontaktlaege/backend/fhir"
	"kontaktlaege/backend/registry"
	"kontaktlaege/backend/rights"
	"kontaktlaege/internal/kontakt"
)

// Registry is where citizens are looked up. Without FHIR it is the table that kontaktd import fills.
type Registry struct {
	FHIR             string            `name:"fhir" placeholder:"URL" help:"A FHIR R4 server that knows the citizens and their doctors (DK Core), such as https://fhir.example.dk/r4. Default: the table that 'kontaktd import citizens' fills."`
	TokenFile        string            `type:"path" placeholder:"FILE" help:"File with the bearer token that it asks for. The file may change while we run."`
	TokenURL         string            `name:"token-url" placeholder:"URL" help:"Where tokens for it are given out by OAuth2's client credentials."`
	ClientID         string            `name:"client-id" placeholder:"ID" help:"Our name there."`
	ClientSecretFile string            `type:"path" placeholder:"FILE" help:"File with our secret there."`
	Scope            []string          `placeholder:"SCOPE" help:"Scopes to ask for there, such as system/Patient.s."`
	Within           time.Duration     `default:"4s" placeholder:"TIME" help:"How long a question to it may take before a nurse is told that nobody can be looked up now. Default: ${default}."`
	Fresh            time.Duration     `default:"12h" placeholder:"TIME" help:"How long an answer is kept and not asked for again. Default: ${default}."`
	SOR              map[string]string `name:"sor" placeholder:"SOR=YDERNUMMER" help:"The ydernummer of a clinic that the server names by its SOR code alone; several with ';' between."`
}

// defaults of a Config that no command line has filled in.
const (
	registryWithin = 4 * time.Second
	registryFresh  = 12 * time.Hour
)

// token is what the server asks to see; nil for nothing.
func (r Registry) token() (fhir.Token, error) {
	switch {
	case r.TokenFile != "" && r.TokenURL != "":
		return nil, wrong("registry-token-file", "either a token or a place that gives them out (--registry-token-url)")
	case r.TokenFile != "":
		if _, err := fhir.TokenFile(r.TokenFile).Bearer(context.Background()); err != nil {
			return nil, wrong("registry-token-file", "%w", err)
		}
		return fhir.TokenFile(r.TokenFile), nil
	case r.TokenURL == "":
		return nil, nil
	case r.ClientID == "" || r.ClientSecretFile == "":
		return nil, wrong("registry-token-url", "needs --registry-client-id and --registry-client-secret-file")
	}
	secret, err := secretFile("registry-client-secret-file", r.ClientSecretFile)
	if err != nil {
		return nil, err
	}
	credentials, err := fhir.NewCredentials(r.TokenURL, r.ClientID, secret, r.Scope)
	if err != nil {
		return nil, wrong("registry-token-url", "%w", err)
	}
	return credentials, nil
}

// client is the way to the server; nil where there is none.
func (r Registry) client() (*fhir.Client, error) {
	if r.FHIR == "" {
		if r.TokenFile != "" || r.TokenURL != "" || len(r.SOR) > 0 {
			return nil, wrong("registry-fhir", "is needed with the other settings of the registry")
		}
		return nil, nil
	}
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	sor := map[string]kontakt.Ydernummer{}
	for code, text := range r.SOR {
		if sor[code], err = kontakt.ParseYdernummer(text); err != nil {
			return nil, wrong("registry-sor", "%q: a ydernummer has six digits", text)
		}
	}
	c, err := fhir.New(fhir.Config{BaseURL: r.FHIR, Within: cmp.Or(r.Within, registryWithin), Token: token, SOR: sor})
	if err != nil {
		return nil, wrong("registry-fhir", "%w", err)
	}
	return c, nil
}

// openRegistry makes the part that looks citizens up. It is closed before the database is.
func (s *Server) openRegistry() (*registry.Registry, error) {
	options := registry.Options{Fresh: cmp.Or(s.cfg.Registry.Fresh, registryFresh), Meter: s.meter, Log: s.log}
	client, err := s.cfg.Registry.client()
	if err != nil {
		return nil, err
	}
	if client != nil {
		options.Source = client
		s.close = append(s.close, client.Close)
	}
	citizens := registry.New(s.db, func(a kontakt.Actor) error { return rights.Check(a, rights.FindCitizen, rights.Target{}) }, options)
	s.close = append(s.close, citizens.Close)
	s.meter.watchRegistry(citizens.Up)
	return citizens, nil
}
