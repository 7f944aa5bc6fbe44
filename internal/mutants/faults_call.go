package main

// The call: what a path carries, sound and picture, what goes beside them, and the relay.
var calls = []fault{
	{
		name: "estimator: a queue is believed to be none", hurt: "sound comes seconds late on a slow line",
		file: "media/call/congestion/delay.go", old: `case trend > d.threshold:`, new: `case trend > 100*d.threshold:`, by: tests("media/call/congestion"),
	},
	{
		name: "estimator: a step down takes next to nothing", hurt: "a cut of the line freezes picture and sound",
		file: "media/call/congestion/rate.go", old: `to := backOff * acked`, new: `to := (2 - backOff) * acked`, by: tests("media/call/congestion"),
	},
	{
		name: "estimator: loss by the radio costs rate", hurt: "on Wi-Fi with some loss the picture shrinks to nothing",
		file: "media/call/congestion/loss.go", old: `effective := loss - l.inherent - noise`, new: `effective := loss - noise`, by: tests("media/call/congestion"),
	},
	{
		name: "estimator: what is sent again counts as lost", hurt: "a repaired loss costs the picture its size",
		file: "media/call/congestion/estimator.go", old: `if !a.again {`, new: `if a.again || !a.again {`, by: tests("media/call/congestion"),
	},
	{
		name: "estimator: another path is judged by the old one's losses", hurt: "after a change of network the picture stays away",
		file: "media/call/congestion/estimator.go", old: "e.loss = lossControl{}\n", new: "\n", by: tests("media/call/congestion"),
	},
	{
		name: "estimator: the path's silence is noticed after minutes", hurt: "a dead path is filled with pictures that come all at once later",
		file: "media/call/congestion/estimator.go", old: `unheardAfter = 1500 * time.Millisecond`, new: `unheardAfter = 1500 * time.Second`, by: tests("media/call/congestion"),
	},
	{
		name: "estimator: a longer way is a queue for ever", hurt: "after a change of route the picture stays small",
		file: "media/call/congestion/delay.go", old: "d.base += d.stuckLeast\n", new: "\n", by: tests("media/call/congestion"),
	},
	{
		name: "estimator: a probe that was wrong is tried again at once", hurt: "the picture comes in waves on a shaped line",
		file: "media/call/congestion/probe.go", old: `return min(probePenance<<(p.regrets-1), probeLongest)`, new: `return 0`, by: tests("media/call/congestion"),
	},
	{
		name: "pacer: sound waits behind pictures", hurt: "the voice stutters with each key frame",
		file: "media/call/congestion/pacer.go", old: `c := p.sound.pop()
	if c == nil {`, new: `var c *pacedPacket
	if p.picture.len() == 0 {
		c = p.sound.pop()
	}
	if c == nil {`, by: tests("media/call/congestion"),
	},
	{
		name: "pacer: bits for bytes", hurt: "eight times too much leaves at once and the line's queue eats the sound",
		file: "media/call/congestion/pacer.go", old: "rate /= 8\n", new: "rate /= 1\n", by: tests("media/call/congestion"),
	},
	{
		name: "pacer: old pictures are sent all the same", hurt: "after a cut the doctor sees three minutes ago",
		file: "media/call/congestion/pacer.go", old: `staleAfter = 3 * time.Second`, new: `staleAfter = 3 * time.Minute`, by: tests("media/call/congestion"),
	},
	{
		name: "pacer: a busy machine loses its rate", hurt: "on a slow tablet the picture is grey blocks",
		file: "media/call/congestion/pacer.go", old: "most = paceLate\n", new: "most = paceBurst\n", by: tests("media/call/congestion"),
	},
	{
		name: "pacer: the queue's packets are given back without the lock", hurt: "the app dies in the middle of a call",
		file: "media/call/congestion/controller.go", old: "c.mu.Lock()\n\t\tc.pacer.done(p)\n\t\tc.mu.Unlock()", new: "c.pacer.done(p)", by: raced("media/call/congestion", ""),
	},
	{
		name: "ladder: it climbs as soon as it may", hurt: "the picture comes and goes every second",
		file: "media/call/ladder/ladder.go", old: `if now-l.good >= wait<<l.flaps {`, new: `if now-l.good >= 0*wait<<l.flaps {`, by: tests("media/call/ladder"),
	},
	{
		name: "ladder: one bad moment takes the picture", hurt: "each lift passed by costs the doctor the picture",
		file: "media/call/ladder/ladder.go", old: `if now-l.since >= sinkAfter {`, new: `if now-l.since >= 0 {`, by: tests("media/call/ladder"),
	},
	{
		name: "ladder: climbs to the best second of all", hurt: "the picture is too large and goes again at once",
		file: "media/call/ladder/ladder.go", old: `l.least = max(l.least, to)`, new: `l.least = min(l.least, to)`, by: tests("media/call/ladder"),
	},
	{
		name: "ladder: silence is a reason to sink", hurt: "a tunnel of a second costs the picture for fifteen",
		file: "media/call/ladder/ladder.go", old: "l.since, l.good, l.lossy = 0, 0, 0 // what was known is of before\n\t\treturn", new: "l.since, l.good, l.lossy = 0, 0, 0 // what was known is of before\n\t\tl.step = stepText", by: tests("media/call/ladder"),
	},
	{
		name: "ladder: the telephone's number after minutes", hurt: "the citizen looks at a frozen face and nobody says what to do",
		file: "media/call/ladder/ladder.go", old: `phoneAfter = 20 * time.Second`, new: `phoneAfter = 20 * time.Minute`, by: tests("media/call/ladder"),
	},
	{
		name: "recovery: the second try is over the relay never", hurt: "behind a new firewall the call never comes back",
		file: "media/call/recovery.go", old: `l.renew(l.line.stable() && !l.line.relayOnly && len(l.relay.Servers) > 0)`, new: `l.renew(false)`, by: some("media/call", "TestPath"),
	},
	{
		name: "recovery: a new line while nobody can be told", hurt: "a path that would have come back by itself is thrown away",
		file: "media/call/recovery.go", old: `case l.lived && !l.out.idle():`, new: `case !l.lived && !l.out.idle():`, by: some("media/call", "TestRecovery|TestPath"),
	},
	{
		name: "recovery: another network is not noticed", hurt: "from Wi-Fi to 4G the picture stands for eight seconds",
		file: "media/call/recovery.go", old: "l.left = true\n", new: "l.left = false\n", by: some("media/call", "TestRecovery_anotherAddress|TestCall_networkChange|TestRecovery_bothGone"),
	},
	{
		name: "leg: an answer of the line before is applied", hurt: "a reloaded page never gets a picture",
		file: "media/call/leg.go", old: `case l.line == nil || sig.Peer != l.line.id:`, new: `case l.line == nil:`, by: some("media/call", "TestCall_signals|TestCall_reloaded|TestMesh_signals"), hangs: true,
	},
	{
		name: "leg: sound goes out while it rings", hurt: "the doctor hears the living room before anybody has answered",
		file: "media/call/leg.go", old: "if !l.held {\n\t\tl.station.connect(l.line, next)", new: "if l.line == nil || l.held {\n\t\tl.station.connect(l.line, next)", by: some("media/call", "TestCall_nothingLeaves|TestCall_aRing"),
	},
	{
		name: "leg: 'ready' has no pause", hurt: "a page gone wild makes the tablet build connections without end",
		file: "media/call/leg.go", old: `renewApart = time.Second`, new: `renewApart = time.Nanosecond`, by: some("media/call", "TestHostile_ready"),
	},
	{
		name: "leg: a picture that stands still is not noticed", hurt: "the nurse talks to a frozen face",
		file: "media/call/leg.go", old: `l.remote.Frozen = now.Sub(l.pictured) > frozenAfter`, new: `l.remote.Frozen = now.Sub(l.pictured) > frozenAfter*60`, by: some("media/call", "TestCall_aPicture"), hangs: true,
	},
	{
		name: "line: candidates before the answer are lost", hurt: "some calls never connect",
		file: "media/call/line.go", old: "l.early = append(l.early, candidates...)\n", new: "\n", by: some("media/call", "TestLine_early|TestCall_candidates"),
	},
	{
		name: "jitter: the target looks at the best packets", hurt: "the voice stutters on Wi-Fi",
		file: "media/call/packet/jitter.go", old: `j.sorted[len(j.sorted)*97/100]`, new: `j.sorted[len(j.sorted)*3/100]`, by: tests("media/call/packet"),
	},
	{
		name: "jitter: what lies too long is played slower", hurt: "the voice comes later and later",
		file: "media/call/packet/jitter.go", old: `return TurnPacket, p.payload, PaceFaster`, new: `return TurnPacket, p.payload, PaceSlower`, by: tests("media/call/packet"),
	},
	{
		name: "jitter: what the next packet repeats is not used", hurt: "each lost packet is a click",
		file: "media/call/packet/jitter.go", old: `if j.has(j.next) && opusRepeats(j.at(j.next).payload) {`, new: `if j.has(j.next-1) && opusRepeats(j.at(j.next).payload) {`, by: tests("media/call/packet"),
	},
	{
		name: "jitter: a packet too late is played", hurt: "words come in the wrong order",
		file: "media/call/packet/jitter.go", old: "j.observe(timestamp, now) // it tells how late packets can be\n\t\treturn", new: "j.observe(timestamp, now) // it tells how late packets can be\n\t\tj.next = seq", by: tests("media/call/packet"),
	},
	{
		name: "mixer: two voices wrap around", hurt: "when two talk the nurse hears a bang",
		file: "media/call/mixer.go", old: `int16(min(max(v, math.MinInt16), math.MaxInt16))`, new: `int16(v + min(math.MinInt16, math.MaxInt16) - math.MinInt16)`, by: some("media/call", "TestMixer"),
	},
	{
		name: "assembler: a picture whose basis is missing is shown", hurt: "grey blocks run over the wound",
		file: "media/call/packet/assembler.go", old: `usable := first.start && (key || !a.needKey)`, new: `usable := first.start`, by: tests("media/call/packet"),
	},
	{
		name: "assembler: no key frame is asked for", hurt: "after a loss the picture stands until the call ends",
		file: "media/call/packet/assembler.go", old: `!(a.needKey || stuck)`, new: `!stuck`, by: tests("media/call/packet"),
	},
	{
		name: "assembler: PictureIDs never wrap", hurt: "every few minutes the picture halts for a moment",
		file: "media/call/packet/assembler.go", old: `id == 0 && (before == 0x7f || before == 0x7fff)`, new: `id == 0 && (before == 0x80 || before == 0x8000)`, by: tests("media/call/packet"),
	},
	{
		name: "nack: what was before a break is asked for", hurt: "after a tunnel seconds of old pictures come first",
		file: "media/call/congestion/nack.go", old: `n.broken, n.from = true, number`, new: `n.broken, n.from = false, number`, by: tests("media/call/congestion"),
	},
	{
		name: "nack: the same packet is asked for without end", hurt: "on a narrow line the requests take the sound's room",
		file: "media/call/congestion/nack.go", old: `case a.times >= nacksAPacket || now-a.at < wait:`, new: `case a.times >= nacksAPacket:`, by: tests("media/call/congestion"),
	},
	{
		name: "text: what was not acknowledged is forgotten", hurt: "letters of what the deaf citizen writes are missing",
		file: "media/call/text/flow.go", old: "o.tail = o.tail[have-o.acked:]\n", new: "o.tail = o.tail[min(have-o.acked+1, len(o.tail)):]\n", by: tests("media/call/text"),
	},
	{
		name: "text: what the other side never got is believed", hurt: "a broken page silences the citizen's text",
		file: "media/call/text/flow.go", old: `if have < o.acked || have > o.ever {`, new: `if have < o.acked || have > o.acked+len(o.tail) {`, by: tests("media/call/text"),
	},
	{
		name: "text: the same again is written again", hurt: "letters stand there twice",
		file: "media/call/text/flow.go", old: `if from == i.have {`, new: `if from >= i.have {`, by: tests("media/call/text"),
	},
	{
		name: "text: finished lines are taken back", hurt: "what the doctor has read is erased under his eyes",
		file: "media/call/text/t140.go", old: `case n > 0 && before[n-1] != lineBreak:`, new: `case n > 0:`, by: tests("media/call/text"),
	},
	{
		name: "text: nothing of before comes on a new line", hurt: "after a change of network the conversation is gone from the doctor's page",
		file: "media/call/text/conversation.go", old: "if t.wrote {\n\t\tt.bring()", new: "if t.wrote && len(t.all) == 0 {\n\t\tt.bring()", by: some("media/call", "TestText"), hangs: true,
	},
	{
		name: "stills: a picture begins anew after a break", hurt: "a large picture never arrives on a bad network",
		file: "media/call/still/incoming.go", old: `return message{Kind: sayFrom, ID: m.ID, Offset: len(c.data)}, nil`, new: `return message{Kind: sayFrom, ID: m.ID}, nil`, by: tests("media/call/still"),
	},
	{
		name: "stills: a picture with the wrong hash is shown", hurt: "the nurse sees another picture than was sent",
		file: "media/call/still/incoming.go", old: `if hex.EncodeToString(c.hash.Sum(nil)) != c.offer.SHA256 {`, new: `if hex.EncodeToString(c.hash.Sum(nil)) == "" {`, by: tests("media/call/still"),
	},
	{
		name: "stills: more than was offered is taken", hurt: "a broken page fills the tablet's memory",
		file: "media/call/still/incoming.go", old: ` || offset+len(piece) > c.offer.Size || `, new: ` || `, by: tests("media/call/still"),
	},
	{
		name: "stills: a picture takes all of the path", hurt: "the voice stops while a photo goes",
		file: "media/call/still/outgoing.go", old: `for s.budget > 0 && c.Waiting() < ahead {`, new: `for s.current(c) != nil {`, by: tests("media/call/still"),
	},
	{
		name: "outbox: a refused signal holds up all behind it", hurt: "one bad candidate and the call never connects",
		file: "media/call/outbox.go", old: `case !kontakt.KindOf(err).Transient() && len(b) == 1:`, new: `case !kontakt.KindOf(err).Transient() && len(b) == 0:`, by: some("media/call", "TestOutbox|TestCall_refusedSignal"), hangs: true,
	},
	{
		name: "outbox: what belongs to a line that is over is sent", hurt: "the clinic's page answers an offer of nobody",
		file: "media/call/outbox.go", old: `if s.Peer != peer {`, new: `if s.Peer != peer || s.Peer != "" {`, by: some("media/call", "TestOutbox|TestRecovery|TestPath"),
	},
	{
		name: "picture: a machine too slow shows the past", hurt: "lips and voice part by seconds",
		file: "media/call/picturein.go", old: `fits := len(p.waiting) < maxUndecoded`, new: `fits := len(p.waiting) < maxUndecoded*100`, by: some("media/call", "TestPictureIn"),
	},
	{
		name: "turn: peers inside our network are reached", hurt: "whoever has a link talks to the backend's neighbours",
		file: "backend/turn/deny.go", old: `return !in(r.own, a) && !in(never, a)`, new: `return !in(r.own, a) || !in(never, a)`, by: tests("backend/turn"),
	},
	{
		name: "turn: a mapped address is no local one", hurt: "::ffff:127.0.0.1 reaches the backend itself",
		file: "backend/turn/deny.go", old: `a := peer.Addr().Unmap().WithZone("")`, new: `a := peer.Addr().WithZone("")`, by: tests("backend/turn"),
	},
	{
		name: "turn: a credential never runs out", hurt: "one that leaked relays for ever",
		file: "backend/turn/credential.go", old: `a.Method == stun.MethodAllocate && !r.now().Before(expires)`, new: `a.Method == stun.MethodAllocate && !r.now().Before(expires.Add(r.cfg.TTL*1000))`, by: tests("backend/turn"),
	},
	{
		name: "turn: a call is cut when its credential runs out", hurt: "after an hour the relayed picture goes",
		file: "backend/turn/credential.go", old: `err == nil && a.Method == stun.MethodAllocate && `, new: `err == nil && a.Method != stun.MethodBinding && `, by: tests("backend/turn"),
	},
	{
		name: "turn: the quota's place is never given back", hurt: "after some calls a tablet gets no relay any more",
		file: "backend/turn/socket.go", old: `if u.holds--; u.holds <= 0 {`, new: `if u.holds <= 0 {`, by: tests("backend/turn"),
	},
	{
		name: "turn: the rate in bits", hurt: "one stolen credential takes the whole line of the backend",
		file: "backend/turn/socket.go", old: `r.cfg.Rate/8`, new: `r.cfg.Rate*8`, by: tests("backend/turn"),
	},
	{
		name: "turn: one address has all places", hurt: "one rude client and nobody's page loads",
		file: "backend/turn/share.go", old: ` && s.from[from] < maxHelloAddress`, new: ``, by: tests("backend/turn"),
	},
	{
		name: "turn: sockets are counted without the lock", hurt: "the backend dies while calls come and go",
		file: "backend/turn/socket.go", old: "func (s *sockets) live(port uint16, is4 bool) bool {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n", new: "func (s *sockets) live(port uint16, is4 bool) bool {\n", by: raced("backend/turn", "TestRelay|TestHostile"),
	},
}
