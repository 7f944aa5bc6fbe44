package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// Driver is the process that drives real browsers (browser.mjs).
type Driver struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser

	mu      sync.Mutex
	next    int
	waiting map[int]chan answer
	gone    error
}

type answer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  string          `json:"error"`
}

// StartDriver starts it; its own complaints go to stderr.
func StartDriver(dir string) (*Driver, error) {
	d := &Driver{cmd: exec.Command("node", filepath.Join(dir, "browser.mjs")), waiting: map[int]chan answer{}}
	d.cmd.Stderr = os.Stderr
	var err error
	if d.stdin, err = d.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := d.cmd.Start(); err != nil {
		return nil, fmt.Errorf("e2e: the browser driver needs node: %w", err)
	}
	go d.read(stdout)
	return d, nil
}

func (d *Driver) read(r io.Reader) {
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			d.mu.Lock()
			d.gone = errors.New("e2e: the browser driver has ended")
			for _, ch := range d.waiting {
				close(ch)
			}
			d.waiting = nil
			d.mu.Unlock()
			return
		}
		var a answer
		if json.Unmarshal(line, &a) != nil {
			continue
		}
		d.mu.Lock()
		ch := d.waiting[a.ID]
		delete(d.waiting, a.ID)
		d.mu.Unlock()
		if ch != nil {
			ch <- a
		}
	}
}

// call runs one method of browser.mjs.
func (d *Driver) call(ctx context.Context, method string, params map[string]any, result any) error {
	d.mu.Lock()
	if d.gone != nil {
		d.mu.Unlock()
		return d.gone
	}
	d.next++
	id := d.next
	ch := make(chan answer, 1)
	d.waiting[id] = ch
	line, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err == nil {
		_, err = d.stdin.Write(append(line, '\n'))
	}
	d.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("e2e: %s: %w", method, ctx.Err())
	case a, ok := <-ch:
		if !ok {
			return d.gone
		}
		if a.Error != "" {
			return errors.New("e2e: " + a.Error)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(a.Result, result)
	}
}

// Close ends all browsers and the driver.
func (d *Driver) Close() error {
	d.stdin.Close()
	return d.cmd.Wait()
}

// Browser is one running browser.
type Browser struct {
	d  *Driver
	id string
}

// BrowserOptions say how a Chromium is started.
type BrowserOptions struct {
	Display     string // "" is headless
	FakeCamera  string // y4m
	FakeMic     string // wav
	Width       int
	Height      int
	ExtraArgs   []string
	Environment map[string]string
}

// LaunchChromium starts Debian's Chromium with a fresh profile under dir.
func (d *Driver) LaunchChromium(ctx context.Context, dir string, o BrowserOptions) (*Browser, error) {
	args := []string{
		"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns,Translate,MediaRouter",
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--password-store=basic", "--lang=da", "--accept-lang=da", "--mute-audio",
		"--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
	}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium's sandbox refuses root, as which CI runs
	}
	if o.FakeCamera != "" {
		args = append(args, "--use-file-for-fake-video-capture="+o.FakeCamera)
	}
	if o.FakeMic != "" {
		args = append(args, "--use-file-for-fake-audio-capture="+o.FakeMic)
	}
	env := map[string]string{"LANGUAGE": "da"} // as on a Danish tablet
	if o.Display != "" {
		env["DISPLAY"] = o.Display
		args = append(args, fmt.Sprintf("--window-size=%d,%d", o.Width, o.Height), "--window-position=0,0")
	} else {
		args = append(args, "--disable-gpu")
	}
	for k, v := range o.Environment {
		env[k] = v
	}
	profile, err := os.MkdirTemp(dir, "chromium-")
	if err != nil {
		return nil, err
	}
	b := &Browser{d: d}
	err = d.call(ctx, "launch", map[string]any{
		"executable": "/usr/bin/chromium", "args": append(args, o.ExtraArgs...), "headless": o.Display == "", "profile": profile, "env": env,
	}, &b.id)
	return b, err
}

// Pid is its first process.
func (b *Browser) Pid(ctx context.Context) (pid int, err error) {
	err = b.d.call(ctx, "pid", map[string]any{"browser": b.id}, &pid)
	return pid, err
}

// Close ends the browser.
func (b *Browser) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return b.d.call(ctx, "closeBrowser", map[string]any{"browser": b.id}, nil)
}

// Page is one tab.
type Page struct {
	d  *Driver
	id string
}

// Open opens a tab, in a cookie jar of its own when fresh; init runs before the page's own scripts.
func (b *Browser) Open(ctx context.Context, url string, fresh bool, width, height int, init string) (*Page, error) {
	p := &Page{d: b.d}
	params := map[string]any{"browser": b.id, "url": url, "fresh": fresh, "init": init}
	if width > 0 {
		params["width"], params["height"] = width, height
	}
	err := b.d.call(ctx, "open", params, &p.id)
	return p, err
}

// patience is how long a page may take to show what a step waits for.
const patience = 30 * time.Second

func (p *Page) do(ctx context.Context, method string, result any, pairs ...any) error {
	params := map[string]any{"page": p.id, "timeout": patience.Milliseconds()}
	for i := 0; i < len(pairs); i += 2 {
		params[pairs[i].(string)] = pairs[i+1]
	}
	return p.d.call(ctx, method, params, result)
}

// Click waits for selector to be seen and clicks it.
func (p *Page) Click(ctx context.Context, selector string) error {
	return p.do(ctx, "click", nil, "selector", selector)
}

// Fill replaces the text of an input.
func (p *Page) Fill(ctx context.Context, selector, text string) error {
	return p.do(ctx, "fill", nil, "selector", selector, "text", text)
}

// Press presses a key, by its name ("Enter").
func (p *Page) Press(ctx context.Context, key string) error {
	return p.do(ctx, "press", nil, "key", key)
}

// Choose chooses an option of a select by its value.
func (p *Page) Choose(ctx context.Context, selector, value string) error {
	return p.do(ctx, "choose", nil, "selector", selector, "value", value)
}

// Point moves the mouse to a place within an element, 0–1 from its upper left corner.
func (p *Page) Point(ctx context.Context, selector string, x, y float64) error {
	return p.do(ctx, "point", nil, "selector", selector, "x", x, "y", y)
}

// See waits for selector to be seen.
func (p *Page) See(ctx context.Context, selector string) error {
	return p.do(ctx, "wait", nil, "selector", selector)
}

// Until waits for a JavaScript expression to be true.
func (p *Page) Until(ctx context.Context, js string) error { return p.do(ctx, "wait", nil, "js", js) }

// Eval gives the value of a JavaScript expression.
func (p *Page) Eval(ctx context.Context, js string, result any) error {
	return p.do(ctx, "eval", result, "js", js)
}

// Text gives the text of the first element that matches.
func (p *Page) Text(ctx context.Context, selector string) (string, error) {
	var s string
	quoted, err := json.Marshal(selector)
	if err != nil {
		return "", err
	}
	err = p.Eval(ctx, fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quoted), &s)
	return s, err
}

// URL gives the page's address.
func (p *Page) URL(ctx context.Context) (string, error) {
	var s string
	err := p.do(ctx, "url", &s)
	return s, err
}

// Goto opens another address in the tab.
func (p *Page) Goto(ctx context.Context, url string) error { return p.do(ctx, "goto", nil, "url", url) }

// Reload loads the page again.
func (p *Page) Reload(ctx context.Context) error { return p.do(ctx, "reload", nil) }

// Picture writes a PNG of the page.
func (p *Page) Picture(ctx context.Context, path string) error {
	return p.do(ctx, "screenshot", nil, "path", path)
}

// Complaints gives what the page's console said of errors.
func (p *Page) Complaints(ctx context.Context) ([]string, error) {
	var s []string
	err := p.do(ctx, "complaints", &s)
	return s, err
}

// Close closes the tab.
func (p *Page) Close(ctx context.Context) error { return p.do(ctx, "closePage", nil) }
