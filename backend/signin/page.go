package signin

import (
	"embed"
	"html/template"
	"net/http"

	"golang.org/x/text/language"

	"kontaktlaege/internal/kontakt"
)

//go:embed pages
var pageFiles embed.FS

var donePage = template.Must(template.ParseFS(pageFiles, "pages/done.html"))

// Sentences that only the page at the end of a sign-in says.
const (
	textTitle  kontakt.MsgKey = "login.page_title"
	textDone   kontakt.MsgKey = "login.page_done"
	textGoBack kontakt.MsgKey = "login.page_back"
	textAgain  kontakt.MsgKey = "login.page_again"
)

// pageView is what the page shows; Next says what to do now.
type pageView struct {
	Language, Title, Text, Next string
	Failed                      bool
}

// page is where a tablet's browser ends: signed in, or why not and what to do.
func (s *Service) page(w http.ResponseWriter, r *http.Request, err error) {
	lang := languageOf(r)
	text := func(key kontakt.MsgKey) string { return s.cfg.Text(lang, key) }
	v, status := pageView{Language: lang, Title: text(textTitle), Text: text(textDone), Next: text(textGoBack)}, http.StatusOK
	if err != nil {
		msg, _ := kontakt.MsgOf(err)
		v.Text, v.Next, v.Failed, status = text(msg), text(textAgain), true, statusOf(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address holds a code that has been used
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_ = donePage.Execute(w, v) // fails only where the browser went away
}

func (s *Service) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "pages/page.css")
}

func statusOf(err error) int {
	switch kontakt.KindOf(err) {
	case kontakt.NotFound, kontakt.Hidden:
		return http.StatusNotFound
	case kontakt.Gone:
		return http.StatusGone
	case kontakt.Unavailable:
		return http.StatusServiceUnavailable
	case kontakt.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusForbidden
	}
}

var languages = language.NewMatcher([]language.Tag{language.Danish, language.English})

// languageOf is "en" for a browser that prefers English, else "da".
func languageOf(r *http.Request) string {
	tag, _ := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
	if base, _ := tag.Base(); base.String() == "en" {
		return "en"
	}
	return "da"
}
