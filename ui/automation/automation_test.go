package automation

import (
	"context"
	"encoding/json"
	"image"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/testkit"
)

func TestListen_tellsWhereThingsAreToTheSameUserOnly(t *testing.T) {
	testkit.Guard(t, 10*time.Second)
	path := filepath.Join(t.TempDir(), "sock")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	asked := make(chan struct{}, 1)
	go func() {
		done <- Listen(ctx, path, func() Snapshot {
			asked <- struct{}{}
			return Snapshot{Targets: map[string]image.Rectangle{"TapJoin": image.Rect(1, 2, 3, 4)}}
		})
	}()
	var conn net.Conn
	for conn == nil {
		if ctx.Err() != nil {
			t.Fatal("never listened")
		}
		conn, _ = net.Dial("unix", path)
	}
	defer conn.Close()
	var got Snapshot
	if err := json.NewDecoder(conn).Decode(&got); err != nil {
		t.Fatal(err)
	}
	<-asked
	if want := image.Rect(1, 2, 3, 4); got.Targets["TapJoin"] != want {
		t.Errorf("TapJoin at %v, want %v", got.Targets["TapJoin"], want)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the socket's mode is %o, want 600", mode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Listen ended with %v", err)
	}
}

func TestFingerprints_nameNobodyAndAnswerWhoKnowsTheSentence(t *testing.T) {
	at := image.Rect(1, 2, 3, 4)
	hidden := Fingerprints(map[string]image.Rectangle{"Karen Madsen": at, "ca. 15\u00a0min.": at})
	told, err := json.Marshal(hidden)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(told), "Karen") {
		t.Errorf("the socket names a person: %s", told)
	}
	for _, s := range []string{"Karen Madsen", "ca. 15 min."} {
		if hidden[Fingerprint(s)] != at {
			t.Errorf("%q is not found", s)
		}
	}
	if _, there := hidden[Fingerprint("Karen")]; there {
		t.Error("a part of a sentence passes for it")
	}
}
