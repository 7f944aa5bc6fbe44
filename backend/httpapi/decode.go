package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"kontaktlaege/internal/kontakt"
)

// maxDepth is how deep the JSON of a request may nest; ours is three deep.
const maxDepth = 8

var (
	errTooLarge = errors.New("httpapi: body too large")
	errJSON     = errors.New("httpapi: not the JSON of this request")
)

func badRequest(op string, err error) error {
	return &kontakt.Error{Op: "httpapi." + op, Kind: kontakt.Invalid, Msg: kontakt.MsgBadRequest, Err: err}
}

// readBody reads all of a body that may be at most max bytes, in JSON or empty.
func readBody(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, badRequest("body", errJSON)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, max))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, badRequest("body", errTooLarge)
	}
	if err != nil {
		return nil, badRequest("body", err)
	}
	if len(body) == 0 {
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, badRequest("body", errJSON)
	}
	return body, nil
}

// decode reads exactly one JSON object into a T: no unknown, doubled or differently spelt key, nothing behind it, no
// broken text.
func decode[T any](body []byte) (T, error) {
	var v, none T
	if err := strict(body); err != nil {
		return none, badRequest("decode", err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return none, badRequest("decode", errJSON) // the decoder's own words quote the input
	}
	return v, nil
}

// takes is a route whose body is a T.
func takes[T any](do func(*API, *request, T) (reply, error)) func(*API, *request) (reply, error) {
	return func(a *API, r *request) (reply, error) {
		in, err := decode[T](r.body)
		if err != nil {
			return reply{}, err
		}
		return do(a, r, in)
	}
}

// bare is a route that needs no words: it has no body, or an empty object.
func bare(do func(*API, *request) (reply, error)) func(*API, *request) (reply, error) {
	return func(a *API, r *request) (reply, error) {
		if len(r.body) > 0 {
			if _, err := decode[struct{}](r.body); err != nil {
				return reply{}, err
			}
		}
		return do(a, r)
	}
}

// strict checks what encoding/json lets pass.
func strict(body []byte) error {
	if !utf8.Valid(body) {
		return errJSON
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	t, err := d.Token()
	if err != nil || t != json.Delim('{') {
		return errJSON
	}
	if err := strictObject(d, 1); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errJSON
	}
	return nil
}

// strictObject checks an object whose brace has been read, up to its end.
func strictObject(d *json.Decoder, depth int) error {
	if depth > maxDepth {
		return errJSON
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return errJSON
		}
		key, ok := t.(string)
		// encoding/json would take "CPR" for cpr, so that two keys could mean one field
		if !ok || seen[key] || strings.ToLower(key) != key {
			return errJSON
		}
		seen[key] = true
		if err := strictValue(d, depth); err != nil {
			return err
		}
	}
	_, err := d.Token()
	if err != nil {
		return errJSON
	}
	return nil
}

func strictValue(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return errJSON
	}
	switch t := t.(type) {
	case string:
		// a lone surrogate arrives as the replacement character, and no database keeps a NUL
		if strings.ContainsRune(t, utf8.RuneError) || strings.ContainsRune(t, 0) {
			return errJSON
		}
	case json.Delim:
		if t == '{' {
			return strictObject(d, depth+1)
		}
		if depth+1 > maxDepth {
			return errJSON
		}
		for d.More() {
			if err := strictValue(d, depth+1); err != nil {
				return err
			}
		}
		if _, err := d.Token(); err != nil {
			return errJSON
		}
	}
	return nil
}
