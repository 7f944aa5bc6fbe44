//go:build !linux

package loadtest

import "os/exec"

// tie does nothing: only Linux ends a process with the one that started it.
func tie(*exec.Cmd) {}
