//go:build !linux

package capture

import "github.com/pion/mediadevices/pkg/driver"

// openControls has none to open but on Linux and Android.
func openControls(driver.Driver) controls { return noControls{} }
