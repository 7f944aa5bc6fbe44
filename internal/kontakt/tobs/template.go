package tobs

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

// template has the cells that two municipalities' instructions agree on, and of the actions what was found whole: those
// for 0 and 1. Above that the sources differ or break off; half a sentence there would read as all that is to be done.
//
//go:embed template.json
var template []byte

// Template is a table to begin with. Without an owner, a version and a first day Parse refuses it: nobody's table is used
// before somebody has put their name on it.
func Template(owner, version, validFrom string) []byte {
	text := template
	for key, value := range map[string]string{"owner": owner, "version": version, "valid_from": validFrom} {
		empty := []byte(`"` + key + `": ""`)
		quoted, _ := json.Marshal(value) // a string always can be
		text = bytes.Replace(text, empty, append(empty[:len(empty)-2:len(empty)-2], quoted...), 1)
	}
	return text
}
