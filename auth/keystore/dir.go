// Package keystore keeps secrets in files, for a desktop; a tablet has a twin behind the Android Keystore.
//
// Invariants: the directory is its owner's alone (0700), each file too (0600). A file is sealed with AES-256-GCM under a
// random key of the directory and bound to its name, so that one can't be put in the place of another. A file is
// replaced whole: after a power cut the old or the new stands there, never half of one. What can't be opened is
// auth.ErrDamaged and stays where it is until it is saved anew. The key lies beside what it seals: this guards against a
// copied file and against damage, not against someone who can read the whole directory.
package keystore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"kontaktlaege/auth"
)

// Dir is a keystore in a directory. Two programs may share one.
type Dir struct {
	path string
	mu   sync.Mutex // one writer of this process at a time
}

const (
	keyFile = "key"
	suffix  = ".sealed"
	keySize = 32
	maxSize = 64 << 10
)

// magic begins each sealed file and names its form.
const magic = "KL1\n"

// Open makes the directory if there is none and takes it from everyone else.
func Open(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	return &Dir{path: path}, nil
}

// Load gives what was saved under name, nil if nothing was.
func (d *Dir) Load(name string) ([]byte, error) {
	path, err := d.file(name)
	if err != nil {
		return nil, err
	}
	sealed, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	aead, err := d.aead()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keystore: %w: %s: its key is gone", auth.ErrDamaged, name)
	}
	if err != nil {
		return nil, err
	}
	head := len(magic) + aead.NonceSize()
	if len(sealed) < head || string(sealed[:len(magic)]) != magic {
		return nil, fmt.Errorf("keystore: %w: %s: not a sealed file", auth.ErrDamaged, name)
	}
	data, err := aead.Open([]byte{}, sealed[len(magic):head], sealed[head:], []byte(name))
	if err != nil {
		return nil, fmt.Errorf("keystore: %w: %s: does not open", auth.ErrDamaged, name)
	}
	return data, nil
}

// Save seals data under name.
func (d *Dir) Save(name string, data []byte) error {
	path, err := d.file(name)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	aead, err := d.aead()
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, auth.ErrDamaged) {
		aead, err = d.newKey()
	}
	if err != nil {
		return err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails, as of Go 1.24
	sealed := append([]byte(magic), nonce...)
	return d.replace(path, aead.Seal(sealed, nonce, data, []byte(name)))
}

// Delete forgets what was saved under name.
func (d *Dir) Delete(name string) error {
	path, err := d.file(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keystore: %w", err)
	}
	return d.sync()
}

// file gives the path of a name: lower-case letters and dots, so that no name leaves the directory or meets the key.
func (d *Dir) file(name string) (string, error) {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c != '.' || i == 0) {
			return "", fmt.Errorf("keystore: %q is no name", name)
		}
	}
	if name == "" {
		return "", errors.New("keystore: no name")
	}
	return filepath.Join(d.path, name+suffix), nil
}

func (d *Dir) aead() (cipher.AEAD, error) {
	key, err := read(filepath.Join(d.path, keyFile))
	if err != nil {
		return nil, err
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("keystore: %w: the key has %d bytes", auth.ErrDamaged, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	return cipher.NewGCM(block)
}

// newKey makes a key where there is none, or none that is whole. Should another program make one at the same moment, the
// first to be in place counts.
func (d *Dir) newKey() (cipher.AEAD, error) {
	path := filepath.Join(d.path, keyFile)
	if key, err := read(path); err == nil && len(key) != keySize {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("keystore: %w", err)
		}
	}
	key := make([]byte, keySize)
	rand.Read(key)
	temp, err := d.write(key)
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if err := d.sync(); err != nil {
		return nil, err
	}
	return d.aead()
}

// replace puts data in the place of path, whole.
func (d *Dir) replace(path string, data []byte) error {
	temp, err := d.write(data)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return fmt.Errorf("keystore: %w", err)
	}
	return d.sync()
}

// write puts data on the disk under a name that nobody reads.
func (d *Dir) write(data []byte) (name string, err error) {
	f, err := os.CreateTemp(d.path, ".new-*") // 0600
	if err != nil {
		return "", fmt.Errorf("keystore: %w", err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("keystore: %w", err)
	}
	return f.Name(), nil
}

// sync makes a rename last.
func (d *Dir) sync() error {
	f, err := os.Open(d.path)
	if err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("keystore: %w", err)
	}
	return nil
}

// read gives a small file.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("keystore: %w", err)
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("keystore: %w: %s is too large", auth.ErrDamaged, filepath.Base(path))
	}
	return data, nil
}
