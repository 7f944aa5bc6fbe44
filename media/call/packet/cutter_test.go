package packet

import (
	"testing"
)

func TestCutter_whatIsCutIsWhole(t *testing.T) {
	var c Cutter
	data := make([]byte, 5000)
	for i := range data {
		data[i] = byte(i)
	}
	for _, limit := range []int{300, 700, Size} {
		var got []byte
		packets := 0
		err := c.Cut(data, limit, func(payload []byte, last bool) error {
			if first := payload[0]&0x10 != 0; first != (packets == 0) || len(payload) > limit+DescriptorBytes {
				t.Errorf("packet %d: first %v, %d bytes", packets, first, len(payload))
			}
			packets++
			got = append(got, payload[DescriptorBytes:]...)
			if last != (len(got) == len(data)) {
				t.Errorf("packet %d: last %v", packets, last)
			}
			return nil
		})
		if err != nil || string(got) != string(data) {
			t.Errorf("limit %d: %d bytes of %d, %v", limit, len(got), len(data), err)
		}
	}
}
