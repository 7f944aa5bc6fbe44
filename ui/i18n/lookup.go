// Package i18n finds the sentence for a key in a language and writes numbers, dates and clocks as people say
// them.
//
// Invariants: the sentences are in assets/text and nowhere else; all languages hold the same keys (a test); a key that
// is missing is said aloud as err.unknown with the key as its code, never as an empty line. Times are Danish whatever
// the tablet believes.
package i18n

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"kontaktlaege/assets"
	"kontaktlaege/internal/kontakt"
)

// The languages. Danish is the first: any other word means Danish.
const (
	Danish  = "da"
	English = "en"
)

// Languages are all there are.
var Languages = []string{Danish, English}

// Lookup says things in one language.
type Lookup struct {
	language string
	texts    map[kontakt.MsgKey]string
}

var languages = sync.OnceValue(func() map[string]map[kontakt.MsgKey]string {
	all := map[string]map[kontakt.MsgKey]string{}
	for _, language := range Languages {
		data, err := assets.Text.ReadFile("text/" + language + ".json")
		if err != nil {
			panic("i18n: " + err.Error()) // embedded: a broken build, not a broken day
		}
		texts := map[kontakt.MsgKey]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			panic("i18n: text/" + language + ".json: " + err.Error())
		}
		all[language] = texts
	}
	return all
})

// For gives the sentences of a language.
func For(language string) Lookup {
	if !slices.Contains(Languages, language) {
		language = Danish
	}
	return Lookup{language, languages()[language]}
}

// Language is one of Languages.
func (l Lookup) Language() string { return l.language }

// Say gives the sentence of key; pairs are names and values of its parameters: Say("q.number", "n", "47").
func (l Lookup) Say(key kontakt.MsgKey, pairs ...string) string {
	params := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
	}
	return l.Sentence(key, params)
}

// Sentence gives the sentence of key with its parameters filled in; one that nobody gave becomes a dash. Where n is 1
// and the key has a singular (key + ".one"), it is taken.
func (l Lookup) Sentence(key kontakt.MsgKey, params map[string]string) string {
	text, ok := l.texts[key]
	if one, has := l.texts[key+".one"]; has && params["n"] == "1" {
		text, ok = one, true
	}
	if !ok {
		return l.Say(kontakt.MsgUnknown, "kode", string(key))
	}
	return fill(text, params)
}

// phone is the parameter that is a telephone number.
const phone = "tlf"

func fill(text string, params map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		if v := params[name]; v != "" {
			if name == phone {
				v = strings.ReplaceAll(v, " ", "\u00a0") // a number to be dialled stays on one line
			}
			b.WriteString(v)
		} else {
			b.WriteString("–")
		}
		text = after
	}
}
