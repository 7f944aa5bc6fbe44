package widget

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"kontaktlaege/assets"
)

// Icon names a drawing in assets/icons. It always stands beside a word.
type Icon string

// The icons.
const (
	IconNone       Icon = ""
	IconMic        Icon = "mic"
	IconMicOff     Icon = "mic-off"
	IconCamera     Icon = "camera"
	IconCameraOff  Icon = "camera-off"
	IconFlip       Icon = "flip"
	IconHangUp     Icon = "hang-up"
	IconAnswer     Icon = "answer"
	IconVolumeDown Icon = "volume-down"
	IconVolumeUp   Icon = "volume-up"
	IconBack       Icon = "back"
	IconCheck      Icon = "check"
	IconCross      Icon = "cross"
	IconWarning    Icon = "warning"
	IconInfo       Icon = "info"
	IconErase      Icon = "erase"
	IconLanguage   Icon = "language"
	IconTextSize   Icon = "text-size"
	IconDark       Icon = "dark"
	IconLight      Icon = "light"
	IconContrast   Icon = "contrast"
	IconRunning    Icon = "running"
	IconNetwork    Icon = "network"
	IconNetworkOff Icon = "network-off"
	IconWrite      Icon = "write"
	IconPhoto      Icon = "photo"
	IconInvite     Icon = "invite"
	IconPeople     Icon = "people"
	IconMore       Icon = "more"
	IconZoomIn     Icon = "zoom-in"
	IconZoomOut    Icon = "zoom-out"
	IconTorch      Icon = "torch"
	IconTrash      Icon = "trash"
	IconFaceGood   Icon = "face-good"
	IconFacePartly Icon = "face-partly"
	IconFaceBad    Icon = "face-bad"
	IconCard       Icon = "card"
	IconOrders     Icon = "orders"
	IconLock       Icon = "lock"
	IconBell       Icon = "bell"
)

// resource gives the drawing in a colour; its name holds both, since Fyne keeps pictures by name.
func (i Icon) resource(c color.Color) fyne.Resource {
	svg, err := assets.Icons.ReadFile("icons/" + string(i) + ".svg")
	if err != nil {
		panic("widget: no icon " + string(i)) // embedded: a broken build; a test opens them all
	}
	r, g, b, _ := c.RGBA()
	hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	return fyne.NewStaticResource(string(i)+hex+".svg", bytes.ReplaceAll(svg, []byte("currentColor"), []byte(hex)))
}
