package testkit

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Sound is a PulseAudio server without hardware, for this process and those that it starts: the default loudspeaker is
// a null sink, and the default microphone hears what is played there. It needs no session and works as root.
type Sound struct {
	t      testing.TB
	socket string
	server *exec.Cmd
	log    bytes.Buffer
}

// StartSound starts the server; it ends with the test.
func StartSound(t testing.TB) *Sound {
	t.Helper()
	home, err := os.MkdirTemp("", "pulse") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	s := &Sound{t: t, socket: filepath.Join(home, "native")}
	for name, value := range map[string]string{"XDG_RUNTIME_DIR": home, "PULSE_RUNTIME_PATH": home, "PULSE_STATE_PATH": home, "PULSE_SERVER": "unix:" + s.socket} {
		t.Setenv(name, value)
	}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Start starts the server again after Stop.
func (s *Sound) Start() {
	s.t.Helper()
	s.server = exec.Command("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit",
		"--log-target=stderr", "--log-level=error",
		"-L", "module-native-protocol-unix socket="+s.socket+" auth-anonymous=1",
		// Without rewinds the sink renders 50 ms ahead; else two seconds, which is as long as a new stream would stand still.
		"-L", "module-null-sink sink_name=loudspeaker rate=48000 norewinds=1")
	s.server.Stdout, s.server.Stderr = &s.log, &s.log
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		c, err := net.Dial("unix", s.socket)
		if err == nil {
			c.Close()
			break
		}
		if time.Now().After(deadline) {
			s.Stop()
			s.t.Fatalf("PulseAudio does not answer: %v\n%s", err, s.log.String())
		}
	}
	// The sink is loaded after the protocol: pactl asks until it is there.
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		out, err := exec.Command("pactl", "list", "short", "sources").CombinedOutput()
		if err == nil && bytes.Contains(out, []byte("loudspeaker.monitor")) {
			return
		}
		if time.Now().After(deadline) {
			s.Stop()
			s.t.Fatalf("PulseAudio has no sink: %v\n%s\n%s", err, out, s.log.String())
		}
	}
}

// Stop ends the server at once, as a crash would.
func (s *Sound) Stop() {
	if s.server.ProcessState == nil {
		s.server.Process.Kill()
		s.server.Wait()
	}
}

// Plug adds a headset that hears itself and makes it what sound goes to and comes from, as a desktop does.
func (s *Sound) Plug() (unplug func()) {
	s.t.Helper()
	id := s.control("load-module", "module-null-sink", "sink_name=headset", "rate=48000", "norewinds=1")
	s.control("set-default-sink", "headset")
	s.control("set-default-source", "headset.monitor")
	return func() {
		s.t.Helper()
		s.control("unload-module", id)
	}
}

// Streams says how many streams a sink ("loudspeaker", "headset") plays.
func (s *Sound) Streams(sink string) int {
	s.t.Helper()
	number := ""
	for line := range strings.Lines(s.control("list", "short", "sinks")) {
		if f := strings.Fields(line); len(f) > 1 && f[1] == sink {
			number = f[0]
		}
	}
	n := 0
	for line := range strings.Lines(s.control("list", "short", "sink-inputs")) {
		if f := strings.Fields(line); len(f) > 1 && f[1] == number {
			n++
		}
	}
	return n
}

func (s *Sound) control(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("pactl", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("pactl %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}
