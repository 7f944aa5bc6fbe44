package backend

import (
	"errors"

	"kontaktlaege/backend/outbox"
	"kontaktlaege/backend/sms"
)

// SMS is how short messages leave the house. Without any of it they are refused, in words, to whoever asks for one.
type SMS struct {
	URL       string `name:"url" placeholder:"URL" help:"Gateway for short messages that speaks GatewayAPI's REST, such as https://gatewayapi.eu."`
	TokenFile string `type:"path" placeholder:"FILE" help:"File with our token there."`
	Sender    string `default:"Kontakt" placeholder:"NAME" help:"Whom phones show as the sender: 1 to 11 letters and digits, or a number. Default: ${default}."`
	File      string `type:"path" placeholder:"FILE" help:"Append messages to this file instead of sending them, to try. Numbers and texts stand there in the open: never for real citizens."`
}

// Open gives what sends them; nil where nothing is set. Nothing is sent by it.
func (s SMS) Open() (sms.Sender, error) {
	c := sms.Config{URL: s.URL, Sender: s.Sender, File: s.File}
	if s.TokenFile != "" {
		var err error
		if c.Token, err = secretFile("sms-token-file", s.TokenFile); err != nil {
			return nil, err
		}
	}
	switch sender, err := sms.Open(c); {
	case errors.Is(err, sms.ErrNone) && s.TokenFile != "":
		return nil, wrong("sms-url", "is needed with --sms-token-file")
	case errors.Is(err, sms.ErrNone):
		return nil, nil
	case err != nil && s.URL != "" && c.Token == "":
		return nil, wrong("sms-token-file", "is needed with --sms-url")
	case err != nil && s.URL == "":
		return nil, wrong("sms-file", "%w", err)
	case err != nil:
		return nil, wrong("sms-url", "%w", err)
	default:
		return sender, nil
	}
}

// openOutbox makes the worker for what leaves the house.
func (s *Server) openOutbox() (*outbox.Worker, error) {
	var kinds []outbox.Kind
	sender, err := s.cfg.SMS.Open()
	if err != nil {
		return nil, err
	}
	if sender != nil {
		kinds = append(kinds, outbox.Kind{Name: sms.Kind, Sender: sender})
	}
	return outbox.New(s.db, outbox.Options{}, s.log, kinds...), nil
}
