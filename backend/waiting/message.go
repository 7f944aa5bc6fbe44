package waiting

import (
	"context"
	"time"

	"kontaktlaege/internal/kontakt"
)

func (s *Service) Write(ctx context.Context, id kontakt.EntryID, text string) (kontakt.Entry, error) {
	return kontakt.Entry{}, errSoon
}

func (s *Service) WriteAll(ctx context.Context, text string) (int, error) { return 0, errSoon }

func (s *Service) Delay(ctx context.Context, late time.Duration) (kontakt.Clinic, error) {
	return kontakt.Clinic{}, errSoon
}

func (s *Service) Read(ctx context.Context, id kontakt.EntryID, messages []kontakt.MessageID) (kontakt.Entry, error) {
	return kontakt.Entry{}, errSoon
}
