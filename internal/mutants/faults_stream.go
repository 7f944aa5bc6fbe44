package main

// What tells people of what has happened: the backend's streams, the tablet's reading of them, and messages to outside.
var streams = []fault{
	{
		name: "stream: a reader begins one event too late", hurt: "the first ring after a reconnect is never heard",
		file: "backend/stream/stream.go", old: `s.at[i] = at[room]`, new: `s.at[i] = at[room] + 1`, by: hubs, hangs: true,
	},
	{
		name: "stream: a cursor from before a restore is believed", hurt: "after a backup was put back tablets wait for numbers that come in a week",
		file: "backend/stream/stream.go", old: `if seq > end[room] {`, new: `if seq > end[room] && end[room] > 0 {`, by: hubs,
	},
	{
		name: "stream: what a failed read was to bring is forgotten", hurt: "a database that stumbles once costs a ring",
		file: "backend/stream/stream.go", old: "s.mark(asked, s.hub.db.Now())\n", new: "\n", by: hubs,
	},
	{
		name: "stream: more than one batch waits for the next event", hurt: "a tablet that was away for long stays behind",
		file: "backend/stream/stream.go", old: `if len(found) == batch {`, new: `if len(found) > batch {`, by: hubs, hangs: true,
	},
	{
		name: "stream: a guest is asked for its rights once only", hurt: "who was shown out goes on reading the call",
		file: "backend/stream/stream.go", old: "s.guest = &guest\n", new: "_ = guest\n", by: hubs,
	},
	{
		name: "stream: the oldest unread event is the newest", hurt: "a reader that takes nothing in is never cut and holds its connection for ever",
		file: "backend/stream/stream.go", old: `s.dirty, s.since = make(map[kontakt.Room]struct{}, len(rooms)), now
	}`, new: `s.dirty = make(map[kontakt.Room]struct{}, len(rooms))
	}
	s.since = now`, by: hubs,
	},
	{
		name: "stream: the end of one stream is the end of the tablet", hurt: "a tablet that has just come back is shown as out of contact",
		file: "backend/stream/stream.go", old: `h.devices[s.device] == 0 {`, new: `h.devices[s.device] >= 0 {`, by: hubs,
	},
	{
		name: "stream: a guest alone keeps the call", hurt: "a call that both ends have left never ends",
		file: "backend/stream/run.go", old: `return s.guest == nil }`, new: `return true }`, by: hubs,
	},
	{
		name: "stream: readers are counted without the lock", hurt: "the process dies while streams come and go",
		file: "backend/stream/stream.go", old: "h.mu.Lock()\n\tdefer h.mu.Unlock()\n\treturn slices.Clone(h.rooms[room].readers)", new: "return slices.Clone(h.rooms[room].readers)", by: raced("backend/stream", "TestHub|TestNext|TestSubscribe"),
	},
	{
		name: "stream: a missed wake-up is made good after minutes", hurt: "on two nodes a ring can come three minutes late",
		file: "backend/stream/stream.go", old: `pollEvery = 3 * time.Second`, new: `pollEvery = 3 * time.Minute`, by: hubs,
	},
	{
		name: "client: an event is delivered twice", hurt: "a tablet chimes again for what was read",
		file: "app/client/stream.go", old: `followed && e.Seq > seq`, new: `followed && e.Seq >= seq`, by: tests("app/client"),
	},
	{
		name: "client: another room moves the places of all", hurt: "events between two answers are never seen",
		file: "app/client/stream.go", old: "next[room] = seq\n", new: "_ = seq\n", by: tests("app/client"),
	},
	{
		name: "client: a stream is given up only after minutes of silence", hurt: "a tablet on a dead network believes that it is online, and misses the ring",
		file: "app/client/client.go", old: `silence: 38 * time.Second`, new: `silence: 38 * time.Minute`, by: tests("app/client"),
	},
	{
		name: "client: a stream that is held back is taken for a silent one", hurt: "behind a proxy that buffers nothing ever comes",
		file: "app/client/stream.go", old: `cancel(errHeldBack)
		}`, new: `cancel(errSilent)
		}`, by: tests("app/client"),
	},
	{
		name: "client: a token that is refused is shown again and again", hurt: "the tablet asks thousands of times a second and is locked out",
		file: "app/client/stream.go", old: `!= kontakt.Unauthenticated || stale != "" {`, new: `!= kontakt.Unauthenticated {`, by: tests("app/client"),
	},
	{
		name: "client: the parts of a long list of signals have one key", hurt: "of a call with many candidates only the first ones arrive",
		file: "app/client/calls.go", old: `key: key + "-" + strconv.Itoa(part), `, new: `key: key + "-" + strconv.Itoa(part-part), `, by: tests("app/client"),
	},
	{
		name: "client: a clock set back is not noticed", hurt: "the ring's countdown is an hour off",
		file: "app/client/clock.go", old: `(ahead - c.clock.ahead).Abs() > clockSlack`, new: `ahead-c.clock.ahead > clockSlack`, by: tests("app/client"),
	},
	{
		name: "client: Retry-After in milliseconds", hurt: "a backend that asks for a pause is hit harder",
		file: "app/client/retry.go", old: `time.Duration(s)*time.Second, longestAfter`, new: `time.Duration(s)*time.Millisecond, longestAfter`, by: tests("app/client"),
	},
	{
		name: "client: the pause of a stream in seconds", hurt: "after a restart tablets come back ten seconds late",
		file: "app/client/sse.go", old: `time.Duration(ms) * time.Millisecond`, new: `time.Duration(ms) * time.Second`, by: tests("app/client"),
	},
	{
		name: "client: those who wait are woken without the lock", hurt: "the app dies in the moment the network is back",
		file: "app/client/retry.go", old: "func (w *wakeup) call() {\n\tw.mu.Lock()\n\tdefer w.mu.Unlock()\n", new: "func (w *wakeup) call() {\n", by: raced("app/client", "TestWakeup"),
	},
	{
		name: "client: a retry is another request", hurt: "an answer that got lost gives the citizen two numbers",
		file: "app/client/client.go", old: "req.Header.Set(wire.IdempotencyHeader, r.key)\n", new: "req.Header.Set(wire.IdempotencyHeader, kontakt.NewSecret())\n", by: tests("app/client"),
	},
	{
		name: "client: a redirect is followed with the token", hurt: "a guest network's login page is given the tablet's token",
		file: "app/client/client.go", old: `return http.ErrUseLastResponse }`, new: `return nil }`, by: tests("app/client"),
	},
	{
		name: "outbox: a lease shorter than its attempt", hurt: "two nodes send the same message",
		file: "backend/outbox/outbox.go", old: `return 2 * w.opt.Within`, new: `return w.opt.Within / 2`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: each attempt has a reference of its own", hurt: "a relative gets the message twice when an answer is lost",
		file: "backend/outbox/lane.go", old: `Send(ctx, string(o.ID), o.Payload)`, new: `Send(ctx, fmt.Sprint(o.ID, o.Attempts), o.Payload)`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: what is refused for good is tried on", hurt: "a wrong number is charged forty times, and nobody is told",
		file: "backend/outbox/lane.go", old: `if !kind.Transient() || t.Attempts`, new: `if t.Attempts`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: no longer pause after each failure", hurt: "a gateway that is down is asked all the time",
		file: "backend/outbox/lane.go", old: `l.w.opt.First << min(attempts-1, 30)`, new: `l.w.opt.First << min(attempts-attempts, 30)`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: the last attempt is never made", hurt: "a message that would have gone is given up",
		file: "backend/outbox/lane.go", old: `case o.Attempts > l.w.opt.Attempts,`, new: `case o.Attempts >= l.w.opt.Attempts,`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: what is too old is sent all the same", hurt: "yesterday's link comes tonight",
		file: "backend/outbox/lane.go", old: ` || next.After(t.CreatedAt.Add(l.w.opt.Expire))`, new: ``, by: tests("backend/outbox"),
	},
	{
		name: "outbox: a new message waits for the next look", hurt: "the relative waits five seconds for the link, each time",
		file: "backend/outbox/outbox.go", old: `news = news || room == store.OutboxRoom`, new: `news = news && room == store.OutboxRoom`, by: tests("backend/outbox"),
	},
	{
		name: "outbox: how an attempt went is lost when told to stop", hurt: "each update of the backend sends some messages twice",
		file: "backend/outbox/lane.go", old: `context.WithTimeout(context.WithoutCancel(ctx), l.w.opt.Within)`, new: `context.WithTimeout(ctx, l.w.opt.Within)`, by: tests("backend/outbox"),
	},
}
