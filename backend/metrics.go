package backend

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kontaktlaege/backend/outbox"
	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
)

// inUse is what the last collection left of the heap, without what has become garbage since.
var inUse = collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/gc/heap/live:bytes$`)}

// meter counts for Prometheus. No label holds what a client chooses: routes are patterns, kinds are words of ours.
type meter struct {
	registry *prometheus.Registry
	answers  *prometheus.CounterVec
	took     *prometheus.HistogramVec
	streams  prometheus.Gauge
	relay    prometheus.Gauge
	looked   *prometheus.CounterVec
	asked    *prometheus.HistogramVec
}

func newMeter(relay *turn.Relay, readers func() int) *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		answers:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kontakt_answers_total", Help: "Answers by route, status and kind of failure."}, []string{"route", "status", "kind"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "kontakt_answer_seconds", Help: "Time to answer, streams left out.", Buckets: prometheus.ExponentialBuckets(0.001, 3, 9)}, []string{"route"}),
		streams:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "kontakt_streams", Help: "Open event streams."}),
		relay:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "kontakt_relay_up", Help: "1 when the last try of the relay came through."}),
		looked:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kontakt_lookups_total", Help: "Look-ups of citizens by outcome."}, []string{"outcome"}),
		asked:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "kontakt_registry_seconds", Help: "Time until the FHIR server answered, or did not, by outcome.", Buckets: prometheus.ExponentialBuckets(0.01, 2.5, 9)}, []string{"outcome"}),
	}
	count := func(name, help string, get func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, get)
	}
	gauge := func(name, help string, get func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, get)
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(inUse)), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.answers, m.took, m.streams, m.relay, m.looked, m.asked,
		gauge("kontakt_readers", "Readers of the event log.", func() float64 { return float64(readers()) }),
		gauge("kontakt_relay_allocations", "Live allocations of the built-in relay.", func() float64 { return float64(relay.Allocations()) }),
		count("kontakt_relay_refused_total", "Requests to the relay with a bad credential.", func() float64 { return float64(relay.Refused()) }),
		count("kontakt_relay_denied_total", "Requests to the relay for a forbidden peer.", func() float64 { return float64(relay.Denied()) }),
		count("kontakt_relay_dropped_total", "Packets to or from a forbidden peer.", func() float64 { return float64(relay.Dropped()) }),
	)
	return m
}

// outbox adds the figures of what leaves the house, by kind.
func (m *meter) outbox(figures func() []outbox.Figures) {
	one := func(name, help string, typ prometheus.ValueType, of func(outbox.Figures) float64) outboxFigure {
		return outboxFigure{prometheus.NewDesc(name, help, []string{"kind"}, nil), typ, of}
	}
	m.registry.MustRegister(outboxFigures{figures, []outboxFigure{
		one("kontakt_outbox_due", "Things to be sent that wait.", prometheus.GaugeValue, func(f outbox.Figures) float64 { return float64(f.Due) }),
		one("kontakt_outbox_oldest_seconds", "Age of the oldest that waits.", prometheus.GaugeValue, func(f outbox.Figures) float64 { return f.Oldest.Seconds() }),
		one("kontakt_outbox_dead", "Things given up that nobody has looked at.", prometheus.GaugeValue, func(f outbox.Figures) float64 { return float64(f.Dead) }),
		one("kontakt_outbox_attempts_total", "Attempts to send.", prometheus.CounterValue, func(f outbox.Figures) float64 { return float64(f.Attempts) }),
		one("kontakt_outbox_sent_total", "Things sent.", prometheus.CounterValue, func(f outbox.Figures) float64 { return float64(f.Sent) }),
		one("kontakt_outbox_given_up_total", "Things given up.", prometheus.CounterValue, func(f outbox.Figures) float64 { return float64(f.GivenUp) }),
	}})
}

// outboxFigures asks the outbox once for all of its figures.
type outboxFigures struct {
	ask func() []outbox.Figures
	all []outboxFigure
}

type outboxFigure struct {
	desc *prometheus.Desc
	typ  prometheus.ValueType
	of   func(outbox.Figures) float64
}

// Describe is prometheus.Collector's.
func (o outboxFigures) Describe(to chan<- *prometheus.Desc) {
	for _, f := range o.all {
		to <- f.desc
	}
}

// Collect is prometheus.Collector's.
func (o outboxFigures) Collect(to chan<- prometheus.Metric) {
	for _, kind := range o.ask() {
		for _, f := range o.all {
			to <- prometheus.MustNewConstMetric(f.desc, f.typ, f.of(kind), kind.Kind)
		}
	}
}

// Answered counts one request.
func (m *meter) Answered(route string, status int, kind kontakt.Kind, took time.Duration) {
	m.answers.WithLabelValues(route, strconv.Itoa(status), string(kind)).Inc()
	if route != "GET /stream" {
		m.took.WithLabelValues(route).Observe(took.Seconds())
	}
}

// Streams counts streams that come and go.
func (m *meter) Streams(delta int) { m.streams.Add(float64(delta)) }

// Looked counts a look-up of a citizen.
func (m *meter) Looked(outcome string) { m.looked.WithLabelValues(outcome).Inc() }

// Asked counts a question to the FHIR server.
func (m *meter) Asked(outcome string, took time.Duration) {
	m.asked.WithLabelValues(outcome).Observe(took.Seconds())
}

// watchRegistry shows whether citizens can be looked up.
func (m *meter) watchRegistry(up func() bool) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kontakt_registry_up", Help: "1 when the registry answered when it was last asked."}, func() float64 {
		if up() {
			return 1
		}
		return 0
	}))
}

func (m *meter) relayUp(up bool) {
	m.relay.Set(0)
	if up {
		m.relay.Set(1)
	}
}

// serveMetrics opens the listener of its own.
func (s *Server) serveMetrics(ctx context.Context) error {
	if s.cfg.Metrics == "off" && s.cfg.MetricListener == nil {
		return nil
	}
	l, err := s.listen(ctx, "metrics", s.cfg.Metrics, s.cfg.MetricListener)
	if err != nil {
		return err
	}
	s.metricsURL = "http://" + l.Addr().String() + "/metrics"
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.meter.registry, promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: headerWithin, WriteTimeout: writeWithin}
	ended := s.serving(func() error { return srv.Serve(l) })
	s.close = append(s.close, func() error {
		err := srv.Close()
		<-ended
		return err
	})
	return nil
}
