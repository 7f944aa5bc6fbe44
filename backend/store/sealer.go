package store

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// sealer is Keys with each seal key set up once: a list of places opens hundreds of values.
type sealer struct {
	Keys
	ciphers map[string]cipher.AEAD // by the key's id; safe for all goroutines
}

func newSealer(k Keys) (sealer, error) {
	s := sealer{k, map[string]cipher.AEAD{}}
	if err := k.check(); err != nil {
		return s, err
	}
	for id, key := range k.Seal {
		block, err := aes.NewCipher(key)
		if err != nil {
			return s, err
		}
		if s.ciphers[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return s, err
		}
	}
	return s, nil
}

// boundTo ties a sealed value to where it stands: moved to another table, column or row it does not open.
func boundTo(column, row string) []byte { return []byte(column + "\x00" + row) }

// seal gives: length of the key's id, the id, nonce, ciphertext.
func (s sealer) seal(column, row, text string) []byte {
	out := append([]byte{byte(len(s.Current))}, s.Current...)
	return s.ciphers[s.Current].Seal(out, nil, []byte(text), boundTo(column, row))
}

func (s sealer) open(column, row string, sealed []byte) (string, error) {
	if len(sealed) == 0 || len(sealed) < 1+int(sealed[0]) {
		return "", unopened(column, row)
	}
	id := string(sealed[1 : 1+sealed[0]])
	gcm, ok := s.ciphers[id]
	if !ok {
		return "", fmt.Errorf("store: no key with id %q", id)
	}
	text, err := gcm.Open(nil, nil, sealed[1+sealed[0]:], boundTo(column, row))
	if err != nil {
		return "", unopened(column, row)
	}
	return string(text), nil
}

func unopened(column, row string) error {
	return fmt.Errorf("store: %s of %s does not open", column, row)
}
