package turn

import (
	"net/netip"
	"testing"
	"time"
)

func TestMayReach_everyWrappingOfALocalAddressIsDenied(t *testing.T) {
	r := &Relay{own: prefixes("198.41.0.8/30", "2a00:1451::/64")}
	for _, a := range []string{
		"127.0.0.1", "::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1",
		"fe80::1", "fe80::1%eth0", "fec0::1", "fd00:ec2::254", "ff02::1", "::ffff:169.254.169.254", "198.41.0.9", "::ffff:198.41.0.9", "198.41.0.11",
		"2a00:1451::53",
	} {
		if r.mayReach(netip.AddrPortFrom(netip.MustParseAddr(a), 53)) {
			t.Errorf("%s may be reached", a)
		}
	}
	for _, a := range []string{"198.41.0.4", "2a00:1450::1", "::ffff:198.41.0.4"} {
		if !r.mayReach(netip.AddrPortFrom(netip.MustParseAddr(a), 53)) {
			t.Errorf("%s may not be reached", a)
		}
	}
}

func FuzzParseUsername(f *testing.F) {
	for _, s := range []string{"1795428000:dev_abc", "0:x", "", ":", "1:", "-1:a", "01:a", "1:a:b", "99999999999999999999:a", "1:Å"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		user, expires, err := parseUsername(s)
		if err != nil {
			if user != "" || !expires.IsZero() {
				t.Fatal("value with error")
			}
			return
		}
		if name, _ := credential("secret", user, expires); name != s {
			t.Fatalf("%q parses, but would be written %q", s, name)
		}
	})
}

func TestCredential_isWhatCoturnMakes(t *testing.T) {
	// printf '1795428000:dev_x' | openssl dgst -sha1 -hmac demo-secret-of-tests -binary | base64
	name, pass := credential("demo-secret-of-tests", "dev_x", time.Unix(1795428000, 0))
	if name != "1795428000:dev_x" || pass != "JJIcHKxW77/VBZuHi5Vwz8+ECAg=" {
		t.Errorf("credential = %s %s", name, pass)
	}
}
