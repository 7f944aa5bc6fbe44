// Command kontaktlaege is the tablet: it builds the parts, connects them and hands over to the window.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"kontaktlaege/app"
	"kontaktlaege/app/client"
	"kontaktlaege/app/drill"
	"kontaktlaege/app/handset"
	"kontaktlaege/auth"
	"kontaktlaege/auth/keystore"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media/call/played"
	"kontaktlaege/media/render"
	"kontaktlaege/ui"
	"kontaktlaege/ui/automation"
	"kontaktlaege/ui/i18n"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "0.1.0"

// flags are the program's settings, each also from the environment.
type flags struct {
	Backend     string           `help:"Address of the backend." env:"KONTAKT_BACKEND" default:"http://127.0.0.1:8080" placeholder:"URL"`
	Data        string           `help:"Folder of the tablet's key, session and settings." env:"KONTAKT_DATA" default:"${data}" type:"path"`
	Camera      string           `help:"auto, v4l2[:N], timecode[:WxH@FPS] (a test picture), file:PATH.y4m or none." env:"KONTAKT_CAMERA" default:"auto"`
	Microphone  string           `help:"default, tone[:HZ] (a test tone), file:PATH.wav or none." env:"KONTAKT_MICROPHONE" default:"default"`
	Loudspeaker string           `help:"default, wav:PATH (what would be heard goes into a file) or none." env:"KONTAKT_LOUDSPEAKER" default:"default"`
	RelayOnly   bool             `help:"Never take a direct path to the other side." env:"KONTAKT_RELAY_ONLY"`
	Loopback    bool             `help:"Offer 127.0.0.1 as a path: both ends on this machine. On by itself when the backend is." env:"KONTAKT_LOOPBACK"`
	Drill       bool             `help:"Begin with a drill (Øvelse): made-up citizens, a played doctor, no backend." env:"KONTAKT_DRILL"`
	Kiosk       bool             `help:"Nothing leads out of the app but IT's code: full screen, and closing the window asks for it." env:"KONTAKT_KIOSK"`
	KioskCode   string           `help:"IT's code, as --hash-code prints it. Without one no code leads out." env:"KONTAKT_KIOSK_CODE" placeholder:"HASH"`
	HashCode    bool             `help:"Read IT's code from the standard input, print its hash and end."`
	IdleLock    time.Duration    `help:"How long nobody touches the tablet before it locks; 0: never." env:"KONTAKT_IDLE_LOCK" default:"5m"`
	Fullscreen  bool             `help:"Take the whole screen." env:"KONTAKT_FULLSCREEN"`
	Width       int              `help:"Width of the window." default:"1280" placeholder:"DP"`
	Height      int              `help:"Height of the window." default:"800" placeholder:"DP"`
	LogLevel    slog.Level       `help:"debug, info, warn or error." env:"KONTAKT_LOG_LEVEL" default:"info"`
	Automation  string           `help:"Unix socket that tells tests where things are on the screen." hidden:""`
	Version     kong.VersionFlag `help:"Print the version."`
}

// Validate names the flag that is wrong.
func (f *flags) Validate() error {
	u, err := url.Parse(f.Backend)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("--backend: %q is no http or https address", f.Backend)
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme == "http" && !local {
		return fmt.Errorf("--backend: %s must be https: health data never travels in the clear", f.Backend)
	}
	f.Loopback = f.Loopback || local
	if f.KioskCode != "" {
		if _, err := app.ParseCodeHash(f.KioskCode); err != nil {
			return fmt.Errorf("--kiosk-code: that is no hash; print one with --hash-code")
		}
	}
	if f.IdleLock < 0 {
		return fmt.Errorf("--idle-lock: %v is no time to wait", f.IdleLock)
	}
	return handset.Config{Camera: f.Camera, Microphone: f.Microphone, Loudspeaker: f.Loudspeaker}.Check()
}

func main() {
	data, err := os.UserConfigDir()
	if err != nil {
		data = "."
	}
	var f flags
	kong.Parse(&f, kong.Name("kontaktlaege"),
		kong.Description("Kontakt Læge on the tablet: help a citizen to a video consultation with their own doctor."),
		kong.Vars{"version": version, "data": filepath.Join(data, "kontaktlaege")})
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: f.LogLevel}))
	if f.HashCode {
		if err := printCode(os.Stdin, os.Stdout); err != nil {
			log.Error("no hash", "error", err)
			os.Exit(1)
		}
		return
	}
	if err := run(f, log); err != nil {
		log.Error("the tablet ends", "error", err)
		os.Exit(1)
	}
}

// printCode gives IT what stands for its code, so that the code itself is in no setting.
func printCode(in io.Reader, out io.Writer) error {
	line, err := bufio.NewReader(io.LimitReader(in, 64)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	code := strings.TrimSpace(line)
	if len(code) < app.LeastDigits || len(code) > app.MostDigits || strings.Trim(code, "0123456789") != "" {
		return fmt.Errorf("the code is %d to %d digits", app.LeastDigits, app.MostDigits)
	}
	hash, err := app.HashCode(code, kontakt.NewSecret())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, hash)
	return err
}

func run(f flags, log *slog.Logger) error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	store, err := keystore.Open(f.Data)
	if err != nil {
		return err
	}
	c, err := client.New(client.Options{Base: f.Backend, Identity: auth.NewIdentity(store), App: version, Log: log})
	if err != nil {
		return err
	}
	trace := func(step string) { log.Debug("start of a call", "step", step) }
	var self render.Mailbox
	var remotes render.Mailboxes
	var album render.Album
	var held render.Mailbox // what is held before the camera to be scanned
	var reading *ui.UI      // which gets what was read there
	card := func(number kontakt.CPR) { reading.Card(number) }
	code := func(code string) { reading.Code(code) }
	phone := handset.New(handset.Config{
		Camera: f.Camera, Microphone: f.Microphone, Loudspeaker: f.Loudspeaker,
		Self: self.Put, Remote: remotes.Put, Album: &album, Scanned: held.Put, Card: card, Code: code, RelayOnly: f.RelayOnly, IncludeLoopback: f.Loopback, Log: log, Trace: trace,
	})
	ringer := handset.NewRinger(f.Loudspeaker, func(language string, s app.Sentence) string {
		return i18n.For(language).Sentence(s.Key, s.Params)
	}, log)
	machine := app.NewMachine(app.Ports{
		Handovers: c, Scanner: phone,
		Tablet: c, Signins: c, Line: c, Calls: c, Guests: c, Cards: c, Orders: c, Summaries: c, Records: c, Rounds: c, Stream: client.NewStream(c),
		Phone: phone, Browser: systemBrowser{}, Ringer: ringer, Voice: ringer, Memory: store, Log: log, Trace: trace,
		Dialer: systemDialer{},
	})
	var window *ui.UI
	machine.Guard(app.Guard{Idle: f.IdleLock, Kiosk: f.Kiosk, Code: app.CodeHash(f.KioskCode)}, func() { window.Quit() })
	var drills *drill.Switch
	window = ui.New(ui.Config{
		Send: func(e app.Event) { drills.Send(e) }, Self: &self, Remote: remotes.Of, Still: &album, Scanned: &held, Clock: c.Now, Width: f.Width, Height: f.Height, Fullscreen: f.Fullscreen || f.Kiosk,
		Touched: machine.Touch, Close: func() { machine.Send(app.TapQuit{}) },
		Trace: trace,
	})
	reading = window
	drills = drill.NewSwitch(drill.Config{
		Real: machine, Show: window.Show, Ringer: ringer, Log: log,
		// A phone of its own: what is real keeps its own, cold, and finds the camera free as soon as the drill is over.
		NewPhone: func() drill.Phone {
			return handset.New(handset.Config{
				Camera: f.Camera, Microphone: f.Microphone, Loudspeaker: f.Loudspeaker,
				Self: self.Put, Remote: remotes.Put, Album: &album, Scanned: held.Put, Card: card, Code: code, IncludeLoopback: true, Log: log,
			})
		},
		Clinician: played.New(func() []int16 { return handset.DoctorVoice(machine.State().Settings.Language) }, log),
	})
	if f.Drill {
		drills.Send(app.TapDrill{})
	}

	var parts errgroup.Group
	parts.Go(func() error { machine.Run(ctx); return nil })
	parts.Go(func() error { drills.Run(ctx); return nil })
	parts.Go(func() error {
		client.WatchNetwork(ctx, func() {
			log.Info("the tablet has another network")
			c.NetworkChanged()
			phone.NetworkChanged()
		})
		return nil
	})
	parts.Go(func() error { return serveAutomation(ctx, f.Automation, window) })
	context.AfterFunc(ctx, window.Quit)
	window.Run()
	cancel()
	return errors.Join(parts.Wait(), phone.Close(), ringer.Close())
}

func serveAutomation(ctx context.Context, socket string, window *ui.UI) error {
	if socket == "" {
		return nil
	}
	return automation.Listen(ctx, socket, func() automation.Snapshot {
		return automation.Snapshot{Targets: window.Targets(), Sentences: automation.Fingerprints(window.Sentences())}
	})
}

// systemDialer is app.Dialer: on Android by an intent, which Fyne does not tell the outcome of; on a desktop by the program that
// the desktop has for telephone numbers.
type systemDialer struct{}

// Dial says where there is no such program. It does not wait for the call.
func (systemDialer) Dial(ctx context.Context, number string) error {
	u := &url.URL{Scheme: "tel", Opaque: number}
	if !fyne.CurrentDevice().IsMobile() {
		program, err := exec.CommandContext(ctx, "xdg-mime", "query", "default", "x-scheme-handler/"+u.Scheme).Output()
		if err != nil || len(bytes.TrimSpace(program)) == 0 {
			return &kontakt.Error{Op: "main.Dial", Kind: kontakt.NotFound, Msg: kontakt.MsgCannotPhone}
		}
	}
	return fyne.CurrentApp().OpenURL(u)
}

// systemBrowser is app.Browser by Fyne: xdg-open on a desktop, an intent on Android.
type systemBrowser struct{}

// Open does not wait for the browser to end.
func (systemBrowser) Open(_ context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return fyne.CurrentApp().OpenURL(u)
}
