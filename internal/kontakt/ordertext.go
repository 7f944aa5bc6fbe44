package kontakt

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// OrderText is an order in words: a line each, such as "Digoxin", "62,5 mikrogram", "1 gang om dagen", "i dag", "onsdag".
// What an order is can be an action, which has no dose; only What is always there.
type OrderText struct {
	What, Dose, HowOften, From, Until string
}

// MaxOrderLine is how long each line may be, in characters.
const MaxOrderLine = 120

// lines are all of it, in the order in which they are kept: a new one comes last. Where a dot may stand in a number is
// different in each: nowhere, in a time of day, in that and in a date.
func (t *OrderText) lines() [OrderLines]orderLine {
	return [OrderLines]orderLine{{&t.What, never}, {&t.Dose, never}, {&t.HowOften, isClock}, {&t.From, isClockOrDay}, {&t.Until, isClockOrDay}}
}

type orderLine struct {
	text   *string
	dotted func(number string) bool
}

// Checked is without space around the lines, if each can be written, read aloud and understood in one way only: numbers
// as 0,5 and units spelled out (M5; ,5 has been read as 5, and µg as mg). The error's sentence shows the right way.
func (t OrderText) Checked() (OrderText, error) {
	for _, err := range t.checked() {
		if err != nil {
			return OrderText{}, err
		}
	}
	if t.What == "" {
		return OrderText{}, orderError(MsgOrderEmpty, nil)
	}
	return t, nil
}

// OrderLines is how many lines an order has.
const OrderLines = 5

// Faults says of each line why it can't be written so; nil: it can. None is missed: an order that is being written may
// begin with any of them.
func (t OrderText) Faults() [OrderLines]error { return t.checked() }

// checked takes the space around the lines away and checks each.
func (t *OrderText) checked() (faults [OrderLines]error) {
	for i, line := range t.lines() {
		*line.text = strings.TrimSpace(strings.Map(plainSpace, *line.text))
		faults[i] = line.check()
	}
	return faults
}

func plainSpace(r rune) rune {
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return r
}

func (l orderLine) check() error {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	switch text := *l.text; {
	case utf8.RuneCountInString(text) > MaxOrderLine:
		return orderError(MsgOrderLong, map[string]string{"n": strconv.Itoa(MaxOrderLine)})
	case strings.ContainsFunc(text, unprintable):
		return orderError(MsgBadRequest, nil)
	case tenDigits.MatchString(text):
		return orderError(MsgOrderCPR, nil)
	default:
		if err := checkUnits(text); err != nil {
			return err
		}
		return l.checkNumbers(text)
	}
}

func orderError(msg MsgKey, params map[string]string) error {
	return &Error{Op: "kontakt.OrderText", Kind: Invalid, Msg: msg, Params: params}
}

var (
	tenDigits = regexp.MustCompile(`(?:^|[^0-9])[0-9]{6}[- ]?[0-9]{4}(?:[^0-9]|$)`)
	// dayTime is a time of day that says so, wherever it stands.
	dayTime = regexp.MustCompile(`(?i)\bkl\.? ?[0-9]{1,2}[.:][0-9]{2}\b`)
	// number is one with a comma or a dot in it.
	number = regexp.MustCompile(`[0-9.,]*[.,][0-9]+`)
)

// spelledOut is each short form of a unit that has cost lives, and the word for it. A short form is the first group.
var spelledOut = []struct {
	short *regexp.Regexp
	word  string
}{
	{regexp.MustCompile(`(?i)(?:^|[^\pL])((?:µ|μ|u|mc)gr?)(?:[^\pL]|$)`), "mikrogram"},
	{regexp.MustCompile(`(?i)(?:^|[^\pL])(i\.? ?[eu]|ui)(?:[^\pL]|$)`), "enheder"},
	{regexp.MustCompile(`(?i)[0-9] ?([ue])(?:[^\pL]|$)`), "enheder"},
	{regexp.MustCompile(`(?i)(?:^|[^\pL])(cc)(?:[^\pL]|$)`), "milliliter"},
}

func checkUnits(text string) error {
	for _, unit := range spelledOut {
		if found := unit.short.FindStringSubmatch(text); found != nil {
			return orderError(MsgOrderUnit, map[string]string{"rigtigt": unit.word, "skrevet": found[1]})
		}
	}
	return nil
}

func (l orderLine) checkNumbers(text string) error {
	text = dayTime.ReplaceAllString(text, "kl.")
	for _, at := range number.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		written := text[at[0]:at[1]]
		if right := l.right(written, before); right != written {
			return orderError(MsgOrderNumber, map[string]string{"rigtigt": right, "skrevet": written})
		}
	}
	return nil
}

// right is how a number with a comma or a dot is to be written; before is what stands before it.
func (l orderLine) right(number string, before rune) string {
	dots, commas := strings.Count(number, "."), strings.Count(number, ",")
	switch {
	case dots == 1 && commas == 0 && number[0] == '.' && unicode.IsLetter(before): // "ca.5": the dot is the word's
		return number
	case dots == 1 && commas == 0 && l.dotted(number):
		return number
	case commas > 1: // of several numbers
		return strings.TrimSpace(strings.ReplaceAll(number, ",", ", "))
	case commas == 0 && thousands.MatchString(number), commas == 1 && dots > 0:
		return decimal(strings.ReplaceAll(number, ".", ""))
	case dots > 1: // a date with its year
		return number
	}
	return decimal(strings.Replace(number, ".", ",", 1))
}

var thousands = regexp.MustCompile(`^[1-9][0-9]{0,2}(\.[0-9]{3})+$`)

// decimal is a number with a figure before its comma, and behind it none that says nothing.
func decimal(number string) string {
	whole, part, has := strings.Cut(number, ",")
	part = strings.TrimRight(part, "0")
	if whole == "" {
		whole = "0"
	}
	if !has || part == "" {
		return whole
	}
	return whole + "," + part
}

func never(string) bool { return false }

var (
	clockForm = regexp.MustCompile(`^(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]$`)
	dayForm   = regexp.MustCompile(`^(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])$`)
)

func isClock(number string) bool      { return clockForm.MatchString(number) }
func isClockOrDay(number string) bool { return isClock(number) || dayForm.MatchString(number) }

// Text is all of it as the store keeps it.
func (t OrderText) Text() string {
	var all []string
	for _, line := range t.lines() {
		all = append(all, *line.text)
	}
	return strings.Join(all, "\n")
}

// ParseOrderText reads what Text gave, also before there was a line more.
func ParseOrderText(text string) (t OrderText) {
	kept := strings.Split(text, "\n")
	for i, line := range t.lines() {
		if i < len(kept) {
			*line.text = kept[i]
		}
	}
	return t
}
