// Package wire is the JSON that tablet, pages and backend exchange, exactly as it travels. docs/protocol.md lists the
// routes. Invariants: fields are snake_case and only ever added; times are RFC 3339 in UTC by the backend's clock;
// durations are whole seconds; a request is refused when it has an unknown field; a CPR number stands only in the body of
// a LookupRequest, or in the list of a RoundImportRequest, never in a reply, a URL or an event. testdata/*.json are the contract that both ends' tests read.
package wire

// Version is the version of this protocol. The tablet sends it in VersionHeader; a backend that no longer serves it
// answers 426 with kontakt.MsgUpdate.
const Version = 1

// Headers of our own.
const (
	VersionHeader     = "Kontakt-Version"
	IdempotencyHeader = "Idempotency-Key" // 8 to 64 of [A-Za-z0-9_-]; on each POST that changes something
)
