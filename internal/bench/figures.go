package main

// figures are all that this program prints. The goals are those of the issues and of the peers that were measured:
// 26 ms to the first RTP is galene's on loopback, 226 ms is 0.7 of Chromium to Chromium's 323 ms to the first picture,
// 1.15 is against a bare net/http handler in the same run.
var figures = []figure{
	{name: "VP8 encode, a 720p picture", pkg: "media/codec", bench: "BenchmarkVP8_encode720p", unit: "ms/frame", goal: 11},
	{name: "VP8 encode, allocations a picture", pkg: "media/codec", bench: "BenchmarkVP8_encode720p", unit: "allocs/op", goal: 0},
	{name: "VP8 decode, a 720p picture", pkg: "media/codec", bench: "BenchmarkVP8_decode720p", unit: "ms/frame", goal: 4},
	{name: "VP8 decode, allocations a picture", pkg: "media/codec", bench: "BenchmarkVP8_decode720p", unit: "allocs/op", goal: 0},
	{name: "Opus encode and decode, 20 ms of sound", pkg: "media/codec", bench: "BenchmarkOpus_encodeAndDecode20ms", unit: "µs/piece", goal: 1000},
	{name: "picture to GPU, 720p, bytes uploaded", pkg: "media/render", bench: "BenchmarkPlanes_720p", unit: "MB/frame", goal: 1.4},
	{name: "picture to GPU, 720p, time before the upload", pkg: "media/render", bench: "BenchmarkPlanes_720p", unit: "µs/frame", goal: 100},
	{name: "picture without a GPU, 720p", pkg: "media/render", bench: "BenchmarkToRGBA_720p", unit: "ms/frame", goal: 10},
	{name: "coach, a look at a 720p picture", pkg: "media/coach", bench: "BenchmarkLook_720p", unit: "ms/look", goal: 2},
	{name: "coach, allocations a look", pkg: "media/coach", bench: "BenchmarkLook_720p", unit: "allocs/op", goal: 0},
	{name: "health card held still to its number", pkg: "media/scan", bench: "BenchmarkRead_untilTheNumber", unit: "ms-to-number", goal: 2000},
	{name: "receive assembler, allocations a packet", pkg: "media/call/packet", bench: "BenchmarkAssembler", unit: "allocs/op", goal: 0},
	{name: "join to first RTP, warm, loopback", pkg: "media/call", bench: "BenchmarkJoin", unit: "ms-to-RTP", goal: 26},
	{name: "join to first picture, warm, loopback", pkg: "media/call", bench: "BenchmarkJoin", unit: "ms-to-picture", goal: 226},
	{name: "Svar to first remote picture on the screen", pkg: "e2e", bench: "BenchmarkAnswer_toFirstPicture", unit: "ms-to-picture", goal: 226, once: true},
	{name: "cold start to the first screen", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "ms-to-first-screen", goal: 2000, once: true},
	{name: "memory of a tablet, nobody signed in", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "MB-signed-out", goal: 150, once: true},
	{name: "memory of a tablet while one waits", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "MB-waiting", goal: 200, once: true},
	{name: "processor of a tablet that rests", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "%-core-idle", goal: 1, once: true},
	{name: "processor of a tablet while one waits", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "%-core-waiting", goal: 1, once: true},
	{name: "wake-ups a second while one waits", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "wake-ups/s", goal: 20, once: true},
	{name: "network while one waits", pkg: "e2e", bench: "BenchmarkTablet_atRest", unit: "kB/h-waiting", goal: 500, once: true},
	{name: "memory of an idle stream", pkg: "backend", bench: "BenchmarkServer_idleStream", unit: "B/stream", goal: 61440, once: true},
	{name: "memory of an idle stream, to a bare handler's", pkg: "backend", bench: "BenchmarkServer_idleStream", unit: "ratio", goal: 1.15, once: true},
	{name: "wait range, one of a hundred waiting", pkg: "backend/waiting/estimate", bench: "BenchmarkLine_100waiting", unit: "µs/entry", goal: 200},
	{name: "event to 1,000 rooms' readers, p99", pkg: "backend/stream", bench: "BenchmarkHub_fanOut", unit: "p99-µs", goal: 50000},
}
