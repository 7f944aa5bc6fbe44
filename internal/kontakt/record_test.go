package kontakt

import (
	"strings"
	"testing"
)

func TestParseAddition_takesWhatBelongsToItAndNothingElse(t *testing.T) {
	for name, row := range map[string]struct {
		note Addition
		fits bool
	}{
		"a relative comes":           {Addition{What: RecordIn, Who: RoleInRelative}, true},
		"an interpreter goes":        {Addition{What: RecordOut, Who: RoleInInterpreter}, true},
		"a colleague comes":          {Addition{What: RecordIn, Who: RoleInColleague}, true},
		"the clinician by hand":      {Addition{What: RecordIn, Who: RoleInClinician}, false},
		"nobody comes":               {Addition{What: RecordIn}, false},
		"a relative with words":      {Addition{What: RecordIn, Who: RoleInRelative, Words: "Bent"}, false},
		"a still was shared":         {Addition{What: RecordTool, Detail: ToolStill}, true},
		"a tool that is none":        {Addition{What: RecordTool, Detail: "recording"}, false},
		"a correction":               {Addition{What: RecordCorrection, Corrects: 2, Words: "Det var datteren."}, true},
		"a correction of nothing":    {Addition{What: RecordCorrection, Words: "Det var datteren."}, false},
		"a correction without words": {Addition{What: RecordCorrection, Corrects: 2, Words: " "}, false},
		"a correction too long":      {Addition{What: RecordCorrection, Corrects: 2, Words: strings.Repeat("æ", MaxReason+1)}, false},
		"a correction in two lines":  {Addition{What: RecordCorrection, Corrects: 2, Words: "en\nto"}, false},
		"a consent by hand":          {Addition{What: RecordConsent, Detail: "oral"}, false},
		"nothing":                    {Addition{}, false},
	} {
		if _, err := ParseAddition(row.note); (err == nil) != row.fits {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseAddition(f *testing.F) {
	f.Add("correction", "", "", " Det var datteren. ", 2)
	f.Add("in", "relative", "", "", 0)
	f.Fuzz(func(t *testing.T, what, who, detail, words string, corrects int) {
		n, err := ParseAddition(Addition{What: RecordWhat(what), Who: RecordRole(who), Detail: detail, Words: words, Corrects: corrects})
		if err != nil {
			if n != (Addition{}) {
				t.Fatal("a note with an error")
			}
			return
		}
		if again, err := ParseAddition(n); err != nil || again != n {
			t.Fatalf("%+v is not as it will be read again: %+v, %v", n, again, err)
		}
	})
}
