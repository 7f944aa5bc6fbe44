package kontakt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"kontaktlaege/internal/kontakt"
)

func TestIDs_areWhatTheirParserAccepts(t *testing.T) {
	type door struct {
		prefix string
		fresh  func() string
		parse  func(string) (string, error) // nil: none, since it never comes from outside
	}
	doors := map[string]door{
		"clinic":       {"kli_", func() string { return string(kontakt.NewClinicID()) }, func(s string) (string, error) { v, err := kontakt.ParseClinicID(s); return string(v), err }},
		"municipality": {"kom_", func() string { return string(kontakt.NewMunicipalityID()) }, nil},
		"device":       {"dev_", func() string { return string(kontakt.NewDeviceID()) }, func(s string) (string, error) { v, err := kontakt.ParseDeviceID(s); return string(v), err }},
		"employee":     {"med_", func() string { return string(kontakt.NewEmployeeID()) }, func(s string) (string, error) { v, err := kontakt.ParseEmployeeID(s); return string(v), err }},
		"citizen":      {"bor_", func() string { return string(kontakt.NewCitizenID()) }, func(s string) (string, error) { v, err := kontakt.ParseCitizenID(s); return string(v), err }},
		"entry":        {"plads_", func() string { return string(kontakt.NewEntryID()) }, func(s string) (string, error) { v, err := kontakt.ParseEntryID(s); return string(v), err }},
		"call":         {"opk_", func() string { return string(kontakt.NewCallID()) }, func(s string) (string, error) { v, err := kontakt.ParseCallID(s); return string(v), err }},
		"sign-in":      {"log_", func() string { return string(kontakt.NewSigninID()) }, func(s string) (string, error) { v, err := kontakt.ParseSigninID(s); return string(v), err }},
		"session":      {"ses_", func() string { return string(kontakt.NewSessionID()) }, nil},
		"message":      {"bes_", func() string { return string(kontakt.NewMessageID()) }, func(s string) (string, error) { v, err := kontakt.ParseMessageID(s); return string(v), err }},
		"guest":        {"gst_", func() string { return string(kontakt.NewGuestID()) }, func(s string) (string, error) { v, err := kontakt.ParseGuestID(s); return string(v), err }},
		"order":        {"ord_", func() string { return string(kontakt.NewOrderID()) }, func(s string) (string, error) { v, err := kontakt.ParseOrderID(s); return string(v), err }},
		"visit":        {"bsg_", func() string { return string(kontakt.NewVisitID()) }, func(s string) (string, error) { v, err := kontakt.ParseVisitID(s); return string(v), err }},
		"handover":     {"ovg_", func() string { return string(kontakt.NewHandoverID()) }, func(s string) (string, error) { v, err := kontakt.ParseHandoverID(s); return string(v), err }},
		"outbox":       {"ud_", func() string { return string(kontakt.NewOutboxID()) }, func(s string) (string, error) { v, err := kontakt.ParseOutboxID(s); return string(v), err }},
	}
	for name, d := range doors {
		id := d.fresh()
		if again := d.fresh(); again == id {
			t.Errorf("%s: drawn twice", name)
		}
		if !strings.HasPrefix(id, d.prefix) {
			t.Errorf("%s = %s, want prefix %s", name, id, d.prefix)
		}
		for other, o := range doors {
			if other == name || o.parse == nil {
				continue
			}
			if _, err := o.parse(id); err == nil {
				t.Errorf("a %s id passes for a %s id", name, other)
			}
		}
		if d.parse == nil {
			continue
		}
		if got, err := d.parse(id); err != nil || got != id {
			t.Errorf("%s: %s is not accepted: %v", name, id, err)
		}
		body := strings.TrimPrefix(id, d.prefix)
		for what, bad := range map[string]string{
			"empty": "", "no prefix": body, "another's prefix": "xyz_" + body, "short": id[:len(id)-1], "long": id + "a", "upper case": d.prefix + strings.ToUpper(body),
			"not base32": d.prefix + strings.Repeat("1", 26), "spare bits set": d.prefix + strings.Repeat("a", 25) + "b", "space": id + " ", "line": id + "\n",
		} {
			if got, err := d.parse(bad); kontakt.KindOf(err) != kontakt.Invalid || got != "" {
				t.Errorf("%s, %s: %q accepted as %q", name, what, bad, got)
			}
		}
	}
}

func TestYdernummer_isSixDigitsWithItsZeros(t *testing.T) {
	if y, err := kontakt.ParseYdernummer("012345"); err != nil || y != "012345" {
		t.Errorf("= %q, %v", y, err)
	}
	for _, bad := range []string{"", "12345", "1234567", "01234a", "٠١٢٣٤٥", " 12345"} {
		if y, err := kontakt.ParseYdernummer(bad); kontakt.KindOf(err) != kontakt.Invalid || y != "" {
			t.Errorf("%q accepted as %q", bad, y)
		}
	}
}

// An id that is a plain string can be mixed up with any other: none of the words may hold one.
func TestKontakt_noIdIsAPlainString(t *testing.T) {
	set := token.NewFileSet()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	check := func(list *ast.FieldList) {
		if list == nil {
			return
		}
		for _, f := range list.List {
			typ, plain := f.Type.(*ast.Ident)
			for _, name := range f.Names {
				fields++
				id := strings.HasSuffix(name.Name, "ID") || name.Name == "id"
				if plain && typ.Name == "string" && id && ast.IsExported(name.Name) {
					t.Errorf("%s: %s is a plain string", set.Position(name.Pos()), name.Name)
				}
			}
		}
	}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, source, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StructType:
				check(n.Fields)
			case *ast.FuncDecl:
				if n.Name.IsExported() {
					for _, f := range n.Type.Params.List {
						for _, name := range f.Names {
							typ, plain := f.Type.(*ast.Ident)
							if lower := strings.ToLower(name.Name); plain && typ.Name == "string" && strings.HasSuffix(lower, "id") {
								t.Errorf("%s: parameter %s is a plain string", set.Position(name.Pos()), name.Name)
							}
						}
					}
				}
			}
			return true
		})
	}
	if fields < 50 {
		t.Errorf("only %d fields looked at: the test has lost its sources", fields)
	}
}
