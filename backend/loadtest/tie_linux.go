package loadtest

import (
	"os/exec"
	"syscall"
)

// tie lets a process end when we do, whatever ends us, and keeps ^C at the terminal from it: we tell it ourselves.
func tie(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
