package codec

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/opus"

	"kontaktlaege/internal/testkit"
	"kontaktlaege/media"
)

func openOpus(t testing.TB, c OpusConfig) (media.AudioEncoder, media.AudioDecoder) {
	t.Helper()
	e, err := NewOpusEncoder(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	d, err := NewOpusDecoder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return e, d
}

// voice is a buzz of 140 Hz through two formants, with syllables: what a speech coder is made for.
func voice(pieces int) []int16 {
	pcm := make([]int16, pieces*media.SamplesPerPiece)
	for i := range pcm {
		at := float64(i) / media.SampleRate
		var v float64
		for h := 1; h <= 20; h++ {
			f := 140 * float64(h)
			gain := math.Exp(-math.Pow((f-600)/300, 2)) + 0.4*math.Exp(-math.Pow((f-1700)/400, 2)) + 0.02
			v += gain * math.Sin(2*math.Pi*f*at)
		}
		syllable := 0.3 + 0.7*math.Pow(math.Sin(2*math.Pi*1.5*at), 2)
		pcm[i] = int16(5000 * syllable * v)
	}
	return pcm
}

func piece(pcm []int16, n int) []int16 {
	return pcm[n*media.SamplesPerPiece : (n+1)*media.SamplesPerPiece]
}

// likeness is the highest normalised correlation of got with want over the delays a codec may have.
func likeness(want, got []int16) float64 {
	const maxDelay = 1000
	best := 0.0
	n := min(len(want), len(got)) - maxDelay
	for delay := range maxDelay {
		var ab, aa, bb float64
		for i := range n {
			a, b := float64(want[i]), float64(got[i+delay])
			ab, aa, bb = ab+a*b, aa+a*a, bb+b*b
		}
		best = max(best, ab/math.Sqrt(aa*bb+1))
	}
	return best
}

func TestOpus_whatIsHeardIsWhatWasSaid(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openOpus(t, OpusConfig{})
	said := voice(50)
	var heard []int16
	pcm := make([]int16, 6*media.SamplesPerPiece)
	for n := range 50 {
		packet, err := e.Encode(t.Context(), piece(said, n))
		if err != nil {
			t.Fatal(err)
		}
		samples, err := d.Decode(t.Context(), packet, pcm)
		if err != nil || samples != media.SamplesPerPiece {
			t.Fatalf("piece %d: %d samples, %v", n, samples, err)
		}
		heard = append(heard, pcm[:samples]...)
	}
	if l := likeness(said, heard); l < 0.9 {
		t.Errorf("likeness %.3f, want ≥ 0.9", l)
	}
}

// A decoder that shares no line with libopus understands our packets.
func TestOpus_anIndependentDecoderHearsTheSame(t *testing.T) {
	testkit.Guard(t, time.Minute)
	for _, rate := range []int{12_000, 24_000, 32_000} {
		e, _ := openOpus(t, OpusConfig{Rate: rate})
		oracle, err := opus.NewDecoderWithOutput(media.SampleRate, 1)
		if err != nil {
			t.Fatal(err)
		}
		said := voice(50)
		var heard []int16
		pcm := make([]int16, 6*media.SamplesPerPiece)
		for n := range 50 {
			packet, err := e.Encode(t.Context(), piece(said, n))
			if err != nil {
				t.Fatal(err)
			}
			samples, err := oracle.DecodeToInt16(packet, pcm)
			if err != nil {
				t.Fatalf("%d bit/s, piece %d: %v", rate, n, err)
			}
			heard = append(heard, pcm[:samples]...)
		}
		if l := likeness(said, heard); l < 0.85 {
			t.Errorf("%d bit/s: likeness %.3f, want ≥ 0.85", rate, l)
		}
	}
}

func TestOpus_rateFollowsTheNetwork(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, _ := openOpus(t, OpusConfig{Rate: 32_000})
	said := voice(100)
	for _, row := range []struct{ ask, want int }{{32_000, 32_000}, {12_000, 12_000}, {24_000, 24_000}, {1, 12_000}, {1_000_000, 32_000}} {
		e.SetNetwork(row.ask, 0)
		bytes := 0
		for n := range 100 {
			packet, err := e.Encode(t.Context(), piece(said, n))
			if err != nil {
				t.Fatal(err)
			}
			bytes += len(packet)
		}
		if got := bytes * 8 / 2; got < row.want*6/10 || got > row.want*11/10 {
			t.Errorf("asked for %d: %d bit/s, want about %d", row.ask, got, row.want)
		}
	}
}

// lossy plays said through a line that loses packets, and gives what is heard; fec says whether the next packet helps.
func lossy(t *testing.T, said []int16, loss float64, fec bool) []int16 {
	e, d := openOpus(t, OpusConfig{Rate: 24_000, Loss: loss})
	dice := rand.New(rand.NewPCG(1, 2))
	var packets [][]byte
	for n := range len(said) / media.SamplesPerPiece {
		packet, err := e.Encode(t.Context(), piece(said, n))
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, append([]byte(nil), packet...))
	}
	lost := make([]bool, len(packets))
	for n := 1; n < len(lost); n++ {
		lost[n] = !lost[n-1] && dice.Float64() < loss
	}
	var heard []int16
	pcm := make([]int16, media.SamplesPerPiece)
	for n, packet := range packets {
		var err error
		var samples int
		switch {
		case !lost[n]:
			samples, err = d.Decode(t.Context(), packet, pcm)
		case fec && n+1 < len(packets):
			samples, err = d.Conceal(t.Context(), packets[n+1], pcm)
		default:
			samples, err = d.Conceal(t.Context(), nil, pcm)
		}
		if err != nil || samples != media.SamplesPerPiece {
			t.Fatalf("piece %d (lost: %v): %d samples, %v", n, lost[n], samples, err)
		}
		heard = append(heard, pcm...)
	}
	return heard
}

func TestOpus_lostPacketsAreConcealedAndMoreSoWithFEC(t *testing.T) {
	testkit.Guard(t, time.Minute)
	said := voice(150)
	plc, fec := likeness(said, lossy(t, said, 0.2, false)), likeness(said, lossy(t, said, 0.2, true))
	t.Logf("likeness at 20 %% loss: PLC %.3f, FEC %.3f", plc, fec)
	if plc < 0.6 {
		t.Errorf("PLC gives a likeness of %.3f, want ≥ 0.6", plc)
	}
	if fec < plc+0.02 {
		t.Errorf("FEC gives %.3f, which is no better than PLC's %.3f", fec, plc)
	}
}

func TestOpus_firstPacketLostIsSilence(t *testing.T) {
	testkit.Guard(t, time.Minute)
	_, d := openOpus(t, OpusConfig{})
	pcm := voice(6)
	n, err := d.Conceal(t.Context(), nil, pcm)
	if err != nil || n != media.SamplesPerPiece {
		t.Fatalf("%d samples, %v", n, err)
	}
	for i, v := range pcm[:n] {
		if v != 0 {
			t.Fatalf("sample %d is %d", i, v)
		}
	}
}

// alarm is a tone that never pauses, with another at each full second.
func alarm(pieces int) []int16 {
	pcm := make([]int16, pieces*media.SamplesPerPiece)
	for i := range pcm {
		hz, amplitude := 440.0, 0.25
		if i%media.SampleRate < 3*media.SamplesPerPiece {
			hz, amplitude = 1000+250*float64(i/media.SampleRate), 0.5
		}
		pcm[i] = int16(math.MaxInt16 * amplitude * math.Sin(2*math.Pi*hz*float64(i)/media.SampleRate))
	}
	return pcm
}

func TestOpus_sendsLessAtOnceWhenItIsTold(t *testing.T) {
	testkit.Guard(t, time.Minute)
	const before, after, pieces, low = 150, 150, 3, 18_000
	for name, pcm := range map[string][]int16{"voice": voice(before + after), "alarm": alarm(before + after)} {
		e, d := openOpus(t, OpusConfig{Rate: maxOpusRate})
		heard := make([]int16, pieces*media.SamplesPerPiece)
		sent, loudest := 0, 0
		for n := 0; n < before+after; {
			span := 1
			if n == before {
				e.SetNetwork(low, 0.2)
			}
			if n >= before {
				span = pieces
			}
			packet, err := e.Encode(t.Context(), pcm[n*media.SamplesPerPiece:(n+span)*media.SamplesPerPiece])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Decode(t.Context(), packet, heard); err != nil {
				t.Fatal(err)
			}
			if n >= before {
				sent += len(packet) * 8
				for _, v := range heard {
					loudest = max(loudest, int(v), -int(v))
				}
			}
			n += span
		}
		if rate := sent * media.SampleRate / (after * media.SamplesPerPiece); rate > low*11/10 {
			t.Errorf("%s: %d bit/s in the first seconds after %d was asked for", name, rate, low)
		}
		if peak := int(slices.Max(pcm)); name == "voice" && (loudest > peak*13/10 || loudest < peak/2) {
			t.Errorf("as loud as %d, want about %d", loudest, peak)
		}
	}
}

func TestOpus_takesLongPacketsAndRefusesOddOnes(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openOpus(t, OpusConfig{})
	said := voice(3)
	pcm := make([]int16, 3*media.SamplesPerPiece)
	for _, samples := range []int{960, 1920, 2880} {
		packet, err := e.Encode(t.Context(), said[:samples])
		if err != nil {
			t.Fatal(err)
		}
		if n, err := d.Decode(t.Context(), packet, pcm); n != samples || err != nil {
			t.Errorf("%d samples in, %d out, %v", samples, n, err)
		}
	}
	for _, samples := range []int{0, 1, 959, 961} {
		if _, err := e.Encode(t.Context(), said[:samples]); err == nil {
			t.Errorf("encoded %d samples", samples)
		}
		if _, err := d.Decode(t.Context(), []byte{0xfc}, pcm[:min(samples, 959)]); err == nil {
			t.Errorf("decoded into %d samples", min(samples, 959))
		}
	}
	if _, err := d.Decode(t.Context(), nil, pcm); err == nil {
		t.Error("decoded an empty packet")
	}
}

func TestOpus_closedAnswersSo(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openOpus(t, OpusConfig{Loss: math.NaN()})
	for range 2 {
		e.Close()
		d.Close()
	}
	e.SetNetwork(24_000, 0.1)
	pcm := voice(1)
	if _, err := e.Encode(t.Context(), pcm); !errors.Is(err, media.ErrClosed) {
		t.Errorf("Encode after Close: %v", err)
	}
	if _, err := d.Decode(t.Context(), []byte{0}, pcm); !errors.Is(err, media.ErrClosed) {
		t.Errorf("Decode after Close: %v", err)
	}
	if _, err := d.Conceal(t.Context(), nil, pcm); !errors.Is(err, media.ErrClosed) {
		t.Errorf("Conceal after Close: %v", err)
	}
}

func TestOpus_runningCallAllocatesNothing(t *testing.T) {
	testkit.Guard(t, time.Minute)
	e, d := openOpus(t, OpusConfig{Loss: 0.1})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	said := voice(50)
	pcm := make([]int16, media.SamplesPerPiece)
	n := 0
	one := func() {
		e.SetNetwork(20_000+n, 0.1)
		packet, err := e.Encode(ctx, piece(said, n%50))
		if err != nil {
			t.Fatal(err)
		}
		if n%5 == 4 {
			_, err = d.Conceal(ctx, packet, pcm)
		}
		if err == nil {
			_, err = d.Decode(ctx, packet, pcm)
		}
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	for range 20 {
		one()
	}
	if got := testing.AllocsPerRun(100, one); got != 0 {
		t.Errorf("%v allocations a packet, want 0", got)
	}
}

func FuzzOpusDecoder(f *testing.F) {
	e, d := openOpus(f, OpusConfig{Loss: 0.3})
	said := voice(10)
	for n := range 10 {
		packet, err := e.Encode(context.Background(), piece(said, n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(packet), n%2 == 0)
	}
	pcm := make([]int16, 6*media.SamplesPerPiece)
	f.Fuzz(func(t *testing.T, packet string, lost bool) {
		var n int
		var err error
		if lost {
			n, err = d.Conceal(t.Context(), []byte(packet), pcm)
		} else {
			n, err = d.Decode(t.Context(), []byte(packet), pcm)
		}
		if n < 0 || n > len(pcm) || err != nil && n != 0 {
			t.Fatalf("%d samples with %v", n, err)
		}
	})
}

func BenchmarkOpus_encodeAndDecode20ms(b *testing.B) {
	e, d := openOpus(b, OpusConfig{Loss: 0.05})
	said := voice(50)
	pcm := make([]int16, media.SamplesPerPiece)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		packet, err := e.Encode(b.Context(), piece(said, n%50))
		if err == nil {
			_, err = d.Decode(b.Context(), packet, pcm)
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/piece")
}
