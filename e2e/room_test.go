package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontaktlaege/ui/automation"
)

// Demo citizens beside Karen: one of Lægerne Havnegade's own, and one for whose clinic it covers.
const (
	citizenOfHavnegade = "1403450101" // Ole Brandt
	citizenOfBakken    = "1912410100" // Grethe Lykke
)

// shortTalk is how long a call is watched that only has to come up on the right tablet.
const shortTalk = 4 * time.Second

// room is one waiting room as its people have it before them: two tablets and two pages of the clinic.
type room struct {
	t    *testing.T
	ctx  context.Context
	a, b *Lab // the same stage with either tablet in front
	lars *Page
	pete *Page
	n    int
}

func newRoom(t *testing.T) *room {
	ctx, l := newTestLab(t, "room", smallTablet)
	second, err := NewTablet(TabletOptions{
		Binary: l.Tablet.binary, Dir: t.TempDir(), Backend: l.Backend.Demo.URL, Log: l.Tablet.log, Width: smallTablet.Width, Height: smallTablet.Height,
		Args: []string{"--camera", "timecode:640x360@20", "--microphone", fmt.Sprintf("tone:%g", tabletTone), "--loudspeaker", "none"},
	})
	must(t, err)
	t.Cleanup(second.Close)
	l.quiet = true // the stations have their own pictures
	other := *l
	other.Tablet = second
	r := &room{t: t, ctx: ctx, a: l, b: &other}
	t.Cleanup(func() {
		if t.Failed() {
			r.picture("fejl")
		}
	})
	for i, tablet := range []*Lab{r.a, r.b} {
		code, err := l.code(i)
		must(t, err)
		must(t, tablet.EnrolTablet(ctx, code))
		must(t, tablet.SignIn(ctx, []string{UserNurse, UserAssistant}[i], &Stopwatch{}))
	}
	r.lars, err = l.ClinicSignIn(ctx, UserDoctor, "")
	must(t, err)
	r.pete, err = l.ClinicSignIn(ctx, UserColleague, "")
	must(t, err)
	return r
}

// picture keeps what all four see.
func (r *room) picture(name string) {
	r.t.Helper()
	r.n++
	must(r.t, r.a.settle(r.ctx))
	path := func(who string) string { return filepath.Join(r.a.Out, fmt.Sprintf("%02d-%s-%s.png", r.n, name, who)) }
	must(r.t, r.a.Tablet.Screen.Picture(path("a")))
	must(r.t, r.b.Tablet.Screen.Picture(path("b")))
	for who, page := range map[string]*Page{"lars": r.lars, "peter": r.pete} {
		if page != nil {
			must(r.t, page.Picture(r.ctx, path(who)))
		}
	}
}

func (r *room) tap(l *Lab, names ...string) {
	r.t.Helper()
	for _, name := range names {
		must(r.t, l.Tablet.Tap(r.ctx, name))
	}
}

func (r *room) see(l *Lab, name string) {
	r.t.Helper()
	_, err := l.Tablet.See(r.ctx, name)
	must(r.t, err)
}

// reads waits until a tablet shows these sentences, word for word, and something stands in the window where it says so.
func (r *room) reads(l *Lab, sentences ...string) {
	r.t.Helper()
	for _, s := range sentences {
		must(r.t, l.Tablet.Read(r.ctx, s))
	}
}

// until waits until all that a page shows at a selector holds these words.
func (r *room) until(page *Page, selector, words string) {
	r.t.Helper()
	must(r.t, page.Until(r.ctx, fmt.Sprintf(`(document.querySelector(%s)?.checkVisibility() && document.querySelector(%s).innerText.replaceAll("\u00a0", " ").includes(%s))`,
		quoted(selector), quoted(selector), quoted(words))))
}

func (r *room) click(page *Page, selectors ...string) {
	r.t.Helper()
	for _, s := range selectors {
		must(r.t, page.Click(r.ctx, s))
	}
}

// row gives the selector of a patient's row, or of a part of it.
func (r *room) row(page *Page, name string, part ...string) string {
	r.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("[data-test=row]")].find(row => row.querySelector("[data-test=name]").innerText === %s)`, quoted(name))
	must(r.t, page.Until(r.ctx, find))
	var id string
	must(r.t, page.Eval(r.ctx, find+".dataset.entry", &id))
	selector := fmt.Sprintf("[data-entry=%q]", id)
	for _, p := range part {
		selector += fmt.Sprintf(" [data-test=%s]", p)
	}
	return selector
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always has a JSON
	return string(text)
}

// inOrder waits until a page's list stands like this.
func (r *room) inOrder(page *Page, names ...string) {
	r.t.Helper()
	must(r.t, page.Until(r.ctx, fmt.Sprintf(`[...document.querySelectorAll("[data-test=row] [data-test=name]")].map(n => n.innerText).join() === %s`,
		quoted(strings.Join(names, ",")))))
}

// call has a clinician press Start; both tablets ring, the second answers, and the first is free of it at once.
func (r *room) call(page *Page) {
	r.t.Helper()
	r.click(page, r.row(page, "Karen Madsen", "start"))
	for _, l := range []*Lab{r.a, r.b} {
		r.see(l, "TapAnswer")
	}
	r.picture("begge-ringer")
	r.tap(r.b, "TapAnswer")
	r.see(r.b, "VideoRemote")
	r.reads(r.a, "I samtale på en anden tablet", "Opkaldet er besvaret på en anden tablet.")
	talk, err := r.b.watchBothWays(r.ctx, page, shortTalk)
	must(r.t, err)
	r.t.Logf("on the second tablet's screen: %v; in the clinic's page: %v", talk.onTablet, talk.onClinic)
	if talk.onTablet.Fresh == 0 || talk.onClinic.Fresh == 0 {
		r.t.Error("the pictures do not move")
	}
	r.picture("samtale-paa-den-anden")
}

// E21, E24, E44, E45, E09, SD-11: what the waiting room can do, by those who use it, through their own windows.
func TestRoom_twoTabletsAndTwoCliniciansUseAllOfIt(t *testing.T) {
	r := newRoom(t)
	r.messages()
	r.takeOver()
	r.removeAndRestore()
	r.closeAndOpen()
	r.reorder()
	checkNothingPersonal(t, r.a)
	for _, page := range []*Page{r.lars, r.pete} {
		checkComplaints(r.ctx, t, page)
	}
}

func (r *room) messages() {
	r.t.Helper()
	r.a.Say("The clinic writes to Karen, who waits; the nurse reads it aloud and says so; the clinic is late")
	queue(r.ctx, r.t, r.a)
	r.reads(r.a, "1", "I er de næste")
	r.picture("karen-venter")
	r.click(r.lars, r.row(r.lars, "Karen Madsen", "menu-button"), "[data-test=menu-message]")
	const words = "Vi ringer, når blodprøven er her. Drik gerne et glas vand."
	must(r.t, r.lars.Fill(r.ctx, "textarea[data-test=message-words]", words))
	r.click(r.lars, "[data-test=message-do]")
	r.reads(r.a, "Besked fra klinikken", words)
	r.until(r.lars, r.row(r.lars, "Karen Madsen", "message-line"), words+" · ikke læst endnu")
	r.picture("besked")
	r.tap(r.a, "TapRead")
	for _, page := range []*Page{r.lars, r.pete} {
		r.until(page, r.row(page, "Karen Madsen", "message-line"), "· læst kl. ")
	}
	r.click(r.pete, "[data-test=delay]", "[data-test=delay-15]")
	r.reads(r.a, "Klinikken er ca. 15 min. forsinket")
	r.until(r.lars, "[data-test=late-line]", "Forsinket ca. 15 min.")
	r.picture("forsinket")
}

func (r *room) takeOver() {
	r.t.Helper()
	r.a.Say("A second tablet finds Karen: she waits already. It takes her place over; both tablets have it, both ring, one answers")
	must(r.t, r.b.FindCitizen(r.ctx, Karen, &Stopwatch{}))
	r.tap(r.b, "TapConfirmCitizen", "TapConsentOral", "TapJoin")
	r.see(r.b, "TapTakeOverHere")
	r.picture("venter-allerede")
	r.tap(r.b, "TapTakeOverHere")
	for _, l := range []*Lab{r.a, r.b} {
		r.reads(l, "1", "I er de næste")
	}
	r.reads(r.a, "Hos borgeren: Mette Juhl")
	for _, page := range []*Page{r.lars, r.pete} {
		r.until(page, r.row(page, "Karen Madsen", "presence"), "2 tabletter")
	}
	r.picture("overtaget")
	r.call(r.lars)

	r.a.Say("Lars hands over to Peter: the tablets say so; Peter calls, the second tablet answers, Peter ends")
	r.click(r.lars, "[data-test=more]", "[data-test=more-hand-over]", "[data-test=colleague]", "[data-test=handover-do]")
	for _, l := range []*Lab{r.a, r.b} {
		r.reads(l, "1", "I er givet videre til Peter Lund. Jeres plads er forrest.")
	}
	r.until(r.pete, r.row(r.pete, "Karen Madsen", "handed"), "Overdraget til dig af Lars Holm")
	r.picture("givet-videre")
	r.call(r.pete)
	r.click(r.pete, "[data-test=end]", "[data-test=end-done]")
	r.see(r.b, "Screen:Ended")
	r.reads(r.b, "Klinikken har afsluttet samtalen", "Peter Lund")
	r.see(r.a, "Screen:FindCitizen") // its nurse spoke with nobody: there is nothing to write in the record
	r.reads(r.a, "Samtalen er slut")
	r.picture("slut")
	r.tap(r.b, "TapDone")
	r.see(r.b, "Screen:FindCitizen")
	r.inOrder(r.pete)
}

func (r *room) removeAndRestore() {
	r.t.Helper()
	r.a.Say("A citizen whose own clinic Havnegade covers for is put into its line, removed with words, and taken back")
	must(r.t, r.a.FindCitizen(r.ctx, citizenOfBakken, &Stopwatch{}))
	r.see(r.a, "TapConfirmCover")
	r.picture("vikar")
	r.tap(r.a, "TapConfirmCover", "TapConsentOral", "TapJoin")
	r.reads(r.a, "2", "I er de næste")
	r.until(r.lars, r.row(r.lars, "Grethe Lykke", "attachment"), "Ferieafløsning")
	r.click(r.lars, r.row(r.lars, "Grethe Lykke", "menu-button"), "[data-test=menu-remove]")
	const words = "Kom i klinikken i dag kl. 14 i stedet"
	must(r.t, r.lars.Fill(r.ctx, "input[data-test=reason]", words))
	r.picture("fjern")
	r.click(r.lars, "[data-test=reason-do]")
	r.see(r.a, "Screen:Ended")
	r.reads(r.a, "Lægerne Havnegade har taget borgeren af køen. Ring på 00 00 00 01, hvis I har spørgsmål.", words, "00 00 00 01")
	r.until(r.pete, r.row(r.pete, "Grethe Lykke", "state"), "Fjernet fra køen")
	r.picture("fjernet")
	r.until(r.lars, r.row(r.lars, "Grethe Lykke", "start"), "Fortryd (")
	r.click(r.lars, r.row(r.lars, "Grethe Lykke", "start"))
	r.see(r.a, "Screen:Waiting")
	r.reads(r.a, "2", "I er de næste")
	r.picture("fortrudt")
}

func (r *room) closeAndOpen() {
	r.t.Helper()
	const (
		closed = "Klinikken har lukket for nye. I har stadig jeres plads lidt endnu. Klinikken skriver: Akut besøg. Haster det, så ring på 00 00 00 01."
		kept   = "Klinikken har lukket. Pladsen er gemt, til der åbnes igen. Haster det, så ring på 00 00 00 01."
	)
	r.a.Say("The clinic closes with a reason, opens, and closes again so that the places are kept")
	r.click(r.lars, "[data-test=toggle]")
	must(r.t, r.lars.Fill(r.ctx, "[data-test=close-reason]", "Akut besøg"))
	r.picture("luk")
	r.click(r.lars, "[data-test=close-do]")
	r.until(r.pete, "[data-test=opening]", "Lukket: Akut besøg · 1 venter")
	r.reads(r.a, closed)
	r.picture("lukket")
	r.click(r.pete, "[data-test=toggle]")
	r.until(r.lars, "[data-test=opening]", "Åbent")
	r.gone(r.a, closed)
	must(r.t, r.a.Backend.Command(r.ctx, "clinic", "set", "099001", "--keep=yes"))
	must(r.t, r.lars.Reload(r.ctx))
	r.click(r.lars, "[data-test=toggle]", "[data-test=close-keep]", "[data-test=close-do]")
	r.until(r.lars, "[data-test=opening]", "de beholder deres plads")
	r.reads(r.a, kept, "2")
	r.picture("lukket-pladsen-gemt")
	r.click(r.lars, "[data-test=toggle]")
	r.gone(r.a, kept)
	r.reads(r.a, "2", "I er de næste")
	r.picture("aabnet-igen")
}

func (r *room) reorder() {
	r.t.Helper()
	r.a.Say("A second citizen is in line; Peter puts him first, by keys alone; both tablets say how many are before them now")
	must(r.t, r.b.FindCitizen(r.ctx, citizenOfHavnegade, &Stopwatch{}))
	r.tap(r.b, "TapConfirmCitizen", "TapConsentOral", "TapJoin")
	r.reads(r.b, "3", "1 foran")
	r.inOrder(r.pete, "Grethe Lykke", "Ole Brandt")
	handle := r.row(r.pete, "Ole Brandt", "handle")
	for focused := false; !focused; {
		must(r.t, r.ctx.Err())
		must(r.t, r.pete.Press(r.ctx, "Tab"))
		must(r.t, r.pete.Eval(r.ctx, fmt.Sprintf("document.activeElement === document.querySelector(%s)", quoted(handle)), &focused))
	}
	for _, key := range []string{"Enter", "ArrowUp"} {
		must(r.t, r.pete.Press(r.ctx, key))
	}
	r.until(r.pete, "[data-test=moving]", "Plads 1 af 2")
	r.picture("loeftet")
	must(r.t, r.pete.Press(r.ctx, "Enter"))
	must(r.t, r.pete.Fill(r.ctx, "[data-test=move-reason]", "Skal til dialyse"))
	must(r.t, r.pete.Press(r.ctx, "Enter"))
	for _, page := range []*Page{r.lars, r.pete} {
		r.inOrder(page, "Ole Brandt", "Grethe Lykke")
		r.until(page, r.row(page, "Ole Brandt", "moved"), "Flyttet af Peter Lund: Skal til dialyse")
	}
	r.reads(r.b, "3", "I er de næste")
	r.reads(r.a, "2", "1 foran")
	r.picture("flyttet")
}

// gone waits until a tablet no longer shows a sentence.
func (r *room) gone(l *Lab, sentence string) {
	r.t.Helper()
	must(r.t, l.Tablet.Await(r.ctx, "the sentence to go: "+sentence, func(s automation.Snapshot) bool {
		_, there := s.Sentences[automation.Fingerprint(sentence)]
		return !there
	}))
}
