package testkit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Struct is an exported struct as its package's source has it.
type Struct struct {
	Name string
	*ast.StructType
}

// Structs gives the exported structs of the package in a folder, tests left out, in the order of its files.
func Structs(t testing.TB, dir string) (all []Struct) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for n := range ast.Preorder(tree) {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				if is, ok := spec.Type.(*ast.StructType); ok {
					all = append(all, Struct{spec.Name.Name, is})
				}
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("no exported structs in %s", dir)
	}
	return all
}
