package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"kontaktlaege/media"
	"kontaktlaege/media/device"
)

// y4mFile is the driver that plays a YUV4MPEG2 file over and over.
type y4mFile struct {
	path   string
	file   *os.File
	header y4mHeader
	beat   *device.Beat
}

// y4mHeader is the first line of a file.
type y4mHeader struct {
	width, height int
	rate, scale   int // pictures are rate/scale a second
	size          int64
}

func (h y4mHeader) period() time.Duration {
	return time.Second * time.Duration(h.scale) / time.Duration(h.rate)
}

var errY4M = errors.New("capture: not a YUV4MPEG2 file of 4:2:0 pictures in limited range")

// parseY4M reads the header line, without its line feed.
func parseY4M(line string) (y4mHeader, error) {
	words := strings.Split(line, " ")
	h := y4mHeader{size: int64(len(line)) + 1}
	if words[0] != "YUV4MPEG2" {
		return y4mHeader{}, errY4M
	}
	for _, word := range words[1:] {
		if word == "" {
			continue
		}
		value := word[1:]
		switch word[0] {
		case 'W':
			h.width, _ = strconv.Atoi(value)
		case 'H':
			h.height, _ = strconv.Atoi(value)
		case 'F':
			rate, scale, _ := strings.Cut(value, ":")
			h.rate, _ = strconv.Atoi(rate)
			h.scale, _ = strconv.Atoi(scale)
		case 'C':
			if value != "420" && value != "420jpeg" && value != "420mpeg2" && value != "420paldv" {
				return y4mHeader{}, errY4M
			}
		case 'X':
			if value == "COLORRANGE=FULL" {
				return y4mHeader{}, errY4M
			}
		}
	}
	if h.width < 16 || h.height < 16 || h.width > 4096 || h.height > 4096 || h.width%2 != 0 || h.height%2 != 0 ||
		h.scale < 1 || h.rate < h.scale || h.rate/h.scale > 120 || h.scale > 1_000_000 {
		return y4mHeader{}, fmt.Errorf("%w: %q", errY4M, line)
	}
	return h, nil
}

// maxLine bounds the lines of the file.
const maxLine = 1 << 10

func (y *y4mFile) Open() error {
	file, err := os.Open(y.path)
	if err != nil {
		return err
	}
	line, err := bufio.NewReaderSize(io.LimitReader(file, maxLine), maxLine).ReadString('\n')
	if err == nil {
		y.header, err = parseY4M(strings.TrimSuffix(line, "\n"))
	}
	if err != nil {
		file.Close()
		return fmt.Errorf("%s: %w", y.path, err)
	}
	y.file = file
	y.beat = device.NewBeat(y.header.period())
	return nil
}

// Close leaves the file to the reader, which may be in it.
func (y *y4mFile) Close() error {
	if y.beat != nil {
		y.beat.Stop()
	}
	return nil
}

func (y *y4mFile) Properties() []prop.Media {
	return []prop.Media{i420(y.header.width, y.header.height, float32(y.header.rate)/float32(y.header.scale))}
}

func (y *y4mFile) VideoRecord(prop.Media) (video.Reader, error) {
	if _, err := y.file.Seek(y.header.size, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(y.file, 1<<20)
	var pool media.FramePool
	h, file, beat := y.header, y.file, y.beat
	atStart := true
	return video.ReaderFunc(func() (image.Image, func(), error) {
		if _, _, ok := beat.Wait(); !ok {
			return nil, released, errors.Join(io.EOF, file.Close())
		}
		f := pool.Get(h.width, h.height)
		err := readY4MFrame(in, f)
		if errors.Is(err, io.EOF) && !atStart { // once more
			if _, err = file.Seek(h.size, io.SeekStart); err == nil {
				in.Reset(file)
				err = readY4MFrame(in, f)
			}
		}
		if err != nil {
			f.Release()
			return nil, released, errors.Join(err, file.Close())
		}
		atStart = false
		f.Time = media.Now()
		return f, released, nil
	}), nil
}

// readY4MFrame gives io.EOF at the end of the file, and counts a picture cut off there as the end, too.
func readY4MFrame(in *bufio.Reader, f *media.Frame) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("FRAME")) {
		return errY4M
	}
	for _, plane := range [][]byte{f.Y, f.U, f.V} {
		if _, err := io.ReadFull(in, plane); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = io.EOF
			}
			return err
		}
	}
	return nil
}
