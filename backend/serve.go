package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// Limits of a connection. Streams replace the deadlines with their own.
const (
	headerWithin = 10 * time.Second
	readWithin   = 30 * time.Second
	writeWithin  = 45 * time.Second
	idleFor      = 2 * time.Minute
	headerBytes  = 16 << 10
	finishWithin = 10 * time.Second // what runs when told to stop
	freshWithin  = time.Second      // what has connected by then, to say what it wants
)

// serve answers on l, which has taken TLS off where there is any.
func (s *Server) serve(l net.Listener, h http.Handler) {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true) // from a proxy of ours, or on loopback; it also has a decrypted connection be asked for HTTP/2
	var fresh newcomers
	srv := &http.Server{
		Handler: h, ConnState: fresh.changed, Protocols: protocols,
		ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleFor,
		MaxHeaderBytes: headerBytes, ConnContext: s.connected, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ended := s.serving(func() error { return srv.Serve(l) })
	s.close = append(s.close, func() error {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		<-ended
		fresh.wait(freshWithin)
		s.api.EndStreams()
		ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
		defer cancel()
		err := srv.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			s.log.Warn("backend: requests were cut off by the stop")
			err = srv.Close()
		}
		return err
	})
}

// connected makes a new connection one whose end is noticed.
func (s *Server) connected(ctx context.Context, c net.Conn) context.Context {
	if err := impatient(c); err != nil {
		s.log.Warn("backend: a dead connection will be noticed late", "err", err)
	}
	return ctx
}

// serving runs a server and closes what it returns once that has ended.
func (s *Server) serving(serve func() error) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.fail(fmt.Errorf("backend: serve: %w", err))
		}
	}()
	return ended
}

// page adds to what is no API: the log line, and that browsers stay with TLS. The log has the route, never the path, in
// which a one-time secret may stand.
func (s *Server) page(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.overTLS() {
			w.Header().Set("Strict-Transport-Security", "max-age=63072000")
		}
		began := s.cfg.Now()
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				s.log.Error("panic", "route", r.Pattern, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler) // the browser sees a broken answer, not half a page
			} else if v != nil {
				panic(v)
			}
		}()
		h.ServeHTTP(w, r)
		s.log.Debug("page", "route", r.Pattern, "method", r.Method, "took", s.cfg.Now().Sub(began))
	})
}
