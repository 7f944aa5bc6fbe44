package crowd

import (
	"encoding/json"
	"sync"

	"kontaktlaege/auth"
	"kontaktlaege/internal/kontakt"
)

// Identity is the tablet as app/client wants it, with the nurse signed in: like a tablet that was switched on again, each
// call gives a fresh one.
func (t Tablet) Identity() (*auth.Identity, error) {
	key, err := json.Marshal(struct {
		Seed   []byte           `json:"seed"`
		Device kontakt.DeviceID `json:"device"`
	}{t.seed, t.Device})
	if err != nil {
		return nil, err
	}
	return auth.NewIdentity(&shelf{items: map[string][]byte{"device": key, "session": []byte(t.session)}}), nil
}

// shelf is a keystore in memory, with the items that auth keeps.
type shelf struct {
	mu    sync.Mutex
	items map[string][]byte
}

// Load implements auth.Keystore.
func (s *shelf) Load(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items[name], nil
}

// Save implements auth.Keystore.
func (s *shelf) Save(name string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[name] = append([]byte(nil), data...)
	return nil
}

// Delete implements auth.Keystore.
func (s *shelf) Delete(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, name)
	return nil
}
