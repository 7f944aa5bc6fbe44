package web_test

import (
	"flag"
	"fmt"
	"go/ast"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kontaktlaege/internal/testkit"
)

var update = flag.Bool("update", false, "write wire.d.ts anew from internal/wire; then read the difference")

// wire.d.ts is written from the Go types and never by hand, so that a field stands in one place.
func TestWireTypes_areThoseOfTheBackend(t *testing.T) {
	want := wireTypes(t)
	if *update {
		if err := os.WriteFile("wire.d.ts", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("wire.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("wire.d.ts is not of internal/wire: go test ./backend/web -update")
	}
}

// wireTypes is each struct of internal/wire as TypeScript, in the order of its files.
func wireTypes(t testing.TB) string {
	t.Helper()
	embedded := map[string]*ast.StructType{}
	for _, s := range testkit.Structs(t, "../../internal/kontakt") {
		embedded[s.Name] = s.StructType
	}
	scored := []string{"Value", "Result", "Part", "Scored"} // a card carries them as they are
	var b strings.Builder
	b.WriteString("// The JSON of internal/wire as the pages read and write it. Written by: go test ./backend/web -update\n\n")
	all := testkit.Structs(t, "../../internal/wire")
	for _, s := range testkit.Structs(t, "../../internal/kontakt/tobs") {
		if slices.Contains(scored, s.Name) {
			all = append(all, s)
		}
	}
	for _, s := range all {
		fmt.Fprintf(&b, "export interface %s {\n%s}\n", s.Name, members(t, s.StructType, embedded))
	}
	return b.String()
}

func members(t testing.TB, s *ast.StructType, embedded map[string]*ast.StructType) string {
	t.Helper()
	var b strings.Builder
	for _, field := range s.Fields.List {
		if len(field.Names) == 0 {
			of, ok := field.Type.(*ast.SelectorExpr)
			if !ok || embedded[of.Sel.Name] == nil {
				t.Fatalf("an embedded %v, which has no TypeScript", field.Type)
			}
			b.WriteString(members(t, embedded[of.Sel.Name], embedded))
			continue
		}
		if field.Tag == nil {
			t.Fatalf("%v has no name in JSON", field.Names)
		}
		name, options, _ := strings.Cut(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json"), ",")
		mark, null := "", ""
		if _, pointer := field.Type.(*ast.StarExpr); slices.Contains(strings.Split(options, ","), "omitempty") {
			mark = "?"
		} else if pointer {
			null = " | null"
		}
		fmt.Fprintf(&b, "  %s%s: %s%s\n", name, mark, typescript(t, field.Type), null)
	}
	return b.String()
}

// typescript is a Go type as encoding/json writes it.
func typescript(t testing.TB, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.StarExpr:
		return typescript(t, e.X)
	case *ast.ArrayType:
		if of, ok := e.Elt.(*ast.Ident); ok && of.Name == "byte" {
			return "string"
		}
		return typescript(t, e.Elt) + "[]"
	case *ast.MapType:
		return "Record<" + typescript(t, e.Key) + ", " + typescript(t, e.Value) + ">"
	case *ast.Ident:
		switch name := e.Name; {
		case name == "string":
			return name
		case name == "bool":
			return "boolean"
		case strings.HasPrefix(name, "int"), strings.HasPrefix(name, "uint"), strings.HasPrefix(name, "float"):
			return "number"
		case ast.IsExported(name):
			return name
		}
	case *ast.SelectorExpr:
		switch e.Sel.Name {
		case "Time":
			return "string"
		case "RawMessage":
			return "unknown"
		case "Scored", "Value":
			return e.Sel.Name
		}
	}
	t.Fatalf("no TypeScript for %#v", e)
	return ""
}
