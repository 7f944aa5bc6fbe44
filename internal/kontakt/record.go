package kontakt

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// RecordWhat is what one line of a Record says. Append-only: the sentences stand under "rec." and these words.
type RecordWhat string

// The words of a line.
const (
	RecordConsent    RecordWhat = "consent"    // given; Detail: a ConsentKind, Words: why there is none
	RecordWithdrawn  RecordWhat = "withdrawn"  // the consent
	RecordIn         RecordWhat = "in"         // Who came into the room, or into the call by a link
	RecordOut        RecordWhat = "out"        // Who went
	RecordAlone      RecordWhat = "alone"      // the citizen is alone: the nurse went out
	RecordAloneOver  RecordWhat = "alone_over" // and came back
	RecordMode       RecordWhat = "mode"       // Detail: a Mode
	RecordCall       RecordWhat = "call"       // the conversation began; Name: the clinician
	RecordCallOver   RecordWhat = "call_over"  // it stopped, and the place is kept
	RecordTool       RecordWhat = "tool"       // Detail: a RecordTools word
	RecordEmergency  RecordWhat = "emergency"  // 112 was called
	RecordEnd        RecordWhat = "end"        // Detail: the reason of the end
	RecordRestored   RecordWhat = "restored"   // the clinic took its removal back
	RecordCorrection RecordWhat = "correction" // Words: what is right; Corrects: of which line
)

// RecordRole is who a line is about, by role: a name stands in it of the clinician alone.
type RecordRole string

// The roles.
const (
	RoleInNurse       RecordRole = "nurse"
	RoleInCitizen     RecordRole = "citizen"
	RoleInRelative    RecordRole = "relative"
	RoleInInterpreter RecordRole = "interpreter"
	RoleInColleague   RecordRole = "colleague"
	RoleInOther       RecordRole = "other"
	RoleInClinician   RecordRole = "clinician"
)

// What may be shared in a call.
const (
	ToolStill = "still"
	ToolText  = "text"
	ToolCard  = "card"
)

// RecordLine is one line. It is written once and never changed: what is wrong is set right by a line more.
type RecordLine struct {
	N        int // counts from 1 at each place, without gaps
	At       time.Time
	What     RecordWhat
	Who      RecordRole // "": nobody in particular
	Detail   string     // a word from a list
	Words    string     // what somebody wrote, at most MaxReason characters
	Corrects int        // N of the line that a correction is about
	By       string     // "tablet", "citizen", "clinic", "guest", "system"
	Employee EmployeeID // the clinician
	Name     string     // theirs, where it is read; never stored
}

// Record is what happened at a place as far as consent and presence go (domain.md M11). Both sides read the same lines
// and the same Code, which changes with each line: two who read it to each other know that they have the same before
// them. It is a keyed hash of the backend's, so that nobody else can make one that fits other lines; it is no signature.
type Record struct {
	Lines []RecordLine
	Code  string // "K7QF-2M9X"
}

// Addition asks for a line that no move of the place brings about.
type Addition struct {
	What     RecordWhat // RecordIn, RecordOut, RecordTool, RecordCorrection
	Who      RecordRole // of in and out: relative, interpreter, colleague
	Detail   string     // of a tool
	Words    string     // of a correction
	Corrects int        // of a correction
}

// ParseAddition accepts a note with what belongs to it and nothing else.
func ParseAddition(n Addition) (Addition, error) {
	n.Words = strings.TrimSpace(n.Words)
	var fits bool
	switch n.What {
	case RecordIn, RecordOut:
		fits = n == Addition{What: n.What, Who: n.Who} && (n.Who == RoleInRelative || n.Who == RoleInInterpreter || n.Who == RoleInColleague)
	case RecordTool:
		fits = n == Addition{What: n.What, Detail: n.Detail} && (n.Detail == ToolStill || n.Detail == ToolText || n.Detail == ToolCard)
	case RecordCorrection:
		fits = n == Addition{What: n.What, Words: n.Words, Corrects: n.Corrects} && n.Corrects > 0 && n.Words != "" &&
			utf8.RuneCountInString(n.Words) <= MaxReason && !strings.ContainsFunc(n.Words, unicode.IsControl)
	}
	if !fits {
		return Addition{}, &Error{Op: "kontakt.ParseAddition", Kind: Invalid, Msg: MsgBadRequest}
	}
	return n, nil
}
