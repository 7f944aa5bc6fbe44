// Package codec is a thin layer over libvpx (VP8, RFC 6386) and libopus (Opus, RFC 6716).
//
// Invariants: each native object is made, used and freed by one goroutine on one locked thread (owner); whoever calls
// hands over a job and waits for its answer, so nothing native ever runs at the same time twice. Close may be called at
// any moment, by anyone and more than once; after it every call answers media.ErrClosed. A context counts until the
// native call has begun: that call takes milliseconds, cannot be stopped, and is waited for, so what was lent to it may
// be released when the method returns. What native code gives is copied before the job ends. After the first pictures
// the path allocates nothing. Input from the network is judged here before native code sees it.
package codec
