package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"kontaktlaege/assets"
	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/audit"
	"kontaktlaege/backend/cards"
	"kontaktlaege/backend/httpapi"
	"kontaktlaege/backend/round"
	"kontaktlaege/backend/signin"
	"kontaktlaege/backend/stream"
	"kontaktlaege/backend/summary"
	"kontaktlaege/backend/tobs"
	"kontaktlaege/backend/waiting"
	"kontaktlaege/backend/web"
	"kontaktlaege/internal/kontakt"
)

// streams gives the hub's readers as the handlers want them.
type streams struct{ *stream.Hub }

func (s streams) Subscribe(ctx context.Context, at kontakt.Cursor) (httpapi.Subscription, error) {
	sub, err := s.Hub.Subscribe(ctx, at)
	if err != nil {
		return nil, err
	}
	return sub, nil
}

// build makes the parts that stand on the database and everything that is served.
func (s *Server) build(background context.Context) (http.Handler, error) {
	text, err := readSentences()
	if err != nil {
		return nil, err
	}
	rooms := waiting.New(s.db, waiting.Options{GuestPage: s.url + guestPage, Letter: invitations(text), Joined: round.Tie})
	hub := stream.New(s.db, rooms, rooms)
	s.meter = newMeter(s.relay, hub.Readers)
	citizens, err := s.openRegistry()
	if err != nil {
		return nil, err
	}
	rounds := round.New(s.db, citizens, rooms, round.Options{MissedAfter: s.cfg.Round.MissedAfter})
	people, err := s.openSignin(text)
	if err != nil {
		return nil, err
	}
	tables := tobs.New(s.db)
	s.api, err = httpapi.New(httpapi.Parts{
		Queue: rooms, Room: rooms, Messages: rooms, Calls: rooms, Guests: rooms, Cards: cards.New(rooms, tables, s.db.Now), Citizens: citizens, TOBS: tables,
		Rounds: rounds, Handovers: rounds, Relays: s.relay, Streams: streams{hub}, Once: s.db,
		Devices: people, Signins: people, Sessions: people, Orders: rooms, Records: rooms,
		Summaries: summary.New(s.db, s.url+summaryPage),
	}, httpapi.Config{
		Cookie: signin.ClinicCookie, GuestCookie: guestCookie, PCCookie: signin.NurseCookie, BaseURL: s.url, BehindProxy: s.cfg.BehindProxy, TLS: s.overTLS(),
		Meter: s.meter, Now: s.cfg.Now, Log: s.log,
	})
	if err != nil {
		return nil, err
	}
	post, err := s.openOutbox()
	if err != nil {
		return nil, err
	}
	s.meter.outbox(post.Figures)
	s.run(background, "outbox", post.Run)
	s.runAlone(background, "waiting", rooms.Run)
	s.runAlone(background, "round", rounds.Run)
	s.run(background, "stream", hub.Run)
	s.runAlone(background, "audit", audit.New(s.db).Run)

	issuer, err := url.Parse(s.cfg.OIDC.Issuer)
	if err != nil {
		return nil, wrong("oidc-issuer", "%w", err)
	}
	pages := http.NewServeMux()
	pages.Handle("/signin/", people.Browser())
	pages.Handle("GET /klinik/login", people.Browser())
	pages.Handle("POST /klinik/logout", people.Browser())
	pages.Handle("GET /sygepleje/login", people.Browser())
	pages.Handle("POST /sygepleje/logout", people.Browser())
	pages.Handle("/sygepleje/", web.Nurse())
	pages.HandleFunc("GET "+summaryPage+"{id}", toSummary)
	pages.Handle("/klinik/", web.Clinic(issuer.Scheme+"://"+issuer.Host))
	pages.Handle("/gaest/", web.Guest())
	pages.Handle("/shared/", web.Shared())
	pages.Handle("GET /{$}", http.RedirectHandler("/klinik/", http.StatusSeeOther))
	pages.HandleFunc("GET /healthz", s.health)
	all := http.NewServeMux()
	all.Handle("/api/", s.api)
	all.Handle("/", s.page(pages))
	return all, nil
}

func (s *Server) openSignin(text sentences) (*signin.Service, error) {
	secret, err := s.cfg.clientSecret()
	if err != nil {
		return nil, err
	}
	claims, _ := oidc.Preset(s.cfg.OIDC.Claims) // check has seen that it exists
	party, err := oidc.New(oidc.Config{
		Issuer: s.cfg.OIDC.Issuer, ClientID: s.cfg.OIDC.ClientID, ClientSecret: secret, Claims: claims, Now: s.cfg.Now,
		RedirectURL: s.url + CallbackPath, PostLogoutURL: s.url + "/klinik/",
	})
	if err != nil {
		return nil, wrong("oidc-issuer", "%w", err)
	}
	return signin.New(signin.Config{DB: s.db, Provider: party, BaseURL: s.url, Text: text, Log: s.log})
}

// sentences are what a person may be told, by language and key.
type sentences func(language string, key kontakt.MsgKey) string

func readSentences() (sentences, error) {
	all := map[string]map[kontakt.MsgKey]string{}
	for _, language := range []string{"da", "en"} {
		text, err := assets.Text.ReadFile("text/" + language + ".json")
		if err != nil {
			return nil, err
		}
		var said map[kontakt.MsgKey]string
		if err := json.Unmarshal(text, &said); err != nil {
			return nil, fmt.Errorf("text/%s.json: %w", language, err)
		}
		all[language] = said
	}
	return func(language string, key kontakt.MsgKey) string { return all[language][key] }, nil
}
