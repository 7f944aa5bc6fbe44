package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

type reply = kontakt.StoredReply

// ok answers with v.
func ok(v any) (reply, error) { return answer(http.StatusOK, v) }

func answer(status int, v any) (reply, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return reply{}, &kontakt.Error{Op: "httpapi.answer", Kind: kontakt.Internal, Err: err}
	}
	return reply{Status: status, Body: body}, nil
}

func done() (reply, error) { return reply{Status: http.StatusNoContent}, nil }

// statusOf is the table from kinds to HTTP.
func statusOf(err error) int {
	if msg, _ := kontakt.MsgOf(err); msg == kontakt.MsgUpdate {
		return http.StatusUpgradeRequired
	}
	if errors.Is(err, errTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	switch kontakt.KindOf(err) {
	case kontakt.Invalid:
		return http.StatusBadRequest
	case kontakt.Unauthenticated:
		return http.StatusUnauthorized
	case kontakt.Forbidden:
		return http.StatusForbidden
	case kontakt.NotFound, kontakt.Hidden:
		return http.StatusNotFound
	case kontakt.Conflict, kontakt.Closed, kontakt.NotAttached:
		return http.StatusConflict
	case kontakt.Gone:
		return http.StatusGone
	case kontakt.TooMany:
		return http.StatusTooManyRequests
	case kontakt.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// problem writes what the outside may know of err.
func (a *API) problem(w *writer, r *request, err error) {
	status := statusOf(err)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	}
	body, jsonErr := json.Marshal(wire.FromError(err, r.id))
	if jsonErr != nil {
		body = nil
	}
	w.send(status, body)
}

// writer knows whether an answer has begun.
type writer struct {
	http.ResponseWriter
	once   sync.Once
	begun  bool
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController reach what is below.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *writer) WriteHeader(status int) {
	w.once.Do(func() {
		w.begun, w.status = true, status
		w.ResponseWriter.WriteHeader(status)
	})
}

func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// send writes a whole answer. That the other side has hung up shows in the log by its context alone.
func (w *writer) send(status int, body []byte) error {
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	if len(body) == 0 {
		return nil
	}
	_, err := w.Write(body)
	return err
}
