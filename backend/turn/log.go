package turn

import (
	"context"
	"fmt"
	"log/slog"

	pionlog "github.com/pion/logging"
)

// logging hands pion's log on to ours. What strangers can cause at will (pion's info and error lines about requests
// that it refuses) stands at debug level, so that nobody fills the disk from outside.
type logging struct{ to *slog.Logger }

func (l logging) NewLogger(scope string) pionlog.LeveledLogger {
	return leveled{l.to.With("scope", scope)}
}

type leveled struct{ to *slog.Logger }

func (l leveled) Trace(string)          {}
func (l leveled) Tracef(string, ...any) {}
func (l leveled) Debug(m string)        { l.to.Debug(m) }
func (l leveled) Info(m string)         { l.to.Debug(m) }
func (l leveled) Warn(m string)         { l.to.Debug(m) }
func (l leveled) Error(m string)        { l.to.Debug(m) }

func (l leveled) Debugf(f string, a ...any) { l.debugf(f, a) }
func (l leveled) Infof(f string, a ...any)  { l.debugf(f, a) }
func (l leveled) Warnf(f string, a ...any)  { l.debugf(f, a) }
func (l leveled) Errorf(f string, a ...any) { l.debugf(f, a) }

func (l leveled) debugf(f string, a []any) {
	if l.to.Enabled(context.Background(), slog.LevelDebug) {
		l.to.Debug(fmt.Sprintf(f, a...))
	}
}
