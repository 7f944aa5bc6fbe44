package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kontaktlaege/internal/kontakt"
)

const (
	path       = "/rest/mtsms"
	within     = 15 * time.Second // one try, from the connection to the last byte
	maxAnswer  = 64 << 10
	longestAsk = 24 * time.Hour // of a Retry-After that is believed
)

type gateway struct {
	url, token, sender string
	client             *http.Client
}

func openGateway(c Config) (*gateway, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, fmt.Errorf("sms: %q is not a scheme and a host, such as https://gatewayapi.eu", c.URL)
	case u.Scheme == "http" && !kontakt.Loopback(u.Hostname()):
		return nil, fmt.Errorf("sms: %q would send numbers in the open: https is needed", c.URL)
	case c.Token == "":
		return nil, errors.New("sms: the gateway needs a token")
	case !senderFits(c.Sender):
		return nil, fmt.Errorf("sms: %q as the sender: 1 to 11 letters and digits, or up to 15 digits", c.Sender)
	}
	return &gateway{url: u.Scheme + "://" + u.Host + path, token: c.Token, sender: c.Sender, client: &http.Client{
		Timeout:       within,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token and the number are for this host alone
	}}, nil
}

func senderFits(s string) bool {
	digits := strings.Trim(s, "0123456789") == ""
	other := func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != ' '
	}
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, other) && (len(s) <= 11 || digits && len(s) <= 15)
}

type request struct {
	Sender     string      `json:"sender"`
	Message    string      `json:"message"`
	Recipients []recipient `json:"recipients"`
	UserRef    string      `json:"userref"`
	Encoding   string      `json:"encoding,omitempty"`
}

type recipient struct {
	MSISDN int64 `json:"msisdn"`
}

// Send makes one attempt at the gateway.
func (g *gateway) Send(ctx context.Context, reference string, text []byte) error {
	const op = "sms.gateway"
	p, err := parse(text)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(strings.TrimPrefix(p.To, "+"), 10, 64)
	if err != nil {
		return &kontakt.Error{Op: op, Kind: kontakt.Invalid, Msg: kontakt.MsgPhoneChars}
	}
	body, err := json.Marshal(request{Sender: g.sender, Message: p.Text, Recipients: []recipient{{number}}, UserRef: reference, Encoding: encoding(p.Text)})
	if err != nil {
		return &kontakt.Error{Op: op, Kind: kontakt.Internal, Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return &kontakt.Error{Op: op, Kind: kontakt.Internal, Err: err}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth(g.token, "")
	resp, err := g.client.Do(r)
	if err != nil {
		return &kontakt.Error{Op: op, Kind: kontakt.Unavailable, Err: cause(err)}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refused(resp, answer)
	}
	if err != nil {
		return &kontakt.Error{Op: op, Kind: kontakt.Unavailable, Err: cause(err)}
	}
	return accepted(answer)
}

// accepted looks whether an answer of success names the message. One that does not says nothing: the message may be on
// its way or not.
func accepted(answer []byte) error {
	var said struct {
		IDs []json.Number `json:"ids"`
	}
	if len(answer) > maxAnswer || json.Unmarshal(answer, &said) != nil || len(said.IDs) == 0 {
		return &kontakt.Error{Op: "sms.gateway", Kind: kontakt.Unavailable, Err: errors.New("an answer of success that names no message")}
	}
	return nil
}

// code is how the gateway names a failure, such as 0x0216. Its words may repeat what was sent and are not kept.
func code(answer []byte) string {
	var said struct {
		Code string `json:"code"`
	}
	if len(answer) > maxAnswer || json.Unmarshal(answer, &said) != nil || !isCode(said.Code) {
		return "none"
	}
	return said.Code
}

// isCode says whether s is 0x and four digits: anything longer may be a number of somebody's.
func isCode(s string) bool {
	digits, ok := strings.CutPrefix(s, "0x")
	_, err := strconv.ParseUint(digits, 16, 16)
	return ok && len(digits) == 4 && err == nil
}

// refused turns any other status into a failure: for good (4xx), or for now.
func refused(resp *http.Response, answer []byte) error {
	e := &kontakt.Error{Op: "sms.gateway", Kind: kontakt.Unavailable, Err: fmt.Errorf("status %d, code %s", resp.StatusCode, code(answer))}
	switch s := resp.StatusCode; {
	case s == http.StatusTooManyRequests:
		e.Kind = kontakt.TooMany
	case s == http.StatusRequestTimeout, s >= 500:
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s < 400: // a redirect too: --sms-url is wrong
		e.Kind, e.Msg = kontakt.Forbidden, kontakt.MsgNoSender
	default:
		e.Kind, e.Msg = kontakt.Invalid, kontakt.MsgSMSRefused
	}
	if after := retryAfter(resp.Header.Get("Retry-After")); after > 0 && e.Kind.Transient() {
		return later{e, after}
	}
	return e
}

// later is a failure of a gateway that says when to come again.
type later struct {
	error
	after time.Duration
}

func (l later) Unwrap() error             { return l.error }
func (l later) RetryAfter() time.Duration { return l.after }

// retryAfter reads seconds or a date; 0 for anything else.
func retryAfter(s string) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = time.Until(at)
	}
	return min(max(d, 0), longestAsk)
}

// cause is what went wrong without the words of the other side, which may be anything.
func cause(err error) error {
	if late, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && late.Timeout() {
		return errors.New("no answer in time")
	}
	if at, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("%s failed", at.Op) // dial, read, write
	}
	return errors.New("no whole answer")
}

// encoding says how the text is to go: in the phones' own alphabet, which has the Danish letters, or, with a character
// that it lacks, in UCS2.
func encoding(text string) string {
	for _, r := range text {
		if !strings.ContainsRune(alphabet, r) {
			return "UCS2"
		}
	}
	return ""
}

// alphabet is GSM 03.38 with its extension.
const alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà" +
	"\f^{}\\[~]|€"
