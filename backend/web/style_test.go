package web_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// styles reads the pages' style sheets without their comments, by path.
func styles(t testing.TB) map[string]string {
	t.Helper()
	all := sources(t, ".css")
	for name, text := range all {
		all[name] = comment.ReplaceAllString(text, "")
	}
	return all
}

const tokens = "shared/tokens.css"

func TestStyle_coloursAndSizesOfTypeAreTokens(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9A-Fa-f]{3,8}\b|\b(?:rgb|hsl)a?\(`)
	size := regexp.MustCompile(`font-size: ([^;]+);`)
	for name, text := range styles(t) {
		if name == tokens {
			continue
		}
		for _, found := range colour.FindAllString(text, -1) {
			t.Errorf("%s has the colour %s, which is no token", name, found)
		}
		for _, found := range size.FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(found[1], "var(--") {
				t.Errorf("%s has the size of type %s, which is no token", name, found[1])
			}
		}
	}
}

func TestStyle_everyTokenIsThereAndUsed(t *testing.T) {
	all := styles(t)
	made, used := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`(--[a-z-]+):`).FindAllStringSubmatch(all[tokens], -1) {
		made[m[1]] = true
	}
	for name, text := range all {
		for _, m := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if !made[m[1]] {
				t.Errorf("%s uses %s, which is no token", name, m[1])
			}
		}
	}
	for token := range made {
		if !used[token] {
			t.Errorf("%s is never used", token)
		}
	}
}

func TestStyle_spaceGoesInStepsOfFour(t *testing.T) {
	space := regexp.MustCompile(`(?:padding|margin|gap)[a-z-]*: ([^;]+);`)
	px := regexp.MustCompile(`(\d+)px`)
	for name, text := range styles(t) {
		for _, decl := range space.FindAllStringSubmatch(text, -1) {
			for _, m := range px.FindAllStringSubmatch(decl[1], -1) {
				if n, err := strconv.Atoi(m[1]); err != nil || n%4 != 0 && n != 1 {
					t.Errorf("%s: %q", name, decl[0])
				}
			}
		}
	}
}

func TestStyle_everyClassIsUsed(t *testing.T) {
	class := regexp.MustCompile(`\.([a-z][a-z-]+)`)
	said := map[string]bool{}
	for _, ext := range []string{".js", ".html"} {
		for _, text := range sources(t, ext) {
			for _, word := range regexp.MustCompile(`[a-z][a-z-]+`).FindAllString(text, -1) {
				said[word] = true
			}
		}
	}
	for name, text := range styles(t) {
		text = regexp.MustCompile(`url\([^)]*\)`).ReplaceAllString(text, "")
		for _, m := range class.FindAllStringSubmatch(text, -1) {
			if !said[m[1]] {
				t.Errorf("%s styles .%s, which no page has", name, m[1])
			}
		}
	}
}
