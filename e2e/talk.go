package e2e

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"kontaktlaege/media/capture"
)

// soundProbe and pictureProbe run inside the clinic's page. They read what the page's own video elements show and play;
// they touch nothing.
const soundProbe = `
window.probe = { pictures: { remote: [], self: [] }, tone: [] };
// The level of one tone in the sound that the remote element plays, ten times a second.
window.probe.listen = async (hz) => {
  const video = document.querySelector('[data-test=remote]');
  const ctx = new AudioContext();
  await ctx.resume();
  const analyser = ctx.createAnalyser();
  analyser.fftSize = 8192;
  let stream;
  const bins = new Float32Array(analyser.frequencyBinCount);
  window.probe.listener = setInterval(() => {
    if (video.srcObject && video.srcObject.getAudioTracks().length && stream !== video.srcObject.getAudioTracks()[0].id) {
      stream = video.srcObject.getAudioTracks()[0].id;
      ctx.createMediaStreamSource(new MediaStream([video.srcObject.getAudioTracks()[0]])).connect(analyser);
    }
    analyser.getFloatFrequencyData(bins);
    const at = Math.round(hz * analyser.fftSize / ctx.sampleRate);
    const near = Math.max(...bins.slice(at - 2, at + 3));
    const far = bins.slice(Math.round(at * 1.5), at * 4).reduce((a, b) => a + b, 0) / (at * 4 - Math.round(at * 1.5));
    window.probe.tone.push([Date.now(), near, far]);
  }, 100);
};
// One bit a pixel of the middle of each new picture, where the time code is.
window.probe.watch = (name) => {
  const video = document.querySelector('[data-test=' + name + ']');
  const canvas = new OffscreenCanvas(640, 180);
  const g = canvas.getContext('2d', { willReadFrequently: true });
  const look = () => {
    if (video.videoWidth) {
      g.drawImage(video, 0, video.videoHeight / 4, video.videoWidth, video.videoHeight / 2, 0, 0, 640, 180);
      const px = g.getImageData(0, 0, 640, 180).data;
      const bits = new Uint8Array(640 * 180 / 8);
      for (let i = 0, p = 0; i < bits.length * 8; i++, p += 4) {
        if (299 * px[p] + 587 * px[p + 1] + 114 * px[p + 2] >= 126000) bits[i >> 3] |= 128 >> (i & 7);
      }
      window.probe.pictures[name].push([Date.now(), btoa(String.fromCharCode(...bits))]);
    }
  };
  // Fifteen looks a second suffice to see ten new pictures, and leave the machine to the call.
  window.probe['watching ' + name] = setInterval(look, 66);
};
window.probe.take = () => {
  const { pictures, tone } = window.probe;
  window.probe.pictures = { remote: [], self: [] };
  window.probe.tone = [];
  return { ...pictures, tone };
};
`

const probeWidth, probeHeight = 640, 180

// taken is what probe.take gives: [milliseconds of Unix time, bits] and [milliseconds, level at the tone, level elsewhere].
type taken struct {
	Remote, Self [][2]any
	Tone         [][3]float64
}

// clinicEyes is what was seen and heard in the clinic's page.
type clinicEyes struct {
	remote, self Watch
	tone         []toneSample
}

type toneSample struct {
	at    time.Time
	heard bool
}

// toneStandsOut is by how many decibels the tone must stand out of the sound around it.
const toneStandsOut = 25

// startProbes has the page watch its pictures and listen for the tablet's tone.
func startProbes(ctx context.Context, page *Page) error {
	return page.Eval(ctx, fmt.Sprintf("probe.watch('remote'), probe.watch('self'), probe.listen(%g)", tabletTone), nil)
}

// drain takes what the probes have seen since the last time.
func (e *clinicEyes) drain(ctx context.Context, page *Page) error {
	var t taken
	if err := page.Eval(ctx, "probe.take()", &t); err != nil {
		return err
	}
	for _, s := range t.Tone {
		e.tone = append(e.tone, toneSample{time.UnixMilli(int64(s[0])), s[1]-s[2] > toneStandsOut})
	}
	return errors.Join(e.remote.addBits(t.Remote), e.self.addBits(t.Self))
}

func (w *Watch) addBits(pictures [][2]any) error {
	for _, p := range pictures {
		ms, okTime := p[0].(float64)
		text, okText := p[1].(string)
		if !okTime || !okText {
			return fmt.Errorf("e2e: the page's probe gave %v", p)
		}
		if err := w.addPicture(unixMilli(ms), text); err != nil {
			return err
		}
	}
	return nil
}

// Talk is what a stretch of a call looked like from both ends.
type Talk struct {
	From, To   time.Time
	onTablet   Flow // the clinic's picture, by the pixels of the tablet's window
	onClinic   Flow // the tablet's picture, by the pixels of the page's video element
	tabletLag  time.Duration
	clinicLag  time.Duration
	toneShare  float64 // of the page's looks at its sound, how many heard the tablet's tone
	tablet     Watch
	clinicSide clinicEyes
}

// watchBothWays watches a running call for a while.
func (l *Lab) watchBothWays(ctx context.Context, page *Page, duration time.Duration, during ...func(ctx context.Context) error) (*Talk, error) {
	where, err := l.Tablet.See(ctx, "VideoRemote")
	if err != nil {
		return nil, err
	}
	if err := startProbes(ctx, page); err != nil {
		return nil, err
	}
	t := &Talk{}
	// Both ends have a moment to show their first picture: how long that takes is a figure of its own.
	if err := l.untilFlowing(ctx, page, where, t); err != nil {
		return nil, err
	}
	watching, stop := context.WithTimeout(ctx, duration)
	defer stop()
	t.From = time.Now()
	t.To = t.From.Add(duration)
	screen := make(chan error, 1)
	go func() { screen <- l.Tablet.WatchScreen(watching, where, &t.tablet) }()
	accidents := make(chan error, 1)
	go func() {
		var err error
		for _, f := range during {
			err = errors.Join(err, f(ctx))
		}
		accidents <- err
	}()
	for watching.Err() == nil {
		select {
		case <-watching.Done():
		case <-time.After(time.Second):
		}
		if err := t.clinicSide.drain(ctx, page); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(<-screen, <-accidents); err != nil {
		return nil, err
	}
	t.onTablet = t.tablet.FlowBetween(t.From, t.To)
	t.onClinic = t.clinicSide.remote.FlowBetween(t.From, t.To)
	t.tabletLag, _, _ = Lag(t.tablet.Sightings(), t.clinicSide.self.Sightings(), ClinicLoop)
	t.clinicLag = age(t.clinicSide.remote.Sightings())
	heard := 0
	for _, s := range t.clinicSide.tone {
		if s.heard {
			heard++
		}
	}
	if n := len(t.clinicSide.tone); n > 0 {
		t.toneShare = float64(heard) / float64(n)
	}
	return t, nil
}

// age gives the median of how old the tablet's pictures were when the page showed them: its source shows the clock.
func age(seen []Sighting) time.Duration {
	var live []Sighting
	for _, s := range seen {
		live = append(live, Sighting{s.At, capture.TimecodeAt(s.At)})
	}
	median, _, _ := Lag(seen, live, 0)
	return median
}

// untilFlowing waits until both ends show moving pictures.
func (l *Lab) untilFlowing(ctx context.Context, page *Page, where image.Rectangle, t *Talk) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := t.clinicSide.drain(ctx, page); err != nil {
			return err
		}
		img, err := l.Tablet.Screen.Look()
		if err != nil {
			return err
		}
		_, shown := capture.ReadTimecodeImage(img.SubImage(middle(where)))
		if shown && len(t.clinicSide.remote.Sightings()) > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("e2e: no picture: on the tablet %v, in the page %v", shown, len(t.clinicSide.remote.Sightings()) > 0)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
