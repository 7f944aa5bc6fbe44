package scan

import "kontaktlaege/internal/kontakt"

// enough is what it takes for a number to be on a picture: a code with a checksum, or two lines through one without.
const enough = 2

// votes are the numbers that were read off one picture. Beyond a few different ones it is no card.
type votes struct {
	numbers [8]vote
	n       int
}

type vote struct {
	number kontakt.CPR
	weight int
}

// add takes in what a code says, and reports whether that is a number.
func (v *votes) add(text string, weight int, today kontakt.Date) bool {
	digits, ok := tenInARow(text)
	if !ok {
		return false
	}
	number, err := kontakt.ParseCPR(digits, today)
	if err != nil {
		return false
	}
	for i := range v.numbers[:v.n] {
		if v.numbers[i].number == number {
			v.numbers[i].weight += weight
			return true
		}
	}
	if v.n < len(v.numbers) {
		v.numbers[v.n] = vote{number, weight}
		v.n++
	}
	return true
}

// any says whether a number is on the picture.
func (v *votes) any() bool {
	for _, vote := range v.numbers[:v.n] {
		if vote.weight >= enough {
			return true
		}
	}
	return false
}

// only gives the one number that is on the picture.
func (v *votes) only() (number kontakt.CPR, ok bool) {
	for _, vote := range v.numbers[:v.n] {
		switch {
		case vote.weight < enough:
		case ok:
			return kontakt.CPR{}, false
		default:
			number, ok = vote.number, true
		}
	}
	return number, ok
}

// tenInARow gives the first run of exactly ten digits, whatever stands before and behind it (C63).
func tenInARow(text string) (string, bool) {
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] >= '0' && text[i] <= '9' {
			continue
		}
		if i-start == 10 {
			return text[start:i], true
		}
		start = i + 1
	}
	return "", false
}
