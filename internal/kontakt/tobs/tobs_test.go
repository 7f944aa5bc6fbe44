package tobs_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt/tobs"
)

// example is the template with somebody's name on it.
func example(t testing.TB) tobs.Table {
	t.Helper()
	table, err := tobs.Parse(tobs.Template("Eksempel Kommune", "2026-01", "2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// normal is a citizen of whom nothing scores.
func normal() tobs.Values {
	return tobs.Values{
		"rf": {Number: new(16)}, "puls": {Number: new(70)}, "sys": {Number: new(130)},
		"temp": {Number: new(370), Method: "rektal"}, "bev": {Choice: "habituel"},
	}
}

func with(key string, v tobs.Value) tobs.Values {
	values := normal()
	values[key] = v
	return values
}

func score(t *testing.T, values tobs.Values) tobs.Result {
	t.Helper()
	r, err := tobs.Score(example(t), values)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func part(r tobs.Result, key string) tobs.Part {
	return r.Parts[slices.IndexFunc(r.Parts, func(p tobs.Part) bool { return p.Key == key })]
}

// M4, domain.md §2.9: each cell of the printed table, from its first step to its last.
func TestScore_eachCellAtItsEdges(t *testing.T) {
	type cell struct{ from, to, points int }
	for key, cells := range map[string][]cell{
		"rf":   {{0, 8, 3}, {9, 11, 1}, {12, 20, 0}, {21, 24, 2}, {25, 80, 3}},
		"puls": {{0, 39, 2}, {40, 49, 1}, {50, 89, 0}, {90, 109, 1}, {110, 129, 2}, {130, 300, 3}},
		"sys":  {{0, 69, 3}, {70, 79, 2}, {80, 99, 1}, {100, 199, 0}, {200, 300, 2}},
		"temp": {{250, 339, 3}, {340, 359, 2}, {360, 379, 0}, {380, 389, 1}, {390, 399, 2}, {400, 450, 3}},
	} {
		for i, c := range cells {
			if i > 0 && c.from != cells[i-1].to+1 {
				t.Fatalf("the test's own cells of %s have a gap at %d", key, c.from)
			}
			for n := c.from; n <= c.to; n++ {
				v := tobs.Value{Number: new(n)}
				if key == "temp" {
					v.Method = "rektal"
				}
				r := score(t, with(key, v))
				if got := part(r, key).Points; got == nil || *got != c.points || r.Total == nil || *r.Total != c.points {
					t.Errorf("%s %d: %v points, total %v, want %d", key, n, got, r.Total, c.points)
				}
			}
		}
	}
	for choice, points := range map[string]int{"habituel": 0, "agiteret": 1, "tiltale": 1, "smerte": 2, "ingen": 3} {
		if r := score(t, with("bev", tobs.Value{Choice: choice})); *r.Total != points {
			t.Errorf("bevidsthed %s: %d, want %d", choice, *r.Total, points)
		}
	}
}

func TestScore_allNormalIs0AndAllWorstIs15(t *testing.T) {
	r := score(t, normal())
	if r.Total == nil || *r.Total != 0 || r.Action != "Gentag score efter skøn." || len(r.Missing) > 0 || len(r.Parts) != 5 {
		t.Errorf("all normal: %+v", r)
	}
	worst := tobs.Values{
		"rf": {Number: new(8)}, "puls": {Number: new(130)}, "sys": {Number: new(69)},
		"temp": {Number: new(400), Method: "rektal"}, "bev": {Choice: "ingen"},
	}
	if r := score(t, worst); r.Total == nil || *r.Total != 15 {
		t.Errorf("all worst: %+v", r)
	}
}

// A missing value is "ufuldstændig", never a total that looks complete.
func TestScore_anyOneMissingIsIncomplete(t *testing.T) {
	for key := range normal() {
		values := normal()
		delete(values, key)
		r := score(t, values)
		label := part(r, key).Label
		if r.Total != nil || r.Action != "" || !slices.Equal(r.Missing, []string{label}) || part(r, key).Points != nil || part(r, key).Value != "" {
			t.Errorf("without %s: %+v", key, r)
		}
	}
	if r := score(t, nil); r.Total != nil || len(r.Missing) != 5 {
		t.Errorf("with nothing: %+v", r)
	}
	// what is left out of the JSON is missing, and not 0, which would be three points
	var values tobs.Values
	if err := json.Unmarshal([]byte(`{"rf":{}}`), &values); err != nil {
		t.Fatal(err)
	}
	if r, err := tobs.Score(example(t), values); err == nil {
		t.Errorf("a respiration without a number: %+v", r)
	}
	if r := score(t, with("rf", tobs.Value{Number: new(0)})); *r.Total != 3 {
		t.Errorf("a respiration of 0: %+v", r)
	}
}

func TestScore_howTemperatureWasMeasured(t *testing.T) {
	const under, over = "Under 36: mål rektalt.", "40 eller derover: mål rektalt."
	for _, row := range []struct {
		keyed, method, value, counts string
		points                       int
		notes                        []string
	}{
		{"37,0", "axil", "37,0", "38,0", 1, nil},
		{"39,5", "oral", "39,5", "40,0", 3, []string{over}},
		{"39.4", "oral", "39,4", "39,9", 2, nil},
		{"40", "rektal", "40,0", "", 3, nil},
		{"39,0", "axil", "39,0", "40,0", 3, []string{over}},
		{"35,9", "rektal", "35,9", "", 2, nil},
		{"34,9", "axil", "34,9", "35,9", 2, []string{under}},
		{"35,0", "axil", "35,0", "36,0", 0, nil},
		{"37,94", "rektal", "37,9", "", 0, nil},
		{"37,95", "rektal", "38,0", "", 1, nil},
		{"37,949", "rektal", "37,9", "", 0, nil},
		{"37,2", "oere", "37,2", "", 0, []string{"Tabellen siger intet om måling i øret: der er ikke lagt noget til."}},
	} {
		temp, _ := example(t).Parameter("temp")
		n, err := temp.Parse(row.keyed)
		if err != nil {
			t.Fatal(err)
		}
		got := part(score(t, with("temp", tobs.Value{Number: &n, Method: row.method})), "temp")
		if got.Value != row.value || got.Counts != row.counts || got.Points == nil || *got.Points != row.points || !slices.Equal(got.Notes, row.notes) || got.Method == "" {
			t.Errorf("%s %s: %+v, want %+v", row.keyed, row.method, got, row)
		}
	}
	r := score(t, with("temp", tobs.Value{Number: new(355)}))
	if got := part(r, "temp"); r.Total != nil || !got.Unsaid || got.Points != nil || got.Value != "35,5" || len(got.Notes) > 0 || !slices.Equal(r.Missing, []string{"Temperatur"}) {
		t.Errorf("without a method: %+v", r)
	}
}

func TestScore_saysWhatTheTableSaysBesideANumber(t *testing.T) {
	if got := part(score(t, with("rf", tobs.Value{Number: new(30)})), "rf").Notes; len(got) > 0 {
		t.Errorf("30: %q", got)
	}
	if got := part(score(t, with("rf", tobs.Value{Number: new(31)})), "rf").Notes; !slices.Equal(got, []string{"Over 30: meget syg – overvej sepsis."}) {
		t.Errorf("31: %q", got)
	}
}

func TestScore_saturationIsNotedAndNeverCounts(t *testing.T) {
	values := normal()
	values["spo2"], values["ilt"], values["kol"] = tobs.Value{Number: new(82)}, tobs.Value{Choice: "med"}, tobs.Value{Choice: "ja"}
	r := score(t, values)
	if *r.Total != 0 || len(r.Unscored) != 3 || r.Unscored[0].Value != "82" || r.Unscored[0].Points != nil || r.Unscored[1].Value != "med ilt" || r.Unscored[2].Label != "Habituel KOL" {
		t.Errorf("%+v", r)
	}
}

// A municipality with a card of six values scores saturation by its own bands, and says at a choice what it asks for there.
func TestScore_aLocalCardMayScoreSaturation(t *testing.T) {
	text := string(tobs.Template("Eksempel Kommune", "6", "2026-01-01"))
	const noted = `{"key": "spo2", "label": "Saturation", "unit": "%", "min": 0, "max": 100},`
	const scored = `{"key": "spo2", "label": "Saturation", "unit": "%", "decimals": 0, "min": 0, "max": 100,
		"bands": [{"to": 91, "score": 3}, {"to": 93, "score": 2}, {"to": 95, "score": 1}, {"score": 0}]},`
	for _, change := range [][2]string{
		{noted, ""},
		{`"parameters": [`, `"parameters": [` + scored},
		{`"label": "Ingen reaktion", "score": 3`, `"label": "Ingen reaktion", "score": 3, "note": "Ring 112."`},
	} {
		if changed := strings.Replace(text, change[0], change[1], 1); changed != text {
			text = changed
			continue
		}
		t.Fatalf("%q is not in the template", change[0])
	}
	table, err := tobs.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for saturation, points := range map[int]int{0: 3, 91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0, 100: 0} {
		r, err := tobs.Score(table, with("spo2", tobs.Value{Number: &saturation}))
		if err != nil || r.Total == nil || *r.Total != points {
			t.Errorf("saturation %d: %+v, %v", saturation, r, err)
		}
	}
	values := with("bev", tobs.Value{Choice: "ingen"})
	r, err := tobs.Score(table, values)
	if err != nil || !slices.Equal(r.Missing, []string{"Saturation"}) || r.Total != nil || !slices.Equal(part(r, "bev").Notes, []string{"Ring 112."}) {
		t.Errorf("without saturation: %+v, %v", r, err)
	}
}

func TestScore_anActionOnlyWhereTheTableHasOne(t *testing.T) {
	if r := score(t, with("bev", tobs.Value{Choice: "agiteret"})); r.Action == "" || *r.Total != 1 {
		t.Errorf("total 1: %+v", r)
	}
	if r := score(t, with("bev", tobs.Value{Choice: "smerte"})); r.Action != "" || *r.Total != 2 {
		t.Errorf("total 2: %+v", r)
	}
}

func TestScore_refusesWhatNoParameterCanBe(t *testing.T) {
	for name, row := range map[string]struct {
		key   string
		value tobs.Value
		fault tobs.Fault
	}{
		"a parameter of another table": {"vand", tobs.Value{Number: new(1)}, tobs.Unknown},
		"below what can be read":       {"temp", tobs.Value{Number: new(249), Method: "rektal"}, tobs.OutOfRange},
		"above it":                     {"rf", tobs.Value{Number: new(81)}, tobs.OutOfRange},
		"a choice for a number":        {"rf", tobs.Value{Choice: "habituel"}, tobs.Form},
		"a number for a choice":        {"bev", tobs.Value{Number: new(1)}, tobs.Form},
		"a choice beside a number":     {"rf", tobs.Value{Number: new(16), Choice: "habituel"}, tobs.Form},
		"a number beside a choice":     {"bev", tobs.Value{Number: new(1), Choice: "habituel"}, tobs.Form},
		"nothing":                      {"puls", tobs.Value{}, tobs.Form},
		"a method of another":          {"puls", tobs.Value{Number: new(70), Method: "oral"}, tobs.NoMethod},
		"a method nobody has":          {"temp", tobs.Value{Number: new(370), Method: "pande"}, tobs.NoMethod},
		"a choice nobody has":          {"bev", tobs.Value{Choice: "træt"}, tobs.NoChoice},
		"an empty choice":              {"ilt", tobs.Value{}, tobs.NoChoice},
	} {
		r, err := tobs.Score(example(t), with(row.key, row.value))
		if wrong, is := errors.AsType[*tobs.ValueError](err); !is || *wrong != (tobs.ValueError{Key: row.key, Fault: row.fault}) || !reflect.DeepEqual(r, tobs.Result{}) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// What was scored stays as it was, with the words and the version of its own table: it goes to JSON and back whole.
func TestResult_standsAloneWhenTheTableChanges(t *testing.T) {
	old := score(t, with("puls", tobs.Value{Number: new(95)}))
	text, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	changed := example(t)
	changed.Version, changed.Parameters[1].Label, changed.Parameters[1].Bands[2].To = "2027-01", "Hjerteslag", 99
	fresh, err := tobs.Score(changed, with("puls", tobs.Value{Number: new(95)}))
	if err != nil {
		t.Fatal(err)
	}
	var kept tobs.Result
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(kept, old) || *kept.Total != 1 || kept.Version != "2026-01" || kept.Owner != "Eksempel Kommune" || part(kept, "puls").Label != "Puls" {
		t.Errorf("kept %+v", kept)
	}
	if *fresh.Total != 0 || fresh.Version != "2027-01" {
		t.Errorf("fresh %+v", fresh)
	}
}

func TestParameter_readsWhatIsKeyedAndWritesItAsDanesDo(t *testing.T) {
	table := example(t)
	for _, row := range []struct {
		key, keyed string
		want       int
		fault      tobs.Fault
	}{
		{"temp", "37,9", 379, ""},
		{"temp", "37.9", 379, ""},
		{"temp", " 38 ", 380, ""},
		{"temp", "25", 250, ""},
		{"temp", "45,04", 450, ""},
		{"temp", "24,94", 0, tobs.OutOfRange},
		{"temp", "45,05", 0, tobs.OutOfRange},
		{"temp", "37,", 0, tobs.Form},
		{"temp", ",9", 0, tobs.Form},
		{"temp", "37,9,1", 0, tobs.Form},
		{"temp", "-37", 0, tobs.Form},
		{"temp", "", 0, tobs.Form},
		{"temp", "3e1", 0, tobs.Form},
		{"temp", "1000000000", 0, tobs.Form},
		{"puls", "72", 72, ""},
		{"puls", "72,5", 73, ""},
		{"puls", "72,49", 72, ""},
		{"puls", "301", 0, tobs.OutOfRange},
		{"bev", "1", 0, tobs.Form},
	} {
		p, _ := table.Parameter(row.key)
		got, err := p.Parse(row.keyed)
		wrong, _ := errors.AsType[*tobs.ValueError](err)
		if got != row.want || (err == nil) != (row.fault == "") || wrong != nil && wrong.Fault != row.fault {
			t.Errorf("%s %q: %d, %v", row.key, row.keyed, got, err)
		}
	}
	temp, _ := table.Parameter("temp")
	for n := temp.Min; n <= temp.Max; n++ {
		if again, err := temp.Parse(temp.Text(n)); again != n || err != nil {
			t.Fatalf("%d is %q is %d, %v", n, temp.Text(n), again, err)
		}
	}
	if got := fmt.Sprint(temp.Text(5), " ", temp.Text(-5), " ", temp.Text(0)); got != "0,5 -0,5 0,0" {
		t.Errorf("%s", got)
	}
}
