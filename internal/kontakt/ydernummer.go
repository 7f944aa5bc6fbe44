package kontakt

// Ydernummer is a Danish provider number of a clinic: six digits as text, since leading zeros count. It has no check
// digit and may change owner, so it finds a clinic but never is its key.
type Ydernummer string

// ParseYdernummer accepts exactly six digits.
func ParseYdernummer(s string) (Ydernummer, error) {
	if len(s) != 6 {
		return "", &Error{Op: "kontakt.ParseYdernummer", Kind: Invalid, Msg: MsgBadRequest}
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", &Error{Op: "kontakt.ParseYdernummer", Kind: Invalid, Msg: MsgBadRequest}
		}
	}
	return Ydernummer(s), nil
}
