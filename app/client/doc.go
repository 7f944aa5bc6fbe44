// Package client is the backend as the tablet sees it: a typed client of docs/protocol.md and a reader of its stream.
//
// Invariants: a request is tried again only where that is safe, by its kind and under one idempotency key; the device's
// session is renewed by proof of its key, once for all requests that miss it; an employee's session that the backend no
// longer takes is forgotten at once. Events come in their room's order, each once, over any number of connections. A CPR
// number stands in one request body and in no address, error or log.
//
// What is tried again, always under the key of the first try; pauses double from 0.25 s to 10 s, and end when the stream
// is back. The machine of package app says for how long, and saves a key before it is sent where a restart must go on.
//
//	what               for how long                 the screen meanwhile         after a restart of the app
//	join, take over    3 min, or until "Tilbage"    q.still_trying, from 5 s on  the same join, for 10 min, same nurse
//	leave              3 min                        q.still_trying, from 5 s on  the same leave
//	answer, not now,   3 min; the ring's end ends   q.still_trying, from 5 s on  asked anew: the place shows how it
//	wait               it too                                                    stands
//	end of a call      until there is an answer     the summary                  the same end
//	messages read      until there is an answer     shown as read                the same mark
//	look-up, clinics   20 s; a register that is     cit.finding; q.still_trying  nothing
//	                   down at once                 from 5 s on
//	place, held        3 min, and when the stream   q.reconnecting               all of it is asked anew
//	                   is back
//	sign-in, enrolment 20 s                         their own sentences          nothing
//	stream             for ever                     net.offline_since            from the places' cursors
package client
