package capture

import (
	"sync"

	"github.com/pion/mediadevices/pkg/driver"
)

// drivers guards the driver manager: finding cameras again removes every video driver that stands there.
var drivers sync.Mutex

// register puts an adapter of ours into the manager and gives its driver; forget takes it out again.
func register(a driver.Adapter, label string, kind driver.DeviceType) (driver.Driver, error) {
	drivers.Lock()
	defer drivers.Unlock()
	m := driver.GetManager()
	known := map[string]bool{}
	for _, d := range m.Query(func(driver.Driver) bool { return true }) {
		known[d.ID()] = true
	}
	if err := m.Register(a, driver.Info{Label: label, DeviceType: kind, Name: label}); err != nil {
		return nil, err
	}
	// Register does not say which driver it made: it is the new one.
	return m.Query(func(d driver.Driver) bool { return !known[d.ID()] })[0], nil
}

func forget(d driver.Driver) {
	drivers.Lock()
	defer drivers.Unlock()
	driver.GetManager().Delete(d.ID())
}

// held are the drivers in use, opening ones too: a driver's own state may not be asked while it hangs in its opening.
var held = map[string]bool{}

func hold(d driver.Driver) bool {
	drivers.Lock()
	defer drivers.Unlock()
	if held[d.ID()] {
		return false
	}
	held[d.ID()] = true
	return true
}

func letGo(d driver.Driver) {
	drivers.Lock()
	defer drivers.Unlock()
	delete(held, d.ID())
}
