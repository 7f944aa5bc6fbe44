package backend

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Level is how grave a finding is.
type Level int

// The levels.
const (
	Fine     Level = iota
	Doubtful       // works, and somebody should look
	Broken
)

// Finding is what one look at one thing said, with advice where something is to be done.
type Finding struct {
	What   string
	Level  Level
	Said   string
	Advice string
}

// What the doctor goes by.
const (
	lookWithin   = 15 * time.Second // one look
	diskLow      = 1 << 30
	diskOut      = 100 << 20
	clockOff     = 5 * time.Second
	clockBroken  = time.Minute
	certSoon     = 21 * 24 * time.Hour
	slowDatabase = time.Second // to open and write
)

// Doctor looks at everything that a server needs, without starting one; a server may run meanwhile. sms is a number to
// send a text message to, or "".
func Doctor(ctx context.Context, cfg Config, sms string, tell func(Finding)) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	d := doctor{cfg: cfg, http: &http.Client{Timeout: lookWithin}, sms: sms}
	for _, look := range []struct {
		what string
		do   func(context.Context) Finding
	}{
		{"settings", d.settings},
		{"folder", d.folder},
		{"disk", d.disk},
		{"keys", d.keys},
		{"database", d.database},
		{"people", d.people},
		{"clock", d.clock},
		{"provider", d.provider},
		{"relay", d.relay},
		{"TLS", d.certificate},
		{"server", d.server},
		{"registry", d.registry},
		{"SMS", d.texting},
	} {
		within, cancel := context.WithTimeout(ctx, 2*lookWithin)
		f := look.do(within)
		cancel()
		f.What = look.what
		tell(f)
	}
}

type doctor struct {
	cfg  Config
	http *http.Client
	sms  string
}

func fine(format string, args ...any) Finding { return Finding{Said: fmt.Sprintf(format, args...)} }

func broken(err error, advice string) Finding {
	return Finding{Level: Broken, Said: err.Error(), Advice: advice}
}

func (d *doctor) settings(context.Context) Finding {
	if err := d.cfg.check(); err != nil {
		return broken(err, "kontaktd serve --help says what each setting means")
	}
	return fine("can be served with")
}
