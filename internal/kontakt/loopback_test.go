package kontakt_test

import (
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestLoopback_isThisMachineAlone(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.255.255.254": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "localhost.example.dk": false, "127.0.0.1.example.dk": false, "127.1": false,
	} {
		if got := kontakt.Loopback(host); got != want {
			t.Errorf("%q = %t, want %t", host, got, want)
		}
	}
}
