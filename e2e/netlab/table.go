package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one case of the table.
type row struct {
	name         string
	ours, theirs outcome
	only         bool // nothing beside ours
	want         string
	met          bool
}

// table prints all, and is an error where a goal was missed.
func table(out io.Writer, rows []row) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\ncase\twho\tpicture at the clinic\tfrozen\tconcealed\tpicture at the tablet\tfrozen\tconcealed\tback after\tup after\tpath\tletters\tgoal\tmet\n")
	missed := 0
	for _, r := range rows {
		met := "yes"
		if !r.met {
			met = "no"
			missed++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.name, ours, r.ours.cells(), r.want, met)
		if !r.only {
			fmt.Fprintf(w, "\t%s\t%s\t\t\n", theirs, r.theirs.cells())
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nPicture: the height that stood the longest, and pictures a second; frozen: seconds of the stretch (webrtc-stats); concealed: of the sound.")
	if missed > 0 {
		return fmt.Errorf("%d of %d goals missed", missed, len(rows))
	}
	return nil
}

func (o outcome) cells() string {
	if o.Failed != "" {
		return o.Failed + strings.Repeat("\t", 9)
	}
	text, back := "", ""
	if o.Letters > 0 {
		text = fmt.Sprintf("%d, p95 %d ms", o.Letters, o.LettersP95.Milliseconds())
	}
	switch {
	case o.Back < 0:
		back = "never"
	case o.Back > 0:
		back = fmt.Sprintf("%.1f s", o.Back.Seconds())
	}
	return strings.Join([]string{o.There.cells(), o.Here.cells(), back, fmt.Sprintf("%.1f s", o.Up.Seconds()), o.Path, text}, "\t")
}

func (f figures) cells() string {
	picture, sound := "none", "none"
	if f.FPS > 0 {
		picture = fmt.Sprintf("%dp %.0f fps", f.Height, f.FPS)
	}
	if f.Sound {
		sound = fmt.Sprintf("%.2f %%", f.Concealed)
	}
	return fmt.Sprintf("%s\t%.1f s\t%s", picture, f.Frozen, sound)
}

// String is the outcome on one line, for who watches.
func (o outcome) String() string {
	if o.Failed != "" {
		return "        " + o.Failed
	}
	s := fmt.Sprintf("        there %dp %.0f fps, frozen %.1f s, concealed %.2f %%; here %dp %.0f fps, frozen %.1f s, concealed %.2f %%; %s, up after %.1f s",
		o.There.Height, o.There.FPS, o.There.Frozen, o.There.Concealed, o.Here.Height, o.Here.FPS, o.Here.Frozen, o.Here.Concealed, o.Path, o.Up.Seconds())
	switch {
	case o.Back < 0:
		s += ", never back"
	case o.Back > 0:
		s += fmt.Sprintf(", back after %.1f s", o.Back.Seconds())
	}
	for _, f := range o.Others {
		s += fmt.Sprintf("; another %dp %.0f fps, concealed %.2f %%", f.Height, f.FPS, f.Concealed)
	}
	if o.Letters > 0 {
		s += fmt.Sprintf(", %d letters, p95 %v", o.Letters, o.LettersP95.Round(time.Millisecond))
	}
	return s
}
