package capture

import (
	"fmt"
	"image"
	"io"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
)

// TimecodeAt is what the timecode picture shows at t: milliseconds of Unix time, modulo 1<<32.
func TimecodeAt(t time.Time) uint32 { return uint32(t.UnixMilli()) }

// TimecodeAge is how long before now a timecode was drawn by a clock of this machine, negative for one of the future.
func TimecodeAge(ms uint32, now time.Time) time.Duration {
	return time.Duration(int32(TimecodeAt(now)-ms)) * time.Millisecond
}

// timecodeFits says whether a picture has room for the strip and numbers that mean something.
func timecodeFits(width, height, fps int) bool {
	return width >= 64 && height >= 48 && width <= 4096 && height <= 4096 && width%2 == 0 && height%2 == 0 && fps >= 1 && fps <= 120
}

// timecode is the driver of the test picture.
type timecode struct {
	width, height, fps int
	beat               *device.Beat
}

func newTimecode(width, height, fps int) *timecode {
	return &timecode{width: width, height: height, fps: fps}
}

func (c *timecode) Open() error {
	if !timecodeFits(c.width, c.height, c.fps) {
		return fmt.Errorf("capture: no timecode picture of %d×%d at %d fps", c.width, c.height, c.fps)
	}
	c.beat = device.NewBeat(time.Second / time.Duration(c.fps))
	return nil
}

func (c *timecode) Close() error {
	if c.beat != nil {
		c.beat.Stop()
	}
	return nil
}

func (c *timecode) Properties() []prop.Media {
	return []prop.Media{i420(c.width, c.height, float32(c.fps))}
}

func i420(width, height int, fps float32) prop.Media {
	return prop.Media{Video: prop.Video{Width: width, Height: height, FrameRate: fps, FrameFormat: frame.FormatI420}}
}

func (c *timecode) VideoRecord(prop.Media) (video.Reader, error) {
	p := newTestPicture(c.width, c.height)
	var pool media.FramePool
	beat := c.beat
	return video.ReaderFunc(func() (image.Image, func(), error) {
		n, _, ok := beat.Wait()
		if !ok {
			return nil, released, io.EOF
		}
		f := pool.Get(c.width, c.height)
		f.Time = media.Now()
		now := time.Now()
		p.draw(f, n, TimecodeAt(now), now)
		return f, released, nil
	}), nil
}

// released is for drivers of ours: what they give is the reader's, to be released by it.
func released() {}

// WriteTimecodeY4M writes the test picture as a YUV4MPEG2 file, as Chromium's --use-file-for-fake-video-capture wants
// it. Its timecode is milliseconds since the file's begin.
func WriteTimecodeY4M(w io.Writer, width, height, fps, seconds int) error {
	if !timecodeFits(width, height, fps) || seconds < 1 {
		return fmt.Errorf("capture: no timecode file of %d×%d at %d fps for %d s", width, height, fps, seconds)
	}
	if _, err := fmt.Fprintf(w, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", width, height, fps); err != nil {
		return err
	}
	p := newTestPicture(width, height)
	f := (&media.FramePool{}).Get(width, height)
	for n := range int64(fps) * int64(seconds) {
		ms := n * 1000 / int64(fps)
		p.draw(f, n, uint32(ms), time.UnixMilli(ms).UTC())
		for _, part := range [][]byte{[]byte("FRAME\n"), f.Y, f.U, f.V} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
	}
	return nil
}
