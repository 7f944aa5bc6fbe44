package tobs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error says what is wrong with a table, and where.
type Error struct {
	Line  int    // from 1; 0 where it is about the whole
	Place string // such as parameters[3].bands[2].to; "" for the whole
	What  string
}

func (e *Error) Error() string {
	var where []string
	if e.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", e.Line))
	}
	if e.Place != "" {
		where = append(where, e.Place)
	}
	return strings.Join(append(where, e.What), ": ")
}

// node is one JSON value, with its place.
type node struct {
	place string
	line  int
	is    any      // nil, bool, string, json.Number; for objects and lists the kind of bracket, a json.Delim
	keys  []string // of an object
	under []*node  // members or elements
	used  []*node  // members that somebody has asked for
	first *Error   // of the whole tree, in the root alone
	root  *node    //
}

// maxDepth is how deep a table may nest; ours is five deep.
const maxDepth = 8

// parseTree reads exactly one JSON value.
func parseTree(text []byte) (*node, *Error) {
	if !utf8.Valid(text) {
		return nil, &Error{What: "is not UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	t := tree{text, d}
	root := &node{}
	root.root = root
	if err := t.read(root, 0); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &Error{Line: t.line(), What: "something stands behind the table"}
	}
	return root, nil
}

type tree struct {
	text []byte
	d    *json.Decoder
}

func (t tree) line() int { return 1 + bytes.Count(t.text[:t.d.InputOffset()], []byte("\n")) }

func (t tree) token(place string) (json.Token, *Error) {
	token, err := t.d.Token()
	if err != nil {
		return nil, &Error{t.line(), place, "the JSON is broken here"}
	}
	return token, nil
}

func (t tree) read(n *node, depth int) *Error {
	token, err := t.token(n.place)
	if err != nil {
		return err
	}
	n.line, n.is = t.line(), token
	if n.is != json.Delim('{') && n.is != json.Delim('[') {
		return nil
	}
	if depth == maxDepth {
		return &Error{n.line, n.place, "nests too deep"}
	}
	for t.d.More() {
		member := &node{root: n.root}
		if n.is == json.Delim('[') {
			member.place = fmt.Sprintf("%s[%d]", n.place, len(n.under))
		} else {
			key, err := t.token(n.place)
			if err != nil {
				return err
			}
			name, ok := key.(string)
			if !ok {
				return &Error{t.line(), n.place, "the JSON is broken here"}
			}
			member.place = strings.TrimPrefix(n.place+"."+name, ".")
			if slices.Contains(n.keys, name) {
				return &Error{t.line(), member.place, "stands here twice"}
			}
			n.keys = append(n.keys, name)
		}
		if err := t.read(member, depth+1); err != nil {
			return err
		}
		n.under = append(n.under, member)
	}
	_, err = t.token(n.place)
	return err
}

// wrong notes a fault; the first one counts.
func (n *node) wrong(format string, args ...any) {
	if n.root.first == nil {
		n.root.first = &Error{n.line, n.place, fmt.Sprintf(format, args...)}
	}
}

// get gives a member; nil where there is none.
func (n *node) get(key string) *node {
	if i := slices.Index(n.keys, key); i >= 0 {
		n.used = append(n.used, n.under[i])
		return n.under[i]
	}
	return nil
}

// need gives a member that has to be there.
func (n *node) need(key string) *node {
	m := n.get(key)
	if m == nil {
		n.wrong("%q is missing", key)
	}
	return m
}

// object begins to read an object; done ends it.
func (n *node) object() bool {
	if n.is != json.Delim('{') {
		n.wrong("should be an object")
		return false
	}
	return true
}

// done refuses what nobody asked for.
func (n *node) done() {
	for i, m := range n.under {
		if !slices.Contains(n.used, m) {
			m.wrong("%q is not known here", n.keys[i])
		}
	}
}

// maxText is how long a text of a table may be, in characters; maxLabel a name in it.
const (
	maxText  = 500
	maxLabel = 60
)

// text reads a line that people will see. A missing one is "".
func (n *node) text(most int) string {
	if n == nil {
		return ""
	}
	s, ok := n.is.(string)
	switch {
	case !ok:
		n.wrong("should be a text")
	case strings.TrimSpace(s) == "":
		n.wrong("is empty")
	case strings.TrimSpace(s) != s:
		n.wrong("has space around it")
	case utf8.RuneCountInString(s) > most:
		n.wrong("has more than %d characters", most)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
		n.wrong("has signs that no screen shows")
	}
	return s
}

// key reads a name that values go by.
func (n *node) key() string {
	s := n.text(maxLabel)
	if n != nil && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		n.wrong("should be of a–z, 0–9 and _ alone")
	}
	return s
}

// steps reads a number as a count of steps of 10^-decimals. A missing one is otherwise.
func (n *node) steps(decimals, otherwise int) int {
	if n == nil {
		return otherwise
	}
	number, ok := n.is.(json.Number)
	if !ok {
		n.wrong("should be a number")
		return otherwise
	}
	v, err := steps(string(number), decimals)
	if err != nil {
		n.wrong("%s %v", number, err)
	}
	return v
}

// whole reads a number between two.
func (n *node) whole(least, most int) int {
	v := n.steps(0, least)
	if v < least || v > most {
		n.wrong("%d should be %d to %d", v, least, most)
	}
	return v
}

// maxItems is how long a list of a table may be.
const maxItems = 40

// each reads the elements of a list; a missing one has none.
func each[T any](n *node, read func(*node) T) (all []T) {
	if n == nil {
		return nil
	}
	if n.is != json.Delim('[') {
		n.wrong("should be a list")
		return nil
	}
	if len(n.under) == 0 || len(n.under) > maxItems {
		n.wrong("should have 1 to %d elements", maxItems)
	}
	for _, m := range n.under {
		all = append(all, read(m))
	}
	return all
}

// objects is each for elements that are objects.
func objects[T any](n *node, read func(*node) T) []T {
	return each(n, func(m *node) (v T) {
		if m.object() {
			v = read(m)
			m.done()
		}
		return v
	})
}
