package loadtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kontaktlaege/internal/wire"
)

// Bare is what a stream costs that does nothing but stand: net/http and a heartbeat, as any backend needs one.
type Bare struct {
	Listen, Metrics string
	Cert, Key       string // TLS with HTTP/2; "": plain
}

// Run serves until ctx ends.
func (b Bare) Run(ctx context.Context) error {
	streams, err := (&net.ListenConfig{}).Listen(ctx, "tcp", b.Listen)
	if err != nil {
		return err
	}
	defer streams.Close()
	metrics, err := (&net.ListenConfig{}).Listen(ctx, "tcp", b.Metrics)
	if err != nil {
		return err
	}
	defer metrics.Close()
	mux := http.NewServeMux()
	figures := prometheus.NewRegistry()
	figures.MustRegister(
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/gc/heap/live:bytes$`)})),
	)
	mux.Handle("GET /metrics", promhttp.HandlerFor(figures, promhttp.HandlerOpts{}))
	told := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	srv := &http.Server{Handler: http.HandlerFunc(stand), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 2)
	go func() { failed <- told.Serve(metrics) }()
	go func() {
		if b.Cert != "" {
			failed <- srv.ServeTLS(streams, b.Cert, b.Key)
			return
		}
		failed <- srv.Serve(streams)
	}()
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	return errors.Join(err, srv.Close(), told.Close())
}

// stand is the bare handler.
func stand(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	fmt.Fprint(w, "retry: 1000\n\n")
	if out.Flush() != nil {
		return
	}
	tick := time.NewTicker(wire.HeartbeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case at := <-tick.C:
			fmt.Fprintf(w, "event: %s\ndata: {\"at\":%q}\n\n", wire.HeartbeatEvent, at.UTC().Format(time.RFC3339Nano))
			if out.Flush() != nil {
				return
			}
		}
	}
}
