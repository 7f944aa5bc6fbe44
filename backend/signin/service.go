package signin

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"kontaktlaege/auth/oidc"
	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
)

// Config is what the service stands on. Durations of 0 take the default.
type Config struct {
	DB       *store.DB
	Provider *oidc.Party // its RedirectURL is BaseURL + CallbackPath
	BaseURL  string      // public address of the backend, no slash at its end
	// Text gives a sentence in a language ("da", "en"), for the page that the browser ends at.
	Text func(language string, key kontakt.MsgKey) string
	Log  *slog.Logger

	Device time.Duration // a tablet's own session; 24 h
	Shift  time.Duration // an employee's session on a tablet; 10 h
	Clinic time.Duration // a clinic's session; 12 h
	PC     time.Duration // a nurse's session at a PC; 1 h
}

// CallbackPath is where the provider sends browsers back to.
const CallbackPath = "/signin/callback"

// How long what is used once may wait for its use.
const (
	challengeLife = time.Minute
	startLife     = 5 * time.Minute
	walkLife      = 10 * time.Minute // from the start to the callback
	codeLife      = time.Minute
	forgetAfter   = 24 * time.Hour
)

// Service opens, knows and ends sessions. Safe for concurrent use; it holds no state but its configuration.
type Service struct{ cfg Config }

// New checks the configuration.
func New(cfg Config) (*Service, error) {
	if cfg.DB == nil || cfg.Provider == nil || cfg.Text == nil || cfg.Log == nil {
		return nil, errors.New("signin: database, provider, text and log are needed")
	}
	if u, err := url.Parse(cfg.BaseURL); err != nil || u.Host == "" || u.Path != "" {
		return nil, errors.New("signin: the base address is scheme and host only")
	}
	if cfg.Device == 0 {
		cfg.Device = 24 * time.Hour
	}
	if cfg.Shift == 0 {
		cfg.Shift = 10 * time.Hour
	}
	if cfg.Clinic == 0 {
		cfg.Clinic = 12 * time.Hour
	}
	if cfg.PC == 0 {
		cfg.PC = time.Hour
	}
	return &Service{cfg}, nil
}

func problem(op string, kind kontakt.Kind, msg kontakt.MsgKey) error {
	return &kontakt.Error{Op: op, Kind: kind, Msg: msg}
}

// refuse writes the audit row of a refusal and gives its error on. Failures that are nobody's doing leave no row.
func (s *Service) refuse(ctx context.Context, by kontakt.Actor, action string, err error) error {
	if kontakt.KindOf(err).Transient() {
		return err
	}
	msg, _ := kontakt.MsgOf(err)
	if auditErr := s.cfg.DB.Refused(ctx, store.Audit{By: &by, Action: action, Outcome: store.OutcomeRefused, Reason: string(msg)}); auditErr != nil {
		return auditErr
	}
	return err
}

// notFound says whether the store has no such row.
func notFound(err error) bool { return kontakt.KindOf(err) == kontakt.NotFound }
