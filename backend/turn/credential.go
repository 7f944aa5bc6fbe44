package turn

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"
)

// Why a username is refused, for the log.
var (
	errUsername = errors.New("turn: username is not expiry:id")
	errExpired  = errors.New("turn: credential has run out")
)

// credential makes what coturn calls time-limited credentials: the user's name with its end before it, and a MAC of that.
func credential(secret, user string, expires time.Time) (username, password string) {
	username = strconv.FormatInt(expires.Unix(), 10) + ":" + user
	return username, mac(secret, username)
}

func mac(secret, username string) string {
	m := hmac.New(sha1.New, []byte(secret))
	m.Write([]byte(username))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// parseUsername splits what credential joined, and accepts nothing else.
func parseUsername(s string) (user string, expires time.Time, err error) {
	at, user, ok := strings.Cut(s, ":")
	if !ok || len(s) > 256 || !plainName(user) {
		return "", time.Time{}, errUsername
	}
	unix, err := strconv.ParseInt(at, 10, 64)
	if err != nil || unix < 0 || strconv.FormatInt(unix, 10) != at {
		return "", time.Time{}, errUsername
	}
	return user, time.Unix(unix, 0), nil
}

// plainName says whether s is made like our identifiers.
func plainName(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// authKey finds the key that a request must be signed with.
func (r *Relay) authKey(a *pion.RequestAttributes) (userID string, key []byte, ok bool) {
	user, expires, err := parseUsername(a.Username)
	if err == nil && a.Method == stun.MethodAllocate && !r.now().Before(expires) {
		err = errExpired
	}
	if err != nil {
		r.refused.Add(1)
		r.log.Debug("relay: refused", "from", a.SrcAddr.String(), "why", err.Error())
		return "", nil, false
	}
	return user, pion.GenerateAuthKey(a.Username, a.Realm, mac(r.cfg.Secret, a.Username)), true
}
