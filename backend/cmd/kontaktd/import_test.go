package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/backend"
	"kontaktlaege/backend/demo"
	"kontaktlaege/internal/testkit"
)

// The command on a database that has clinics: Excel's Danish CSV in, a report without a number out.
func TestImport_fromTheCommandLine(t *testing.T) {
	testkit.Guard(t, time.Minute)
	data := t.TempDir()
	db, err := backend.Storage{Data: data}.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // a server may run meanwhile
	if _, err := demo.Seed(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, table string
		args        []string
		code        int
		want        []string
	}{
		{
			"a dry run", "CPR-nr.;Navn;By;Ydernr.\r\n290200-4100;Karen Madsen;Eksempelby;99001\r\n1507990100;Maja \xc6r\xf8;Eksempelby;099002\r\n",
			[]string{"citizens", "--dry-run"},
			0,
			[]string{"1 new, 0 changed, 1 unchanged", "1 ydernumre", "not read: [3]", "nothing was changed"},
		},
		{
			"citizens", "CPR-nr.;Navn;Ydernr.\r\n290200-4100;Karen Madsen;99001\r\n1507990100;Maja \xc6r\xf8;099002\r\n",
			[]string{"citizens"},
			0,
			[]string{"1 new, 0 changed, 1 unchanged, 0 removed, 0 with faults"},
		},
		{
			"faults", "cpr;navn;ydernummer\n290200410;Karen;099001\n2902004100;;099001\n",
			[]string{"citizens"},
			1,
			[]string{"line 2, column cpr: a CPR number has ten digits", "line 3, column navn", "2 with faults", "nothing was changed"},
		},
		{
			"booked times", "ydernummer;cpr;dato;kl\n099001;2902004100;24-11-2026;9.30\n",
			[]string{"bookings"},
			0,
			[]string{"1 rows of booked times", "1 new"},
		},
		{"no table", "PK\x03\x04", []string{"bookings"}, 1, []string{"Excel workbook"}},
		{"too little to replace with", "cpr;navn;ydernummer\n2902004100;Karen Madsen;099001\n", []string{"citizens", "--replace"}, 1, []string{"--most"}},
	} {
		code, out, errs := call(t, append([]string{"import", c.args[0], file(t, c.table), "--data", data}, c.args[1:]...)...)
		if code != c.code {
			t.Errorf("%s: code = %d, want %d (%s%s)", c.name, code, c.code, out, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: %q does not say %q", c.name, out+errs, want)
			}
		}
		for _, never := range []string{"2902004100", "290200-4100", "290200410", "Karen", "Maja"} {
			if strings.Contains(out+errs, never) {
				t.Errorf("%s: %q names %s", c.name, out+errs, never)
			}
		}
	}
	if code, _, errs := call(t, "import", "citizens", file(t, "cpr;navn;yder\n"), "--data", filepath.Join(data, "nowhere")); code != 1 || !strings.Contains(errs, "--data") {
		t.Errorf("no database: %d %s", code, errs)
	}
}
