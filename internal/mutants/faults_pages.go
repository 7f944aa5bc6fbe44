package main

// The pages' modules, in a real browser or, where they touch none, in Node alone.
var pages = []fault{
	{
		name: "page: a buffering proxy is never left", hurt: "the clinic's list stands still behind the hospital's proxy",
		file: "backend/web/shared/stream.js", old: `this.#buffered = !this.#buffered && !this.#spoke`, new: `this.#buffered = this.#buffered && !this.#spoke`, by: page("clinic.test.mjs", "a proxy that holds events back"),
	},
	{
		name: "page: comes back without reading afresh", hurt: "after the backend's restart the list shows who has gone",
		file: "backend/web/shared/stream.js", old: `if (this.#running) this.#connect()
    } catch`, new: `if (this.#live) this.#connect()
    } catch`, by: page("clinic.test.mjs", "the backend is killed"),
	},
	{
		name: "page: each try has a key of its own", hurt: "a double click makes two calls",
		file: "backend/web/shared/api.js", old: `return await request(this.address(path), init)`, new: `return await request(this.address(path), { ...init, headers: init.headers && { ...init.headers, 'Idempotency-Key': crypto.randomUUID() } })`,
		by: page("guest.test.mjs", "an answer that is lost on the way"),
	},
	{
		name: "page: who is signed out is not told", hurt: "the clinic looks at a list that stands still",
		file: "backend/web/shared/api.js", old: `if (err.status === 401) this.#signedOut()`, new: `if (err.status === 403) this.#signedOut()`, by: page("clinic.test.mjs", "signed out while nobody is in a call"),
	},
	{
		name: "page: the picture goes after one starved second", hurt: "each short dip costs the doctor the picture",
		file: "backend/web/shared/talk/ladder.js", old: `if (this.#bad >= bad)`, new: `if (this.#bad > 0)`, by: page("ladder.test.mjs", ""),
	},
	{
		name: "page: a picture that goes again waits no longer", hurt: "the picture comes and goes every fifteen seconds",
		file: "backend/web/shared/talk/ladder.js", old: `Math.min(longest, this.#wait * 2)`, new: `Math.max(good, this.#wait / 2)`, by: page("ladder.test.mjs", ""),
	},
	{
		name: "page: lost letters are never sent again", hurt: "the citizen reads half of what the doctor wrote",
		file: "backend/web/shared/talk/flow.js", old: `return { at: this.#at + this.#repeat, from: this.#acked, again: true }`, new: `return { at: this.#at + this.#repeat, from: this.#sent, again: true }`, by: page("text.test.mjs", ""),
	},
	{
		name: "page: a place that jumps is believed", hurt: "a broken tablet writes letters that nobody typed",
		file: "backend/web/shared/talk/flow.js", old: `if (from > this.#have || `, new: `if (from > this.#have + 100 || `, by: page("text.test.mjs", ""),
	},
	{
		name: "page: half of a whole takes the place of all", hurt: "after a reconnect the beginning of the text is gone",
		file: "backend/web/shared/talk/t140.js", old: `else (this.#anew ?? this).#add(c)`, new: `else this.#add(c)`, by: page("text.test.mjs", ""),
	},
	{
		name: "page: a still with the wrong hash is shown", hurt: "the doctor judges a wound by a broken picture",
		file: "backend/web/shared/talk/stills.js", old: `=== s.sha256`, new: `!== ''`, by: page("media.test.mjs", "a still picture whose hash is wrong"),
	},
	{
		name: "page: 'not now' from anybody", hurt: "the doctor believes that the nurse has declined",
		file: "backend/web/shared/talk/stills.js", old: `if (this.answer !== 'asked' || from !== this.#asked) return`, new: `if (from === '') return`, by: page("media.test.mjs", "not now"),
	},
	{
		name: "page: sound goes out while it rings", hurt: "the citizen's living room hears the doctor before anybody has answered",
		file: "backend/web/shared/talk/call.js", old: `return this.#held && r.id === 'tablet' ? nothing : this.#own.tracks`, new: `return this.#held && r.id === 'clinic' ? nothing : this.#own.tracks`, by: page("ring.test.mjs", "not one packet"),
	},
	{
		name: "page: a connection that only claims to stand is kept", hurt: "the doctor looks at a dead picture until he hangs up",
		file: "backend/web/shared/talk/call.js", old: `now - r.watch.drySince > deaf`, new: `now - r.watch.drySince > deaf * 1000`, by: page("media.test.mjs", "a connection that claims to stand"),
	},
	{
		name: "page: a second page of the same person steals nothing", hurt: "two windows fight over the call",
		file: "backend/web/shared/talk/call.js", old: `s.peer !== page) this.#elsewhere()`, new: `s.peer === page) this.#elsewhere()`, by: page("clinic.test.mjs", "another window of the same person"),
	},
}
