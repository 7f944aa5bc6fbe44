package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"kontaktlaege/internal/kontakt"
)

// record writes the line of the log and counts. A request that its sender gave up is no failure of ours.
func (a *API) record(rt route, w *writer, r *request, err error, took time.Duration) {
	route := rt.method + " " + rt.path
	kind := kontakt.KindOf(err)
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request", r.id), slog.String("route", route), slog.Int("status", w.status),
		slog.Duration("took", took), slog.Int64("bytes", w.bytes),
	}
	actor := r.actor()
	if actor.Role != "" {
		attrs = append(attrs, slog.String("role", string(actor.Role)))
	}
	if actor.Device != "" {
		attrs = append(attrs, slog.String("device", string(actor.Device)))
	}
	if actor.Employee != "" {
		attrs = append(attrs, slog.String("employee", string(actor.Employee)))
	}
	if actor.Guest != "" {
		attrs = append(attrs, slog.String("guest", string(actor.Guest)))
	}
	if id := r.PathValue("id"); id != "" && err == nil {
		attrs = append(attrs, slog.String("id", id)) // it parsed, so it is an identifier
	}
	if err != nil {
		attrs = append(attrs, slog.String("kind", string(kind)))
		if e, ok := errors.AsType[*kontakt.Error](err); ok {
			attrs = append(attrs, slog.String("op", e.Op), slog.String("msg", string(e.Msg)))
		}
		switch {
		case r.Request.Context().Err() != nil:
			attrs = append(attrs, slog.Bool("left", true))
		case kind == kontakt.Internal || kind == kontakt.Unavailable:
			level = slog.LevelError
			attrs = append(attrs, slog.String("err", err.Error()))
		}
	}
	a.log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
	if a.cfg.Meter != nil {
		a.cfg.Meter.Answered(route, w.status, kind, took)
	}
}

// panicked tells of a panic. Its value may quote what a person wrote, so only its type is kept.
func (a *API) panicked(rt route, r *request, v any) error {
	if v == http.ErrAbortHandler {
		return http.ErrAbortHandler
	}
	a.log.Error("panic", "request", r.id, "route", rt.method+" "+rt.path, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
	return &kontakt.Error{Op: "httpapi.panic", Kind: kontakt.Internal}
}
