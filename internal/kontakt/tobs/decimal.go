package tobs

import (
	"errors"
	"strconv"
	"strings"
)

// maxDigits before the point: what is longer is no measurement, and counts in an int everywhere.
const maxDigits = 6

var (
	errNumber    = errors.New("is not a plain number")
	errFinerThan = errors.New("has more decimals than \"decimals\" says")
)

// split takes a plain decimal number apart: digits, then a point or comma with digits, or nothing.
func split(text string) (whole, rest string, err error) {
	whole, rest, point := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	if whole == "" || len(whole) > maxDigits || len(rest) > maxDigits || point && rest == "" || !digits(whole) || !digits(rest) {
		return "", "", errNumber
	}
	return whole, rest, nil
}

// steps reads a number of a table as a count of steps of 10^-decimals. It rounds nothing.
func steps(text string, decimals int) (int, error) {
	text, negative := strings.CutPrefix(text, "-")
	whole, rest, err := split(text)
	if err != nil {
		return 0, err
	}
	if len(strings.TrimRight(rest, "0")) > decimals {
		return 0, errFinerThan
	}
	n := joined(whole, rest, decimals)
	if negative {
		return -n, nil
	}
	return n, nil
}

// roundedTo reads what was keyed as a count of steps of 10^-decimals; half a step more is a step more.
func roundedTo(text string, decimals int) (int, error) {
	whole, rest, err := split(strings.TrimSpace(text))
	if err != nil {
		return 0, err
	}
	n := joined(whole, rest, decimals)
	if len(rest) > decimals && rest[decimals] >= '5' {
		n++
	}
	return n, nil
}

// joined counts steps; what is finer is cut off.
func joined(whole, rest string, decimals int) int {
	rest = (rest + strings.Repeat("0", decimals))[:decimals]
	n, _ := strconv.Atoi(whole + rest) // split has let nothing but a few digits through
	return n
}

// danish writes a count of steps with a comma.
func danish(n, decimals int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	digits := strconv.Itoa(n)
	if short := decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	if decimals == 0 {
		return sign + digits
	}
	at := len(digits) - decimals
	return sign + digits[:at] + "," + digits[at:]
}
