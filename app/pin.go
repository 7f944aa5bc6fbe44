package app

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"kontaktlaege/internal/kontakt"
)

// CodeHash stands for a code of digits: "pbkdf2$ROUNDS$SALT$HASH". It is slow on purpose; a code of four digits is still soon
// found by who has it and time, so it opens nothing but a screen.
type CodeHash string

// codeRounds takes some tenths of a second on a tablet.
const codeRounds = 600_000

// How many digits a code has.
const (
	LeastDigits = 4
	MostDigits  = 6
)

// HashCode gives what stands for a code; salt is random.
func HashCode(code, salt string) (CodeHash, error) {
	hash, err := codeKey(code, salt, codeRounds)
	return CodeHash(strings.Join([]string{"pbkdf2", strconv.Itoa(codeRounds), base64.RawURLEncoding.EncodeToString([]byte(salt)), hash}, "$")), err
}

func codeKey(code, salt string, rounds int) (string, error) {
	key, err := pbkdf2.Key(sha256.New, code, []byte(salt), rounds, sha256.Size)
	return base64.RawURLEncoding.EncodeToString(key), err
}

// ParseCodeHash accepts what HashCode gives.
func ParseCodeHash(s string) (CodeHash, error) {
	if _, _, _, ok := CodeHash(s).parts(); !ok {
		return "", errors.New("app: that is no hash of a code")
	}
	return CodeHash(s), nil
}

func (h CodeHash) parts() (salt, hash string, rounds int, ok bool) {
	p := strings.Split(string(h), "$")
	if len(p) != 4 || p[0] != "pbkdf2" {
		return "", "", 0, false
	}
	rounds, err := strconv.Atoi(p[1])
	raw, errSalt := base64.RawURLEncoding.DecodeString(p[2])
	key, errKey := base64.RawURLEncoding.DecodeString(p[3])
	ok = err == nil && errSalt == nil && errKey == nil && len(key) == sha256.Size && rounds >= 1 && rounds <= 10*codeRounds && len(raw) > 0
	return string(raw), p[3], rounds, ok
}

// Fits says whether it stands for this code.
func (h CodeHash) Fits(code string) bool {
	salt, want, rounds, ok := h.parts()
	if !ok {
		return false
	}
	got, err := codeKey(code, salt, rounds)
	return err == nil && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// checkNewCode says what is wrong with a code that was keyed twice; none: nothing.
func checkNewCode(code, again string) Sentence {
	switch {
	case len(code) < LeastDigits || len(code) > MostDigits || strings.Trim(code, "0123456789") != "":
		return Sentence{Key: kontakt.MsgCodeDigits}
	case strings.Count(code, code[:1]) == len(code) || code == "123456"[:len(code)]:
		return Sentence{Key: kontakt.MsgCodeEasy}
	case code != again:
		return Sentence{Key: kontakt.MsgCodeDiffers}
	}
	return Sentence{}
}
