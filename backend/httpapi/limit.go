package httpapi

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"kontaktlaege/internal/kontakt"
)

// limit is a named rate. Its zero value is no limit, and no route may have that.
type limit struct {
	name      string
	every     time.Duration
	burst     int
	byAddress bool // otherwise by session or device
}

// The limits. A whole municipality may come from one address and start its tablets at the same minute; a person who
// looks citizens up does not look up thirty a minute; eight characters of a code are not to be guessed.
var (
	perEnrolment = limit{name: "enrolment", every: 6 * time.Second, burst: 20, byAddress: true}
	perAddress   = limit{name: "address", every: 50 * time.Millisecond, burst: 400, byAddress: true}
	perLink      = limit{name: "link", every: 2 * time.Second, burst: 30, byAddress: true}
	perBadSecret = limit{name: "bad secret", every: 100 * time.Millisecond, burst: 200, byAddress: true}
	perSignin    = limit{name: "signin", every: 5 * time.Second, burst: 12}
	perLookup    = limit{name: "lookup", every: 2 * time.Second, burst: 30}
	perSession   = limit{name: "session", every: 50 * time.Millisecond, burst: 120}
)

// maxBuckets bounds what is remembered: beyond it the one used longest ago is forgotten.
const maxBuckets = 20_000

// limiter counts by limit and key.
type limiter struct {
	mu      sync.Mutex
	buckets map[bucketKey]*list.Element
	recent  list.List // of *bucket, the last used in front
}

type bucketKey struct{ limit, key string }

type bucket struct {
	key bucketKey
	*rate.Limiter
}

func newLimiter() *limiter { return &limiter{buckets: map[bucketKey]*list.Element{}} }

// allow says whether key may do something n times, at time now.
func (l *limiter) allow(lim limit, key string, n int, now time.Time) bool {
	k := bucketKey{lim.name, key}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.buckets[k]
	if ok {
		l.recent.MoveToFront(e)
	} else {
		e = l.recent.PushFront(&bucket{k, rate.NewLimiter(rate.Every(lim.every), lim.burst)})
		l.buckets[k] = e
		if len(l.buckets) > maxBuckets {
			last := l.recent.Back()
			delete(l.buckets, last.Value.(*bucket).key)
			l.recent.Remove(last)
		}
	}
	return e.Value.(*bucket).AllowN(now, n)
}

// pace is the error of a request that came too soon.
func (a *API) pace(lim limit, key string) error { return a.paceN(lim, key, 1) }

// paceN is pace for one that stands for n.
func (a *API) paceN(lim limit, key string, n int) error {
	if a.limiter.allow(lim, key, n, a.now()) {
		return nil
	}
	return &kontakt.Error{Op: "httpapi.limit", Kind: kontakt.TooMany, Msg: kontakt.MsgTooMany}
}

// address gives where r comes from, as far as a limit cares: an IPv6 customer has a whole /64. Behind a proxy of ours it
// is what that proxy says, which is the last entry.
func (a *API) address(r *http.Request) string {
	text, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		text = r.RemoteAddr
	}
	if a.cfg.BehindProxy {
		all := r.Header.Values("X-Forwarded-For")
		if len(all) > 0 {
			last := all[len(all)-1]
			text = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
		}
	}
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
