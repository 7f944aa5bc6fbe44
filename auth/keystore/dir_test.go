package keystore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kontaktlaege/auth"
)

var _ auth.Keystore = (*Dir)(nil)

func open(t testing.TB, path string) *Dir {
	t.Helper()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDir_keepsAndSeals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	secret := []byte("hemmelig nøgle")
	if err := open(t, path).Save("device", secret); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, path).Load("device")
	if err != nil || !bytes.Equal(got, secret) {
		t.Fatalf("loaded %q, %v", got, err)
	}
	if got, err := open(t, path).Load("session"); got != nil || err != nil {
		t.Errorf("what was never saved: %q, %v", got, err)
	}
	files, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is open to others: %v, %v", info.Mode(), err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others: %v, %v", f.Name(), info.Mode(), err)
		}
		data, err := os.ReadFile(filepath.Join(path, f.Name()))
		if err != nil || bytes.Contains(data, secret) {
			t.Errorf("%s holds the secret as it is, %v", f.Name(), err)
		}
		if strings.HasPrefix(f.Name(), ".new") {
			t.Errorf("%s was left behind", f.Name())
		}
	}
	if err := open(t, path).Delete("device"); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, path).Load("device"); got != nil || err != nil {
		t.Errorf("after Delete: %q, %v", got, err)
	}
}

// TestDir_damage: every single change to what lies on the disk is noticed, crashes nothing, and can be saved over.
func TestDir_damage(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	if err := d.Save("device", []byte("abc")); err != nil {
		t.Fatal(err)
	}
	sealed := filepath.Join(path, "device"+suffix)
	whole, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	damage := map[string][]byte{"nothing": {}, "too much": bytes.Repeat([]byte{1}, maxSize+1)}
	for n := range whole {
		damage["cut at "+string(rune('A'+n))] = whole[:n]
		bent := bytes.Clone(whole)
		bent[n] ^= 1
		damage["bent at "+string(rune('A'+n))] = bent
	}
	for name, content := range damage {
		if err := os.WriteFile(sealed, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Load("device"); !errors.Is(err, auth.ErrDamaged) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if err := d.Save("device", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Load("device"); string(got) != "new" || err != nil {
		t.Errorf("saved over damage: %q, %v", got, err)
	}
}

func TestDir_keyGoneOrHalf(t *testing.T) {
	for name, spoil := range map[string]func(string) error{
		"gone": os.Remove,
		"half": func(p string) error { return os.Truncate(p, 7) },
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			d := open(t, path)
			if err := d.Save("device", []byte("abc")); err != nil {
				t.Fatal(err)
			}
			if err := spoil(filepath.Join(path, keyFile)); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Load("device"); !errors.Is(err, auth.ErrDamaged) {
				t.Errorf("loaded without its key: %v", err)
			}
			if err := d.Save("device", []byte("new")); err != nil {
				t.Fatal(err)
			}
			if got, err := d.Load("device"); string(got) != "new" || err != nil {
				t.Errorf("with a new key: %q, %v", got, err)
			}
		})
	}
}

func TestDir_swappedFiles(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	if err := d.Save("device", []byte("abc")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(path, "device"+suffix), filepath.Join(path, "session"+suffix)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load("session"); !errors.Is(err, auth.ErrDamaged) {
		t.Errorf("a device key passed for a session: %v", err)
	}
}

func TestDir_names(t *testing.T) {
	d := open(t, t.TempDir())
	for _, name := range []string{"", ".", "..", "../x", "a/b", ".hidden", "Key", "a b", "æ", "key\x00"} {
		if err := d.Save(name, nil); err == nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
}

// TestDir_twoProgramsAtOnce: whoever makes the key first, both read what both have written.
func TestDir_twoProgramsAtOnce(t *testing.T) {
	path := t.TempDir()
	var both sync.WaitGroup
	for _, name := range []string{"one", "two", "three", "four"} {
		both.Go(func() {
			if err := open(t, path).Save(name, []byte(name)); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	for _, name := range []string{"one", "two", "three", "four"} {
		if got, err := open(t, path).Load(name); string(got) != name || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
