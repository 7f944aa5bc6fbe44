package testkit

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is a person's browser without a screen: it keeps cookies, follows redirects and submits the forms that the
// page it got really holds.
type Browser struct {
	t      testing.TB
	client *http.Client
}

// NewBrowser makes a browser with an empty cookie jar that reaches the world by transport.
func NewBrowser(t testing.TB, transport http.RoundTripper) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{t, &http.Client{Jar: jar, Transport: transport}}
}

// Cookies gives what the jar would send to address.
func (b *Browser) Cookies(address string) []*http.Cookie {
	b.t.Helper()
	return b.client.Jar.Cookies(b.parse(address))
}

// Page is where the browser ended up.
type Page struct {
	Status int
	URL    *url.URL
	Header http.Header
	Body   string

	browser *Browser
	root    *html.Node
}

// Open follows address to a page.
func (b *Browser) Open(address string) *Page {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(request)
}

func (b *Browser) do(request *http.Request) *Page {
	b.t.Helper()
	answer, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		b.t.Fatal(err)
	}
	return &Page{answer.StatusCode, answer.Request.URL, answer.Header, string(body), b, root}
}

func (b *Browser) parse(address string) *url.URL {
	b.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

// Submit fills and sends the form with that id, as a click on its button does. A field that the form does not have fails
// the test, except for a button's own name.
func (p *Page) Submit(form string, fields map[string]string) *Page {
	b := p.browser
	b.t.Helper()
	node := find(p.root, func(n *html.Node) bool { return n.Data == "form" && attribute(n, "id") == form })
	if node == nil {
		b.t.Fatalf("no form %q at %s, status %d:\n%s", form, p.URL, p.Status, p.Body)
	}
	values, known := url.Values{}, map[string]bool{}
	walk(node, func(n *html.Node) {
		name := attribute(n, "name")
		if name == "" {
			return
		}
		known[name] = true
		if n.Data == "input" {
			values.Set(name, attribute(n, "value"))
		}
	})
	for name, value := range fields {
		if !known[name] {
			b.t.Fatalf("form %q has no field %q", form, name)
		}
		values.Set(name, value)
	}
	target := p.URL.ResolveReference(b.parse(attribute(node, "action")))
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, target.String(), strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", p.URL.Scheme+"://"+p.URL.Host)
	return b.do(request)
}

// Has says whether the page has a form with that id.
func (p *Page) Has(form string) bool {
	return find(p.root, func(n *html.Node) bool { return n.Data == "form" && attribute(n, "id") == form }) != nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func find(root *html.Node, is func(*html.Node) bool) *html.Node {
	var found *html.Node
	walk(root, func(n *html.Node) {
		if found == nil && is(n) {
			found = n
		}
	})
	return found
}
