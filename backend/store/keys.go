package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Keys seal what names a person. Seal holds every key that stored rows may still need, by id; new rows use Current.
// Lookup is the key of the keyed hash by which a CPR number is found, and can't be changed without the numbers.
type Keys struct {
	Current string
	Seal    map[string][]byte
	Lookup  []byte
}

const keySize = 32

// NewKeys draws fresh keys.
func NewKeys() Keys {
	draw := func() []byte {
		b := make([]byte, keySize)
		rand.Read(b) // never fails, as of Go 1.24
		return b
	}
	return Keys{Current: "1", Seal: map[string][]byte{"1": draw()}, Lookup: draw()}
}

// ParseKeys reads lines "lookup BASE64" and "seal ID BASE64"; the last seal is the current one. Empty lines and lines
// that begin with # are left out.
func ParseKeys(text []byte) (Keys, error) {
	k := Keys{Seal: map[string][]byte{}}
	for i, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(f[len(f)-1])
		switch {
		case err != nil || len(raw) != keySize:
			return Keys{}, fmt.Errorf("keys, line %d: not %d bytes in base64", i+1, keySize)
		case f[0] == "lookup" && len(f) == 2 && k.Lookup == nil:
			k.Lookup = raw
		case f[0] == "seal" && len(f) == 3 && k.Seal[f[1]] == nil:
			k.Seal[f[1]], k.Current = raw, f[1]
		default:
			return Keys{}, fmt.Errorf("keys, line %d: neither one lookup key nor a seal key with an id of its own", i+1)
		}
	}
	return k, k.check()
}

// Text is what ParseKeys reads.
func (k Keys) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "lookup %s\n", base64.StdEncoding.EncodeToString(k.Lookup))
	for id, key := range k.Seal {
		if id != k.Current {
			fmt.Fprintf(&b, "seal %s %s\n", id, base64.StdEncoding.EncodeToString(key))
		}
	}
	fmt.Fprintf(&b, "seal %s %s\n", k.Current, base64.StdEncoding.EncodeToString(k.Seal[k.Current]))
	return b.Bytes()
}

// KeysFile reads the keys from a file, and on the very first start writes fresh ones there for its owner alone.
func KeysFile(path string) (Keys, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		keys := NewKeys()
		return keys, writeNew(path, keys.Text())
	}
	if err != nil {
		return Keys{}, err
	}
	return ParseKeys(text)
}

// writeNew puts a file in place whole or not at all, and never over another.
func writeNew(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

func (k Keys) check() error {
	if len(k.Lookup) != keySize || len(k.Seal[k.Current]) != keySize {
		return errors.New("keys: a lookup key and a current seal key are needed")
	}
	for id := range k.Seal {
		if id == "" || len(id) > 255 {
			return errors.New("keys: the id of a seal key has 1 to 255 characters")
		}
	}
	return nil
}

// mark tells lookup keys apart without telling them.
func (k Keys) mark() string { return hex.EncodeToString(k.hash("mark", "")) }

// hash is the keyed hash of text for one purpose.
func (k Keys) hash(purpose, text string) []byte {
	m := hmac.New(sha256.New, k.Lookup)
	m.Write([]byte(purpose + "\x00" + text))
	return m.Sum(nil)
}

// hashed is how a secret of at least 128 random bits is stored.
func hashed(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
