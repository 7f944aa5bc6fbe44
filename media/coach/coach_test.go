package coach

import (
	"strings"
	"sync"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/media"
)

// watched lets a coach look at one picture for long enough, and gives all that it told and what it tells in the end.
func watched(f *media.Frame) (told map[Hint]bool, last Hint) {
	c := New()
	told = map[Hint]bool{}
	for f.Time = 0; f.Time <= 6*time.Second; f.Time += 33 * time.Millisecond {
		last = c.Look(f).Hint
		told[last] = true
	}
	return told, last
}

// judged holds the coach to a set of pictures, and each skin tone to the same.
func judged(t *testing.T, sheet string, all []made, least int) {
	right, byTone, ofTone, wrong := 0, map[int]int{}, map[int]int{}, map[int]bool{}
	for i, m := range all {
		told, last := watched(m.frame)
		ofTone[m.tone]++
		if last == m.right {
			right++
			byTone[m.tone]++
		} else {
			wrong[i] = true
			t.Logf("%s: %v, not %v", m.name, names[last], names[m.right])
		}
		if m.right == Good {
			delete(told, Looking)
			delete(told, Good)
			for h := range told {
				t.Errorf("%s: the hint %v on a good picture", m.name, names[h])
			}
		}
	}
	writeSheet(t, sheet, all, wrong)
	t.Logf("%d of %d right", right, len(all))
	if right < least {
		t.Errorf("%d of %d pictures are judged right, want %d", right, len(all), least)
	}
	for tone := range tones {
		if byTone[tone] < ofTone[tone]-2 {
			t.Errorf("tone %d: %d of %d right: one skin is judged worse than the others", tone+1, byTone[tone], ofTone[tone])
		}
	}
}

var names = [hints]string{"nothing", "good", "left", "right", "low", "high", "too far", "against the light", "dark", "covered"}

var (
	sixty = sync.OnceValue(func() []made { return pictures(1, 60) })
	few   = sync.OnceValue(func() []made { return pictures(1, 10) })
)

func TestCoach_sixtyPicturesAndNoHintOnAGoodOne(t *testing.T) {
	if testing.Short() { // one goroutine: the race detector has nothing to see, and makes the painting slow
		t.Skip("sixty pictures")
	}
	judged(t, "coach.png", sixty(), 54)
}

func TestCoach_twentyPicturesThatNobodyFittedAnythingTo(t *testing.T) {
	judged(t, "coach-held-out.png", pictures(2026, 20), 18)
}

// TestCoach_theTonesOfAGoodPictureAreJudgedAlike pictures the very same person and room with each skin.
func TestCoach_theTonesOfAGoodPictureAreJudgedAlike(t *testing.T) {
	for variant := range uint64(3) {
		for tone := range tones {
			m := sameButFor(variant, tone)
			if told, last := watched(m); last != Good {
				t.Errorf("person %d with tone %d: %v (told %v)", variant, tone+1, names[last], told)
			}
		}
	}
}

// still is a picture of one's own making that goes on for a while.
type still struct {
	t     *testing.T
	coach *Coach
	now   time.Duration
	said  []string // with when
}

// show lets the picture stand for that long.
func (s *still) show(f *media.Frame, d time.Duration) Hint {
	s.t.Helper()
	var a Advice
	for end := s.now + d; s.now < end; s.now += 100 * time.Millisecond {
		f.Time = s.now
		if a = s.coach.Look(f); a.Say {
			s.said = append(s.said, names[a.Hint]+" at "+s.now.String())
		}
	}
	return a.Hint
}

func (s *still) wantSaid(want ...string) {
	s.t.Helper()
	if got := strings.Join(s.said, ", "); got != strings.Join(want, ", ") {
		s.t.Errorf("said: %s; want: %s", got, strings.Join(want, ", "))
	}
}

// of gives a picture of a situation.
func of(situation string) *media.Frame {
	for _, m := range few() {
		if strings.HasPrefix(m.name, situation) {
			return m.frame
		}
	}
	panic("no such situation: " + situation)
}

func TestCoach_saysOneThingAtATimeTheGravestAndNotInTurns(t *testing.T) {
	good, dark, covered := of("good, plain"), of("dark"), of("covered")

	t.Run("good takes two seconds", func(t *testing.T) {
		s := &still{t: t, coach: New()}
		if h := s.show(good, 2*time.Second); h != Looking {
			t.Errorf("%v before two seconds", names[h])
		}
		if h := s.show(good, time.Second); h != Good {
			t.Errorf("%v after them", names[h])
		}
		s.wantSaid("good at 2s")
	})
	t.Run("a hint is not told at once, and stays said once", func(t *testing.T) {
		s := &still{t: t, coach: New()}
		s.show(good, 4*time.Second)
		if h := s.show(dark, 400*time.Millisecond); h != Good {
			t.Errorf("a moment of darkness: %v", names[h])
		}
		s.show(dark, 20*time.Second)
		s.wantSaid("good at 2s", "dark at 4.5s")
	})
	t.Run("the graver takes over", func(t *testing.T) {
		s := &still{t: t, coach: New()}
		s.show(dark, 3*time.Second)
		if h := s.show(covered, 1500*time.Millisecond); h != Covered {
			t.Errorf("%v", names[h])
		}
		s.wantSaid("dark at 500ms", "covered at 3.5s")
	})
	t.Run("the same is said again after five seconds at the earliest", func(t *testing.T) {
		s := &still{t: t, coach: New()}
		for range 4 {
			s.show(dark, 1500*time.Millisecond)
			s.show(good, 1500*time.Millisecond)
		}
		for i := 1; i < len(s.said); i++ {
			if strings.HasPrefix(s.said[i], "good") {
				t.Errorf("good within two seconds: %v", s.said)
			}
		}
		s.wantSaid("dark at 500ms", "dark at 6.5s")
	})
	t.Run("another camera begins anew", func(t *testing.T) {
		s := &still{t: t, coach: New()}
		s.show(dark, 3*time.Second)
		s.now += 10 * time.Second
		if h := s.show(good, 400*time.Millisecond); h != Looking {
			t.Errorf("%v is left of a picture of ten seconds ago", names[h])
		}
	})
}

func TestCoach_aPictureThatIsNoneTellsNothing(t *testing.T) {
	for _, f := range []*media.Frame{{}, {Width: 8, Height: 8, Y: make([]byte, 64)}, {Width: 1280, Height: 720}, {Width: 4000, Height: 2, Y: make([]byte, 8000)}} {
		if a := New().Look(f); a != (Advice{}) {
			t.Errorf("%d×%d: %+v", f.Width, f.Height, a)
		}
	}
}

// TestCoach_anySize holds a picture to the same judgement however many pixels it has, upright too.
func TestCoach_anySize(t *testing.T) {
	dark := of("dark")
	for _, size := range [][2]int{{320, 180}, {1280, 720}, {1920, 1080}, {720, 1280}, {640, 480}} {
		if _, last := watched(scaled(dark, size[0], size[1])); last != Dark {
			t.Errorf("%v: %v", size, names[last])
		}
	}
	good := of("good, plain")
	for _, size := range [][2]int{{320, 180}, {1280, 720}, {1920, 1080}} {
		if _, last := watched(scaled(good, size[0], size[1])); last != Good {
			t.Errorf("%v: %v", size, names[last])
		}
	}
}

func TestCoach_uprightAndFourToThree(t *testing.T) {
	seen := 0
	for variant := range uint64(6) {
		for _, size := range [][2]int{{360, 640}, {480, 360}} {
			near, far := upright(variant, size[0], size[1], 0.42), upright(variant, size[0], size[1], 0.11)
			if told, last := watched(near); last != Good {
				t.Errorf("%v, variant %d: %v (told %v)", size, variant, names[last], told)
			}
			if _, last := watched(far); last == TooFar {
				seen++
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d of 12 are told that they are far away, want 10", seen)
	}
}

// scaled repeats or leaves out pixels.
func scaled(f *media.Frame, width, height int) *media.Frame {
	g := new(media.FramePool).Get(width, height)
	for y := range height {
		for x := range width {
			g.Y[y*width+x] = f.Y[y*f.Height/height*f.Width+x*f.Width/width]
		}
	}
	return g
}

func TestHint_eachHasItsSentence(t *testing.T) {
	for h := Good; h < hints; h++ {
		if h.Key() == "" {
			t.Errorf("%v has no sentence", names[h])
		}
	}
	if Looking.Key() != kontakt.MsgKey("") {
		t.Error("nothing to tell has a sentence")
	}
}

func TestLook_allocatesNothing(t *testing.T) {
	c, f := New(), scaled(of("good, full"), 1280, 720)
	if n := testing.AllocsPerRun(20, func() {
		f.Time += between
		c.Look(f)
	}); n != 0 {
		t.Errorf("%v allocations a look", n)
	}
}

func BenchmarkLook_720p(b *testing.B) {
	c, f := New(), scaled(of("good, full"), 1280, 720)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		f.Time += between
		c.Look(f)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/look")
}
