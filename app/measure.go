package app

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/kontakt/tobs"
)

// measure is what happens to TOBS, where it is on.
func (w Writing) measure(e Event) (next Writing, effects []Effect, done bool) {
	if e == (TapBack{}) && (w.Loading || w.Field == "") {
		return w, nil, false
	}
	switch e.(type) {
	case TapISBAR, TapTOBS, TapMeasure, TapMeasures, TapMeasureNext, TapDigit, TapErase, TapMethod, TapChoice, TapBack:
	default:
		return w, nil, false
	}
	if w.Loading || !w.Scores {
		return w, nil, true
	}
	switch e := e.(type) {
	case TapISBAR:
		w = w.taken()
		w.Measures, w.Field = false, ""
	case TapTOBS:
		w.Measures = true
	case TapMeasure:
		if _, known := w.Table.Parameter(e.Key); known {
			w = w.taken()
			w.Measures, w.Field = true, e.Key
		}
	case TapMeasures, TapBack:
		w = w.taken()
		w.Field = ""
	case TapMeasureNext:
		w = w.next()
	default:
		w = w.fill(e)
	}
	w, effects = w.soon()
	return w, effects, true
}

// fill puts into the parameter that is open.
func (w Writing) fill(e Event) Writing {
	p, open := w.Table.Parameter(w.Field)
	if !open || !w.Measures {
		return w
	}
	switch e := e.(type) {
	case TapChoice:
		if !p.Chosen() {
			return w
		}
		v := tobs.Value{Choice: e.Key}
		if valuesOf(w.Draft)[p.Key] == v {
			return w.with(p.Key, nil)
		}
		if fits(w.Table, p.Key, v) {
			return w.with(p.Key, &v)
		}
	case TapMethod:
		return w.method(p, e.Key)
	case TapDigit:
		if !p.Chosen() {
			return w.key(p, keyed(p, w.Keyed[p.Key].Text, e.Rune))
		}
	case TapErase:
		text := w.Shown(p)
		if _, size := utf8.DecodeLastRuneInString(text); size > 0 && !p.Chosen() {
			return w.key(p, text[:len(text)-size])
		}
	}
	return w
}

// keyedMost is how many signs of a number are taken.
const keyedMost = 6

// keyed is a text with one more sign. Where another digit would make a number that can't be read off, and there are
// decimals, it is one of these: 3, 7, 9 is 37,9.
func keyed(p tobs.Parameter, text string, sign rune) string {
	switch whole, _, point := strings.Cut(text, ","); {
	case utf8.RuneCountInString(text) >= keyedMost:
	case sign == ',' || sign == '.':
		if p.Decimals > 0 && !point && text != "" {
			return text + ","
		}
	case !unicode.IsDigit(sign) || sign > unicode.MaxASCII:
	case p.Decimals > 0 && !point && whole != "" && !fitsAs(p, whole+string(sign)) && fitsAs(p, whole):
		return text + "," + string(sign)
	default:
		return text + string(sign)
	}
	return text
}

func fitsAs(p tobs.Parameter, text string) bool {
	_, err := p.Parse(text)
	return err == nil
}

// key shows a text; the value that stood there is no longer what was measured.
func (w Writing) key(p tobs.Parameter, text string) Writing {
	k := w.Keyed[p.Key]
	if _, was := w.Keyed[p.Key]; !was {
		k.Method = valuesOf(w.Draft)[p.Key].Method
	}
	k.Text, k.Wrong = text, false
	return w.keeping(p.Key, &k)
}

// method says how the number was measured that stands there, or that is being keyed.
func (w Writing) method(p tobs.Parameter, method string) Writing {
	if !slices.ContainsFunc(p.Methods, func(m tobs.Method) bool { return m.Key == method }) {
		return w
	}
	if k, keying := w.Keyed[p.Key]; keying {
		k.Method = method
		return w.keeping(p.Key, &k)
	}
	v, there := valuesOf(w.Draft)[p.Key]
	if !there {
		return w.keeping(p.Key, &Keyed{Method: method})
	}
	v.Method = method
	return w.with(p.Key, &v)
}

// taken has what is keyed into the open parameter count, or says that it can't be.
func (w Writing) taken() Writing {
	p, open := w.Table.Parameter(w.Field)
	k, keying := w.Keyed[w.Field]
	if !open || !keying {
		return w
	}
	if k.Text == "" {
		if _, there := valuesOf(w.Draft)[p.Key]; there {
			return w.keeping(p.Key, nil).with(p.Key, nil) // erased
		}
		return w
	}
	n, err := p.Parse(k.Text)
	if err != nil {
		k.Wrong = true
		return w.with(p.Key, nil).keeping(p.Key, &k)
	}
	return w.keeping(p.Key, nil).with(p.Key, &tobs.Value{Number: &n, Method: k.Method})
}

// next goes on to the next parameter that scores and has no points, after the last of them to the whole. A number that can't
// be stays where it is. What is only noted is gone through once.
func (w Writing) next() Writing {
	if w = w.taken(); w.Keyed[w.Field].Wrong {
		return w
	}
	var ahead []string
	at := func(p tobs.Parameter) bool { return p.Key == w.Field }
	if i := slices.IndexFunc(w.Table.Parameters, at); i >= 0 {
		parts := w.scored().Parts
		for _, part := range slices.Concat(parts[i+1:], parts[:i]) {
			if part.Points == nil {
				ahead = append(ahead, part.Key)
			}
		}
	} else if i := slices.IndexFunc(w.Table.Unscored, at); i >= 0 {
		for _, p := range w.Table.Unscored[i+1:] {
			ahead = append(ahead, p.Key)
		}
	}
	w.Field = ""
	if len(ahead) > 0 {
		w.Field = ahead[0]
	}
	return w
}

// with gives a parameter a value, or none.
func (w Writing) with(key string, v *tobs.Value) Writing {
	values, words := w.fitting()
	if v == nil {
		delete(values, key)
	} else {
		values[key] = *v
	}
	w.Draft.TOBS = scoredOf(values)
	if words != "" {
		w = w.noted(words)
	}
	w.News = Sentence{}
	return w
}

func (w Writing) keeping(key string, k *Keyed) Writing {
	all := maps.Clone(w.Keyed)
	if all == nil {
		all = map[string]Keyed{}
	}
	delete(all, key)
	if k != nil {
		all[key] = *k
	}
	w.Keyed = all
	return w
}

// Shown is what stands in a number's field.
func (w Writing) Shown(p tobs.Parameter) string {
	if k, keying := w.Keyed[p.Key]; keying && (k.Text != "" || w.Field == p.Key) {
		return k.Text
	}
	if v, there := valuesOf(w.Draft)[p.Key]; there && v.Number != nil && !p.Chosen() {
		return p.Text(*v.Number)
	}
	return ""
}

// Method is the way to measure that was said of a number.
func (w Writing) Method(key string) string {
	if k, keying := w.Keyed[key]; keying {
		return k.Method
	}
	return valuesOf(w.Draft)[key].Method
}

// Choice is what was seen.
func (w Writing) Choice(key string) string { return valuesOf(w.Draft)[key].Choice }

// Result is what the table makes of the values, as the backend has scored them or will.
func (w Writing) Result() tobs.Result {
	values := valuesOf(w.Draft)
	if w.Known.TOBS.Of(values) {
		return w.Known.TOBS.Result
	}
	return w.scored()
}

func (w Writing) scored() tobs.Result {
	values, _ := w.fitting()
	r, _ := tobs.Score(w.Table, values) // they fit
	return r
}

// Would is the part of a result that the open parameter would have with what is keyed; ok: that can be.
func (w Writing) Would(p tobs.Parameter) (part tobs.Part, ok bool) {
	v, there := valuesOf(w.Draft)[p.Key]
	if k, keying := w.Keyed[p.Key]; keying {
		n, err := p.Parse(k.Text)
		v, there = tobs.Value{Number: &n, Method: k.Method}, err == nil
	}
	if !there {
		return tobs.Part{}, false
	}
	r, err := tobs.Score(w.Table, tobs.Values{p.Key: v})
	for _, part := range slices.Concat(r.Parts, r.Unscored) {
		if part.Key == p.Key {
			return part, err == nil
		}
	}
	return tobs.Part{}, false
}

// Pending says whether a number is being keyed that does not count yet.
func (w Writing) Pending() bool {
	k := w.Keyed[w.Field]
	return k.Text != "" && !k.Wrong
}

// under goes on with the table that counts now. Values that are on their way and no longer fit go into the words: nothing
// that was measured is lost.
func (w Writing) under(table tobs.Table, on bool) Writing {
	old := w
	w.Table, w.Scores = table, on
	if !on {
		w.Measures, w.Keyed = false, nil
	}
	if _, known := table.Parameter(w.Field); !known {
		w.Field = ""
	}
	if !old.Scores || on && old.Table.Version == table.Version {
		return w
	}
	w.News = Sentence{Key: kontakt.MsgTOBSNewTable}
	if !sameValues(w.Draft, w.Known) {
		values, words := w.fittingAs(old.Table)
		w.Draft.TOBS = scoredOf(values)
		if words != "" {
			w, w.News.Key = w.noted(words), kontakt.MsgTOBSMoved
		}
	}
	if !on {
		w.News.Key = kontakt.MsgTOBSStopped
	}
	return w
}

// fitting are the values that the table has room for, and the others in words.
func (w Writing) fitting() (tobs.Values, string) { return w.fittingAs(tobs.Table{}) }

// fittingAs names what has no room as the table did in which it was measured, or as the backend has scored it.
func (w Writing) fittingAs(old tobs.Table) (tobs.Values, string) {
	values, words := tobs.Values{}, []string{}
	unfit := tobs.Values{}
	for key, v := range valuesOf(w.Draft) {
		if w.Scores && fits(w.Table, key, v) {
			values[key] = v
		} else {
			unfit[key] = v
		}
	}
	r, _ := tobs.Score(old, fittingOf(old, unfit))
	parts := slices.Concat(r.Parts, r.Unscored)
	if w.Known.TOBS != nil {
		parts = append(parts, slices.Concat(w.Known.TOBS.Result.Parts, w.Known.TOBS.Result.Unscored)...)
	}
	for _, part := range parts {
		if _, is := unfit[part.Key]; is && part.Value != "" {
			words = append(words, strings.Join(strings.Fields(part.Label+" "+part.Value+" "+part.Unit+" "+part.Method), " "))
			delete(unfit, part.Key)
		}
	}
	return values, strings.Join(words, ", ")
}

func fittingOf(t tobs.Table, values tobs.Values) tobs.Values {
	out := tobs.Values{}
	for key, v := range values {
		if fits(t, key, v) {
			out[key] = v
		}
	}
	return out
}

// noted writes into the letter of what was measured, or, where that is full, into the next that has room.
func (w Writing) noted(words string) Writing {
	if words == "" {
		return w
	}
	for _, letter := range []*string{&w.Draft.Analysis, &w.Draft.Background, &w.Draft.Situation, &w.Draft.Request} {
		text := strings.TrimSpace(*letter + "\n" + words)
		if utf8.RuneCountInString(text) <= kontakt.MaxLetter {
			*letter = text
			return w
		}
	}
	return w
}

func fits(t tobs.Table, key string, v tobs.Value) bool {
	_, err := tobs.Score(t, tobs.Values{key: v})
	return err == nil
}

// scoredOf is a card's TOBS before the backend has scored it; nil: nothing is filled in.
func scoredOf(values tobs.Values) *tobs.Scored {
	if len(values) == 0 {
		return nil
	}
	return &tobs.Scored{Values: values}
}

func valuesOf(c kontakt.Card) tobs.Values {
	if c.TOBS == nil {
		return nil
	}
	return c.TOBS.Values
}

func sameValues(a, b kontakt.Card) bool {
	one, other := valuesOf(a), valuesOf(b)
	return len(one) == 0 && len(other) == 0 || reflect.DeepEqual(one, other)
}

func sameValue(a, b tobs.Value) bool { return reflect.DeepEqual(a, b) }

// mergedValues are theirs with those that mine has changed since base.
func mergedValues(base, mine, theirs tobs.Values) tobs.Values {
	out := maps.Clone(theirs)
	if out == nil {
		out = tobs.Values{}
	}
	for _, key := range slices.Concat(slices.Collect(maps.Keys(base)), slices.Collect(maps.Keys(mine))) {
		was, wasThere := base[key]
		is, isThere := mine[key]
		switch {
		case wasThere == isThere && sameValue(was, is):
		case isThere:
			out[key] = is
		default:
			delete(out, key)
		}
	}
	return out
}
