package ui

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

// The toolkit keeps what it has ever drawn, some 12 MB for each window, and draws on one core. So the screens are shared out
// among processes of their own, as many at once as there are cores; -run takes one process for all.

// perPart is how many situations one process draws, each in some eight forms.
const perPart = 16

// partEnv says in a child which part is its own.
const partEnv = "UI_TEST_PART"

// part is which situations are drawn here: each of whose index leaves it as the rest of a division by parts.
var part, parts = 0, 1

// ours are the situations of this process.
func ours() []situation {
	var mine []situation
	for i, s := range situations {
		if i%parts == part {
			mine = append(mine, s)
		}
	}
	return mine
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := 0
	own, child := os.LookupEnv(partEnv)
	switch {
	case child:
		var err error
		if part, err = strconv.Atoi(own); err != nil {
			panic(err)
		}
		parts = partsOf()
		code = m.Run()
	case flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.list").Value.String() != "" || flag.Lookup("test.bench").Value.String() != "":
		code = m.Run()
	default:
		code = inParts(partsOf())
	}
	if code == 0 && update && !child {
		code = keepSheet()
	}
	os.Exit(code)
}

func partsOf() int { return (len(situations) + perPart - 1) / perPart }

// inParts runs all tests in the first child, and in the others those that go through the situations.
func inParts(n int) (code int) {
	var all sync.WaitGroup
	var one sync.Mutex
	free := make(chan struct{}, runtime.NumCPU())
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			args := os.Args[1:]
			if i > 0 {
				args = append([]string{"-test.run=^TestScreens_|^TestKeys_tab"}, args...)
			}
			cmd := exec.Command(os.Args[0], args...)
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", partEnv, i))
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			one.Lock()
			defer one.Unlock()
			if err != nil || testing.Verbose() {
				fmt.Printf("part %d of %d: %v\n%s", i+1, n, err, out.Bytes())
			}
			if err != nil {
				code = 1
			}
		})
	}
	all.Wait()
	return code
}

// keepSheet puts the pictures that are kept now beside each other.
func keepSheet() int {
	s := newSheet()
	for _, situation := range situations {
		for _, f := range forms(situation) {
			file, err := os.Open(pictureOf(situation, f))
			if err != nil {
				continue // narrowed by -run, and none is kept yet
			}
			m, err := png.Decode(file)
			file.Close()
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			s.add(f, m)
		}
	}
	if err := keep(filepath.Join("..", "out", "screens.png"), s.picture()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A picture of what there is no more is nobody's.
func TestPictures_areOfSituationsThatThereAre(t *testing.T) {
	known := map[string]bool{}
	for _, s := range situations {
		for _, f := range forms(s) {
			known[pictureOf(s, f)] = true
		}
	}
	all, err := filepath.Glob(filepath.Join("testdata", "screens", "*.png"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%d pictures: %v", len(all), err)
	}
	for _, path := range all {
		if !known[path] {
			t.Errorf("%s is kept, and no situation draws it", path)
			if update {
				os.Remove(path)
			}
		}
	}
}

func pictureOf(s situation, f form) string {
	return filepath.Join("testdata", "screens", s.name+"-"+f.String()+".png")
}

// keep writes a picture, small.
func keep(path string, m image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, paletted(m)); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
