//go:build unix

package backend

import (
	"errors"
	"os"
	"syscall"
)

// lock takes a data folder for this process: two on one embedded database would both sweep and seal. The system gives
// the lock back when the process ends, however it ends.
func lock(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errors.New("another kontaktd runs on it")
		}
		return nil, err
	}
	return f.Close, nil
}
