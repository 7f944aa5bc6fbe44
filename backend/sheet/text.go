package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// encoding is how a file writes letters.
type encoding int

const (
	utf8Text encoding = iota
	utf8Marked
	utf16Text
	windows1252
)

// findEncoding reads a file to its end. What is no UTF-8 is Windows-1252, as Danish Windows programs write.
func findEncoding(f io.Reader) (encoding, error) {
	is := utf8Text
	buffer := make([]byte, 64<<10)
	kept := 0 // of a letter that the last piece cut
	for first := true; ; first = false {
		n, err := io.ReadFull(f, buffer[kept:])
		text := buffer[:kept+n]
		if first {
			if is, err2 := marked(text); is != utf8Text || err2 != nil {
				return is, err2
			}
		}
		if bytes.IndexByte(text, 0) >= 0 {
			return 0, errors.New("this is no text: save the table as CSV")
		}
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			return 0, err
		}
		cut := len(text)
		if !ended {
			cut = lastWhole(text)
		}
		if !utf8.Valid(text[:cut]) {
			is = windows1252
		}
		if ended {
			return is, nil
		}
		kept = copy(buffer, text[cut:])
	}
}

// marked looks at how a file begins.
func marked(text []byte) (encoding, error) {
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return utf8Marked, nil
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return utf16Text, nil
	case bytes.HasPrefix(text, []byte("PK\x03\x04")), bytes.HasPrefix(text, []byte("\xd0\xcf\x11\xe0")):
		return 0, errors.New("this is an Excel workbook: save it as CSV (File, Save as, CSV UTF-8)")
	case len(bytes.TrimSpace(text)) == 0:
		return 0, errors.New("the file is empty")
	}
	return utf8Text, nil
}

// lastWhole is where the last letter begins that text may have cut.
func lastWhole(text []byte) int {
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax); i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				break
			}
			return i
		}
	}
	return len(text)
}

// decode gives the file's text in UTF-8, without a mark.
func (e encoding) decode(f io.Reader) (io.Reader, error) {
	switch e {
	case utf8Marked:
		_, err := io.CopyN(io.Discard, f, 3)
		return f, err
	case utf16Text:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(f), nil
	case windows1252:
		return charmap.Windows1252.NewDecoder().Reader(f), nil
	default:
		return f, nil
	}
}
