package backend

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kontaktlaege/backend/sms"
	"kontaktlaege/backend/turn"
	"kontaktlaege/internal/kontakt"
)

// clock compares ours with the provider's, since a sign-in's age is judged by both.
func (d *doctor) clock(ctx context.Context) Finding {
	began := d.cfg.Now()
	_, at, err := d.discovery(ctx)
	if err != nil || at.IsZero() {
		return Finding{Level: Doubtful, Said: "nothing to compare with: the provider did not answer", Advice: "timedatectl says whether it is kept right"}
	}
	off := at.Sub(began).Abs() - d.cfg.Now().Sub(began) - time.Second // an HTTP date has whole seconds
	switch {
	case off > clockBroken:
		return Finding{Level: Broken, Said: fmt.Sprintf("%s off the provider's", off.Round(time.Second)), Advice: "set up time synchronisation (chrony, systemd-timesyncd): sign-ins fail"}
	case off > clockOff:
		return Finding{Level: Doubtful, Said: fmt.Sprintf("%s off the provider's", off.Round(time.Second)), Advice: "set up time synchronisation (chrony, systemd-timesyncd)"}
	}
	return fine("as the provider's, to a few seconds")
}

// discovery fetches what the provider says of itself, and its time.
func (d *doctor) discovery(ctx context.Context) (issuer string, at time.Time, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(d.cfg.OIDC.Issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", at, err
	}
	res, err := d.http.Do(req)
	if err != nil {
		return "", at, err
	}
	defer res.Body.Close()
	at, _ = http.ParseTime(res.Header.Get("Date")) // a missing one is the zero time
	if res.StatusCode != http.StatusOK {
		return "", at, fmt.Errorf("%s answers %s", req.URL, res.Status)
	}
	var said struct {
		Issuer string `json:"issuer"`
	}
	err = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&said)
	return said.Issuer, at, err
}

func (d *doctor) provider(ctx context.Context) Finding {
	if missing := d.cfg.OIDC.missing(); len(missing) > 0 {
		return Finding{Level: Broken, Said: "none is set up", Advice: "set " + strings.Join(missing, ", ")}
	}
	if _, err := d.cfg.clientSecret(); err != nil {
		return broken(err, "let kontaktd's user read the file")
	}
	issuer, _, err := d.discovery(ctx)
	if err != nil {
		return broken(err, "nobody can sign in; those who are signed in go on. Can this machine reach it?")
	}
	if issuer != d.cfg.OIDC.Issuer {
		return Finding{Level: Broken, Said: fmt.Sprintf("calls itself %s, not %s", issuer, d.cfg.OIDC.Issuer), Advice: "give --oidc-issuer exactly as the provider writes it"}
	}
	return fine("%s answers", issuer)
}

// relay tries the relay as a tablet would. Where a server runs on this machine, it is that server's.
func (d *doctor) relay(ctx context.Context) Finding {
	secret, err := d.cfg.relaySecret()
	if err != nil {
		return broken(err, "")
	}
	c := d.cfg.Relay
	at := turn.Config{Secret: secret, URLs: c.URLs, Now: d.cfg.Now}
	if len(at.URLs) == 0 {
		host := c.Host
		switch {
		case host != "":
		case len(c.Public) > 0:
			host = c.Public[0].String()
		default:
			host = c.Listen.Addr().String()
		}
		at.URLs = []string{(&url.URL{Scheme: "turn", Opaque: fmt.Sprintf("%s:%d", host, c.Listen.Port())}).String() + "?transport=udp"}
		if secure := d.cfg.secureRelay(d.cfg.Listen); secure != "" {
			at.URLs = append(at.URLs, "turns:"+secure+"?transport=tcp")
		}
	}
	relay, err := turn.Open(at)
	if err != nil {
		return broken(err, "")
	}
	defer relay.Close()
	if err := relay.Check(ctx); err != nil {
		if len(c.URLs) == 0 {
			return Finding{Level: Doubtful, Said: err.Error(), Advice: "does the server run? Then open the relay's port and range in the firewall; calls in one network go without"}
		}
		return broken(err, "is the secret the same on both sides, and is the port open?")
	}
	if !strings.Contains(strings.Join(at.URLs, " "), "turns:") {
		return Finding{
			Level: Doubtful, Said: strings.Join(at.URLs, ", ") + " carries packets, but not over TLS",
			Advice: "where a firewall lets nothing but 443 out there are no calls: --relay-tls-listen with a certificate, or turns: in --relay-urls",
		}
	}
	return fine("%s carries packets", strings.Join(at.URLs, ", "))
}

func (d *doctor) certificate(context.Context) Finding {
	if d.cfg.TLSCert == "" {
		if d.cfg.BehindProxy {
			return fine("the proxy's business")
		}
		return fine("none: only this machine is served")
	}
	c, err := d.cfg.certificate()
	if err != nil {
		return broken(err, "certificate and key in PEM, readable by kontaktd's user")
	}
	leaf, err := x509.ParseCertificate(c.Certificates[0].Certificate[0])
	if err != nil {
		return broken(err, "")
	}
	if u, err := url.Parse(d.cfg.BaseURL); err == nil && u.Hostname() != "" {
		if err := leaf.VerifyHostname(u.Hostname()); err != nil {
			return broken(err, "the certificate must name the host of --base-url")
		}
	}
	switch left := leaf.NotAfter.Sub(d.cfg.Now()); {
	case left <= 0:
		return Finding{Level: Broken, Said: "expired on " + leaf.NotAfter.Format(time.DateOnly), Advice: "renew it and restart"}
	case left < certSoon:
		return Finding{Level: Doubtful, Said: "expires on " + leaf.NotAfter.Format(time.DateOnly), Advice: "renew it and restart"}
	}
	return fine("good until %s", leaf.NotAfter.Format(time.DateOnly))
}

// server asks the address that tablets are told, which shows name, firewall and proxy at once.
func (d *doctor) server(ctx context.Context) Finding {
	base := d.cfg.BaseURL
	if base == "" {
		base = "http://" + d.cfg.Listen
		if d.cfg.TLSCert != "" {
			base = "https://" + d.cfg.Listen
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return broken(err, "")
	}
	res, err := d.http.Do(req)
	if err != nil {
		return Finding{Level: Doubtful, Said: base + " does not answer here", Advice: "start the server; where it runs, look at name, firewall and proxy"}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return Finding{Level: Broken, Said: base + "/healthz answers " + res.Status, Advice: "its log says why"}
	}
	return fine("%s answers", base)
}

func (d *doctor) registry(ctx context.Context) Finding {
	if d.cfg.Registry.FHIR == "" {
		return fine("our own table (kontaktd import citizens)")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(d.cfg.Registry.FHIR, "/")+"/metadata", nil)
	if err != nil {
		return broken(err, "")
	}
	res, err := d.http.Do(req)
	if err != nil {
		return broken(err, "nurses may name the clinic meanwhile, and the clinic decides. Can this machine reach it?")
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusInternalServerError {
		return Finding{Level: Broken, Said: "answers " + res.Status, Advice: "nurses may name the clinic meanwhile, and the clinic decides"}
	}
	return fine("%s answers", d.cfg.Registry.FHIR)
}

func (d *doctor) texting(ctx context.Context) Finding {
	sender, err := d.cfg.SMS.Open()
	switch {
	case err != nil:
		return broken(err, "see --sms-url and --sms-token-file")
	case sender == nil && d.sms == "":
		return fine("not set up, and nothing asked for it")
	case sender == nil:
		return Finding{Level: Broken, Said: "not set up", Advice: "set --sms-url, --sms-token-file and --sms-sender"}
	case d.sms == "":
		return fine("set up; --sms NUMBER sends one")
	}
	to, err := kontakt.ParsePhone(d.sms)
	if err != nil {
		return broken(err, "a Danish mobile number")
	}
	payload, err := sms.Message{To: to, Text: "Kontakt Læge: en prøve. Der er intet at gøre."}.Payload()
	if err == nil {
		err = sender.Send(ctx, "doctor-"+kontakt.NewSecret(), payload)
	}
	if err != nil {
		return broken(err, "does the token still hold, and is there credit?")
	}
	return fine("one is on its way")
}
