package tobs_test

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt/tobs"
	"kontaktlaege/internal/testkit"
)

// The shape that domain.md §2.9 gives, as it stands there.
func TestParse_theShapeOfTheSpecification(t *testing.T) {
	text, err := os.ReadFile("testdata/domain.json")
	if err != nil {
		t.Fatal(err)
	}
	table, err := tobs.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	temp, _ := table.Parameter("temp")
	if table.ID != "tobs" || table.Version != "2026-01" || table.ValidFrom != "2026-01-01" || len(table.Parameters) != 5 || len(table.Unscored) != 1 || len(table.Actions) != 1 ||
		temp.Min != 250 || temp.Max != 450 || !reflect.DeepEqual(temp.Methods, []tobs.Method{{Key: "rektal", Label: "rektal"}, {Key: "oral", Label: "oral", Add: 5}, {Key: "axil", Label: "axil", Add: 10}}) ||
		!reflect.DeepEqual(temp.Bands[:2], []tobs.Band{{To: 339, Points: 3}, {To: 359, Points: 2}}) || temp.Bands[5] != (tobs.Band{To: tobs.NoLimit, Points: 3}) {
		t.Errorf("%+v", table)
	}
	// the template gives the same points
	for i, p := range example(t).Parameters {
		if !reflect.DeepEqual(p.Bands, table.Parameters[i].Bands) || p.Key != table.Parameters[i].Key || len(p.Choices) != len(table.Parameters[i].Choices) {
			t.Errorf("the template's %s differs", p.Key)
		}
	}
}

func TestTemplate_isNobodysBeforeSomebodyPutsTheirNameOnIt(t *testing.T) {
	for name, text := range map[string][]byte{
		"owner":      tobs.Template("", "1", "2026-01-01"),
		"version":    tobs.Template("Eksempel Kommune", "", "2026-01-01"),
		"valid_from": tobs.Template("Eksempel Kommune", "1", ""),
	} {
		table, err := tobs.Parse(text)
		if wrong, is := errors.AsType[*tobs.Error](err); !is || wrong.Place != name || !reflect.DeepEqual(table, tobs.Table{}) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	table, err := tobs.Parse(tobs.Template(`"Sund" & Omsorg`, "1", "2026-01-01"))
	if err != nil || table.Owner != `"Sund" & Omsorg` {
		t.Errorf("%q, %v", table.Owner, err)
	}
}

// Each change makes the table wrong in one place, which the error names.
func TestParse_refusesAndNamesThePlace(t *testing.T) {
	for name, row := range map[string]struct{ old, new, want string }{
		"unknown field":                 {`"title": "TOBS"`, `"title": "TOBS", "colour": "red"`, `line 3: colour: "colour" is not known here`},
		"unknown field of a parameter":  {`"unit": "mmHg"`, `"unit": "mmHg", "weight": 2`, `line 18: parameters[2].weight: "weight" is not known here`},
		"differently spelt":             {`"owner"`, `"Owner"`, `"owner" is missing`},
		"no version":                    {`"version": "1",`, ``, `line 1: "version" is missing`},
		"no owner":                      {`"owner": "E",`, ``, `line 1: "owner" is missing`},
		"an owner of spaces":            {`"owner": "E"`, `"owner": "  "`, `line 5: owner: is empty`},
		"a version with space around":   {`"version": "1"`, `"version": "1 "`, `version: has space around it`},
		"an owner with a line break":    {`"owner": "E"`, `"owner": "E\nF"`, `owner: has signs that no screen shows`},
		"an owner without end":          {`"owner": "E"`, `"owner": "` + strings.Repeat("E", 61) + `"`, `owner: has more than 60 characters`},
		"no day":                        {`2026-01-01`, `2026-13-01`, `valid_from: "2026-13-01" should be a day, such as 2026-01-01`},
		"a number for a text":           {`"owner": "E"`, `"owner": 7`, `owner: should be a text`},
		"bands not ascending":           {`{"to": 11, "score": 1}, {"to": 20`, `{"to": 21, "score": 1}, {"to": 20`, `parameters[0].bands[2]: bands should ascend`},
		"the same band twice":           {`{"to": 11, "score": 1}`, `{"to": 8, "score": 1}`, `parameters[0].bands[1]: bands should ascend`},
		"last band closed":              {`{"to": 24, "score": 2}, {"score": 3}]`, `{"to": 24, "score": 2}, {"to": 80, "score": 3}]`, `parameters[0].bands[4].to: the last band has no end: leave "to" out`},
		"an open band before the last":  {`{"to": 11, "score": 1}`, `{"score": 1}`, `parameters[0].bands[1]: "to" is missing: only the last band has no end`},
		"no bands":                      {`"bands": [{"to": 8, "score": 3}, {"to": 11, "score": 1}, {"to": 20, "score": 0}, {"to": 24, "score": 2}, {"score": 3}],`, ``, `parameters[0]: "bands" is missing`},
		"a band without points":         {`{"to": 11, "score": 1}`, `{"to": 11}`, `parameters[0].bands[1]: "score" is missing`},
		"too many points":               {`{"to": 11, "score": 1}`, `{"to": 11, "score": 4}`, `parameters[0].bands[1].score: 4 should be 0 to 3`},
		"half a point":                  {`{"to": 11, "score": 1}`, `{"to": 11, "score": 0.5}`, `parameters[0].bands[1].score: 0.5 has more decimals than "decimals" says`},
		"a band finer than its steps":   {`"to": 33.9`, `"to": 33.95`, `parameters[3].bands[0].to: 33.95 has more decimals than "decimals" says`},
		"an addition finer than them":   {`"add": 0.5`, `"add": 0.55`, `parameters[3].method[1].add: 0.55 has more decimals than "decimals" says`},
		"a number with an exponent":     {`"to": 11`, `"to": 1e1`, `parameters[0].bands[1].to: 1e1 is not a plain number`},
		"a number in quotes":            {`"to": 11`, `"to": "11"`, `parameters[0].bands[1].to: should be a number`},
		"least not below most":          {`"min": 0, "max": 80`, `"min": 80, "max": 80`, `parameters[0]: "min" should be below "max"`},
		"no least":                      {`"min": 0, "max": 80`, `"max": 80`, `parameters[0]: "min" is missing`},
		"three decimals":                {`"decimals": 1`, `"decimals": 3`, `parameters[3].decimals: 3 should be 0 to 2`},
		"a key twice in an object":      {`"unit": "mmHg"`, `"unit": "mmHg", "unit": "kPa"`, `parameters[2].unit: stands here twice`},
		"a key of another parameter":    {`"key": "sys"`, `"key": "puls"`, `parameters[2].key: "puls" is another's key`},
		"a key of a noted one":          {`"key": "spo2"`, `"key": "puls"`, `unscored[0].key: "puls" is another's key`},
		"a choice twice":                {`"key": "smerte"`, `"key": "tiltale"`, `parameters[4].choices[3].key: "tiltale" is another's key`},
		"a method twice":                {`"key": "axil"`, `"key": "oral"`, `parameters[3].method[2].key: "oral" is another's key`},
		"a key with a capital":          {`"key": "sys"`, `"key": "Sys"`, `parameters[2].key: should be of a–z, 0–9 and _ alone`},
		"a choice without points":       {`"label": "Agiteret", "score": 1`, `"label": "Agiteret"`, `parameters[4].choices[1]: "score" is missing`},
		"choices and bands":             {`"key": "bev", "label": "Bevidsthed"`, `"key": "bev", "label": "Bevidsthed", "bands": [{"score": 1}]`, `parameters[4].bands: "bands" is not known here`},
		"points for what is only noted": {`"label": "uden ilt"`, `"label": "uden ilt", "score": 1`, `unscored[1].choices[0].score: "score" is not known here`},
		"bands for what is only noted":  {`"key": "spo2"`, `"bands": [{"score": 1}], "key": "spo2"`, `unscored[0].bands: "bands" is not known here`},
		"a note about nothing":          {`{"from": 31, "text"`, `{"text"`, `parameters[0].notes[0]: a note needs "from" or "to"`},
		"a note from above to below":    {`{"from": 31, "text"`, `{"from": 31, "to": 30, "text"`, `parameters[0].notes[0]: "from" should not be above "to"`},
		"a note for a method of nobody": {`"unless": ["rektal"], "text": "Under`, `"unless": ["pande"], "text": "Under`, `parameters[3].notes[0].unless[0]: "pande" is no method of this parameter`},
		"actions that overlap":          {`{"from": 1, "to": 1,`, `{"from": 0, "to": 1,`, `actions[1]: from 0 to 1 overlaps with the one before, or stands behind a higher one`},
		"actions in no order":           {`{"from": 0, "to": 0,`, `{"from": 2, "to": 2,`, `actions[1]: from 1 to 1 overlaps with the one before, or stands behind a higher one`},
		"an action for no total":        {`{"from": 1, "to": 1,`, `{"from": 16,`, `actions[1].from: 16 should be 0 to 15`},
		"an action from above to below": {`{"from": 1, "to": 1,`, `{"from": 2, "to": 1,`, `actions[1]: "from" should not be above "to"`},
		"an action without words":       {`"text": "Gentag score efter skøn."`, `"text": ""`, `actions[0].text: is empty`},
		"something behind the table":    {`"id": "tobs"`, `"id": "tobs" }, {`, `something stands behind the table`},
		"broken JSON":                   {`"id": "tobs",`, `"id": "tobs"`, `line 3: the JSON is broken here`},
		"JSON that ends":                {`"id": "tobs",`, `"id": "tobs", "parameters": [` + strings.Repeat("[", 20), `parameters[0][0][0][0][0][0][0]: nests too deep`},
		"no list":                       {`"actions": [`, `"actions": {}, "was": [`, `actions: should be a list`},
		"an element that is no object":  {`"unscored": [`, `"unscored": [7, `, `unscored[0]: should be an object`},
		"an empty list":                 {`"unless": ["rektal"], "text": "Under`, `"unless": [], "text": "Under`, `parameters[3].notes[0].unless: should have 1 to 40 elements`},
		"half a character":              {`"owner": "E"`, `"owner": "\ud800"`, `owner: has signs that no screen shows`},
		"a byte that is no character":   {`"owner": "E"`, "\"owner\": \"\xff\"", `is not UTF-8`},
		"a table that is far too large": {`"owner": "E"`, `"owner": "E"` + strings.Repeat(" ", 33<<10), `a table has at most 32 KiB`},
		"a list instead of a table":     {`{`, `[{`, ``},
	} {
		text := string(tobs.Template("E", "1", "2026-01-01"))
		changed := strings.Replace(text, row.old, row.new, 1)
		if changed == text {
			t.Fatalf("%s: %q is not in the template", name, row.old)
		}
		table, err := tobs.Parse([]byte(changed))
		if _, is := errors.AsType[*tobs.Error](err); !is || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
		if !reflect.DeepEqual(table, tobs.Table{}) {
			t.Errorf("%s: something of it was accepted", name)
		}
	}
	for _, text := range []string{"", "null", "[]", "7", `"tobs"`, "{}", "{"} {
		if table, err := tobs.Parse([]byte(text)); err == nil || !reflect.DeepEqual(table, tobs.Table{}) {
			t.Errorf("%q is a table", text)
		}
	}
}

// A table is whole or none, and whole means that each number has its points and each total at most one text.
func FuzzParse(f *testing.F) {
	testkit.Seeds(f, "testdata/*.json")
	f.Add(string(tobs.Template("Eksempel Kommune", "2026-01", "2026-01-01")))
	f.Fuzz(func(t *testing.T, text string) {
		table, err := tobs.Parse([]byte(text))
		if err != nil {
			if !reflect.DeepEqual(table, tobs.Table{}) {
				t.Fatal("value with error")
			}
			return
		}
		if table.Owner == "" || table.Version == "" || len(table.Parameters) == 0 {
			t.Fatalf("%+v", table)
		}
		keys := map[string]bool{}
		for _, p := range append(table.Parameters, table.Unscored...) {
			if keys[p.Key] {
				t.Fatalf("%s twice", p.Key)
			}
			keys[p.Key] = true
			if scores := len(keys) <= len(table.Parameters); scores && !p.Chosen() && p.Bands[len(p.Bands)-1].To != tobs.NoLimit {
				t.Fatalf("%s has an end", p.Key)
			}
		}
	})
}

// Whatever is keyed into whatever table: no panic, points of 0 to 3, a total only where nothing is missing, and that the sum.
func FuzzScore(f *testing.F) {
	for _, seed := range []string{"temp", "rf", "bev", "spo2", "nej"} {
		f.Add(seed, 379, "axil", "habituel", true)
		f.Add(seed, -1, "", "", false)
	}
	table, err := tobs.Parse(tobs.Template("Eksempel Kommune", "2026-01", "2026-01-01"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key string, number int, method, choice string, numbered bool) {
		v := tobs.Value{Method: method, Choice: choice}
		if numbered {
			v.Number = &number
		}
		r, err := tobs.Score(table, with(key, v))
		if err != nil {
			if wrong, is := errors.AsType[*tobs.ValueError](err); !is || wrong.Key != key || !reflect.DeepEqual(r, tobs.Result{}) {
				t.Fatalf("%v, %+v", err, r)
			}
			return
		}
		sum, missing := 0, 0
		for _, p := range r.Parts {
			if p.Points == nil {
				missing++
				continue
			}
			if *p.Points < 0 || *p.Points > 3 {
				t.Fatalf("%+v", p)
			}
			sum += *p.Points
		}
		if missing != len(r.Missing) || (r.Total == nil) != (missing > 0) || r.Total != nil && *r.Total != sum || r.Total == nil && r.Action != "" {
			t.Fatalf("%+v", r)
		}
	})
}
