package call

import (
	"context"
	"errors"
	"sync"
	"time"

	"kontaktlaege/media"
)

// deviceRetry is how long a device that does not work is left alone before it is tried again, and deviceAgain one that
// did work until now: a headset was pulled out, and another device is there.
const (
	deviceRetry = time.Second
	deviceAgain = 300 * time.Millisecond
)

// device keeps one thing open for as long as it is wanted, and tries again when it fails.
type device struct {
	name string
	// use opens the device, calls works once it does, and uses it until ctx ends or it fails.
	use    func(ctx context.Context, works func()) error
	report func() // its state has changed; must not wait

	mu        sync.Mutex
	wanted    bool
	tried     bool // it works, or its problem is known
	problem   *media.DeviceError
	interrupt context.CancelFunc

	changed chan struct{}
}

func newDevice(name string, wanted bool, use func(context.Context, func()) error, report func()) *device {
	return &device{name: name, use: use, report: report, wanted: wanted, changed: make(chan struct{}, 1)}
}

// want switches it on or off.
func (d *device) want(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wanted != on {
		d.wanted = on
		d.disturb()
	}
}

// reopen has it opened anew, as another one was chosen.
func (d *device) reopen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.disturb()
}

func (d *device) disturb() {
	d.tried, d.problem = false, nil
	if d.interrupt != nil {
		d.interrupt()
	}
	signal(d.changed)
}

// state gives what is known: nothing yet (!tried), or its problem, nil when it works.
func (d *device) state() (tried bool, problem *media.DeviceError) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tried, d.problem
}

// trouble gives its problem, nil when it works, is not wanted or is being opened.
func (d *device) trouble() *media.DeviceError {
	_, p := d.state()
	return p
}

func (d *device) note(ctx context.Context, err error) {
	d.mu.Lock()
	if ctx.Err() != nil {
		d.mu.Unlock()
		return // it was ended, not lost
	}
	d.tried, d.problem = true, nil
	if err != nil && !errors.As(err, &d.problem) {
		d.problem = &media.DeviceError{Device: d.name, Problem: media.DeviceLost, Err: err}
	}
	d.mu.Unlock()
	d.report()
}

func (d *device) run(ctx context.Context) {
	for ctx.Err() == nil {
		d.mu.Lock()
		wanted := d.wanted
		use, cancel := context.WithCancel(ctx)
		d.interrupt = cancel
		d.mu.Unlock()
		retry := time.Duration(0)
		if wanted {
			retry = deviceRetry
			err := d.use(use, func() {
				retry = deviceAgain
				d.note(use, nil)
			})
			d.note(use, err)
		}
		if use.Err() == nil {
			d.rest(use, retry)
		}
		cancel()
		select {
		case <-d.changed:
		default:
		}
	}
}

// rest waits for a change, or for the time to try again where that is not zero.
func (d *device) rest(ctx context.Context, retry time.Duration) {
	var again <-chan time.Time
	if retry > 0 {
		t := time.NewTimer(retry)
		defer t.Stop()
		again = t.C
	}
	select {
	case <-ctx.Done():
	case <-d.changed:
	case <-again:
	}
}
