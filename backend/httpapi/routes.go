package httpapi

import "net/http"

// access says who may use a route; several may.
type access uint8

const (
	anyone access = 1 << iota
	device        // a tablet with nobody signed in
	nurse         // an employee on a tablet
	clinic        // clinic staff in a browser
	guest         // somebody with a link to a call, in a browser
	pc            // the same employee as a nurse, in a browser at a PC
)

// prefix is where the protocol lives.
const prefix = "/api/v1"

// Largest bodies.
const (
	small       = 4 << 10
	messageBody = 8 << 10
	cardBody    = 32 << 10 // four letters, each of whose characters may be written as two escapes
	noteBody    = 32 << 10 // escaped, each of its letters may take twelve
	listBody    = 32 << 10
	signalsBody = 64 << 10
)

// route is one line of docs/protocol.md.
type route struct {
	method, path string // path below prefix
	who          access
	limit        limit
	body         int64 // largest body
	once         bool  // a change: carries an Idempotency-Key and runs in one transaction with its reply
	do           func(*API, *request) (reply, error)
	stream       func(*API, http.ResponseWriter, *request) error // instead of do
}

// complete says whether the route has a rule, a limit and one handler.
func (rt route) complete() bool {
	return rt.who != 0 && rt.limit != (limit{}) && (rt.do == nil) != (rt.stream == nil)
}

// routes is all of the protocol below /api/v1.
var routes = []route{
	{method: "POST", path: "/devices", who: anyone, limit: perEnrolment, body: small, do: takes((*API).enrol)},
	{method: "POST", path: "/device-challenges", who: anyone, limit: perAddress, body: small, do: takes((*API).challenge)},
	{method: "POST", path: "/device-sessions", who: anyone, limit: perAddress, body: small, do: takes((*API).openDevice)},

	{method: "POST", path: "/signins", who: device, limit: perSignin, body: small, do: bare((*API).beginSignin)},
	{method: "DELETE", path: "/signins/{id}", who: device, limit: perSession, do: (*API).cancelSignin},
	{method: "POST", path: "/sessions", who: device, limit: perSession, body: small, do: takes((*API).redeem)},
	{method: "GET", path: "/me", who: device | nurse | pc, limit: perSession, do: (*API).me},
	{method: "DELETE", path: "/sessions/current", who: nurse | clinic, limit: perSession, do: (*API).signOut},

	{method: "POST", path: "/citizens/lookup", who: nurse, limit: perLookup, body: small, do: takes((*API).lookup)},
	{method: "GET", path: "/clinics", who: nurse, limit: perSession, do: (*API).clinics},
	{method: "GET", path: "/tobs", who: nurse, limit: perSession, do: (*API).tobs},
	{method: "POST", path: "/entries", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).join)},
	{method: "GET", path: "/entries/{id}", who: device | nurse, limit: perSession, do: (*API).entry},
	{method: "GET", path: "/device/entries", who: device | nurse, limit: perSession, do: (*API).held},
	{method: "POST", path: "/entries/{id}/leave", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).leave)},
	{method: "POST", path: "/entries/{id}/presence", who: device | nurse, limit: perSession, body: small, once: true, do: takes((*API).presence)},
	{method: "POST", path: "/entries/{id}/answer", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).answerCall)},
	{method: "POST", path: "/entries/{id}/not-now", who: device | nurse, limit: perSession, body: small, once: true, do: bare((*API).notNow)},
	{method: "POST", path: "/entries/{id}/wait", who: device | nurse, limit: perSession, body: small, once: true, do: bare((*API).wait)},
	{method: "POST", path: "/entries/{id}/end", who: device | nurse, limit: perSession, body: small, once: true, do: takes((*API).end)},

	{method: "POST", path: "/entries/{id}/wrong-patient", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).explainWrong)},
	{method: "POST", path: "/entries/{id}/consent/withdraw", who: device | nurse, limit: perSession, body: small, once: true, do: bare((*API).withdraw)},
	{method: "POST", path: "/entries/{id}/emergency", who: device | nurse, limit: perSession, body: small, once: true, do: bare((*API).emergency)},
	{method: "GET", path: "/entries/{id}/record", who: nurse, limit: perSession, do: (*API).placeRecord},
	{method: "POST", path: "/entries/{id}/record", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).addToRecord)},
	{method: "POST", path: "/entries/{id}/read", who: nurse, limit: perSession, body: messageBody, once: true, do: takes((*API).read)},

	{method: "GET", path: "/entries/{id}/card", who: nurse, limit: perSession, do: (*API).card},
	{method: "PUT", path: "/entries/{id}/card", who: nurse, limit: perSession, body: cardBody, once: true, do: takes((*API).saveCard)},
	{method: "PUT", path: "/entries/{id}/told", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).saveTold)},

	{method: "GET", path: "/relay", who: device | nurse | clinic | guest, limit: perSession, do: (*API).relay},
	{method: "POST", path: "/calls/{id}/signals", who: device | nurse | clinic | guest, limit: perSession, body: signalsBody, once: true, do: takes((*API).signals)},
	{method: "GET", path: "/calls/{id}", who: device | nurse | clinic, limit: perSession, do: (*API).call},
	{method: "POST", path: "/calls/{id}/media", who: device | nurse | clinic, limit: perSession, body: small, once: true, do: takes((*API).media)},
	{method: "GET", path: "/stream", who: device | nurse | clinic | guest, limit: perSession, stream: (*API).stream},

	{method: "POST", path: "/entries/{id}/guests", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).invite)},
	{method: "GET", path: "/entries/{id}/guests", who: device | nurse, limit: perSession, do: (*API).guests},
	{method: "POST", path: "/entries/{id}/guests/{guest}/remove", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).removeGuest)},
	{method: "POST", path: "/entries/{id}/mode", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).mode)},
	{method: "POST", path: "/guest/sessions", who: anyone, limit: perLink, body: small, do: takes((*API).openLink)},
	{method: "GET", path: "/guest", who: guest, limit: perSession, do: (*API).visit},
	{method: "POST", path: "/guest/leave", who: guest, limit: perSession, body: small, once: true, do: bare((*API).leaveCall)},

	{method: "GET", path: "/entries/{id}/orders", who: nurse, limit: perSession, do: (*API).orders},
	{method: "POST", path: "/entries/{id}/orders", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).writeOrder)},
	{method: "POST", path: "/entries/{id}/orders/{order}/read-back", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).readBack)},
	{method: "POST", path: "/entries/{id}/orders/{order}/withdraw", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).withdrawOrder)},
	{method: "GET", path: "/round", who: nurse, limit: perSession, do: (*API).round},
	{method: "POST", path: "/round/visits", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).addVisit)},
	{method: "POST", path: "/round/visits/{id}/move", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).moveVisit)},
	{method: "POST", path: "/round/visits/{id}/done", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).visitDone)},
	{method: "POST", path: "/round/visits/{id}/missed", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).visitMissed)},
	{method: "POST", path: "/round/visits/{id}/drop", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).dropVisit)},
	{method: "POST", path: "/round/import", who: nurse, limit: perSession, body: listBody, do: takes((*API).importRound)},
	{method: "GET", path: "/round/missed", who: nurse, limit: perSession, do: (*API).missedVisits},
	{method: "POST", path: "/round/missed/{id}/take", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).takeVisit)},
	{method: "POST", path: "/handovers", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).handOver)},
	{method: "GET", path: "/handovers/{id}", who: nurse, limit: perSession, do: (*API).handover},
	{method: "POST", path: "/handovers/{id}/withdraw", who: nurse, limit: perSession, body: small, once: true, do: bare((*API).withdrawHandover)},
	{method: "POST", path: "/handovers/accept", who: nurse, limit: perSession, body: small, once: true, do: takes((*API).acceptHandover)},

	{method: "GET", path: "/summaries", who: nurse | pc, limit: perSession, do: (*API).summaries},
	{method: "GET", path: "/summaries/{id}", who: nurse | pc, limit: perSession, do: (*API).summary},
	{method: "PUT", path: "/summaries/{id}", who: nurse | pc, limit: perSession, body: noteBody, once: true, do: takes((*API).writeSummary)},
	{method: "POST", path: "/summaries/{id}/done", who: nurse | pc, limit: perSession, body: small, once: true, do: bare((*API).summaryDone)},

	{method: "GET", path: "/clinic", who: clinic, limit: perSession, do: (*API).clinicView},
	{method: "GET", path: "/clinic/entries", who: clinic, limit: perSession, do: (*API).clinicEntries},
	{method: "POST", path: "/clinic/entries/{id}/start", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).start)},
	{method: "POST", path: "/clinic/entries/{id}/no-answer", who: clinic, limit: perSession, body: small, once: true, do: bare((*API).noAnswer)},
	{method: "POST", path: "/clinic/entries/{id}/end", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).clinicEnd)},
	{method: "POST", path: "/clinic/entries/{id}/place", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).place)},
	{method: "POST", path: "/clinic/entries/{id}/urgent", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).urgent)},
	{method: "POST", path: "/clinic/entries/{id}/remove", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).remove)},
	{method: "POST", path: "/clinic/entries/{id}/restore", who: clinic, limit: perSession, body: small, once: true, do: bare((*API).restore)},
	{method: "POST", path: "/clinic/entries/{id}/transfer", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).transfer)},
	{method: "POST", path: "/clinic/entries/{id}/message", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).message)},
	{method: "GET", path: "/clinic/entries/{id}/card", who: clinic, limit: perSession, do: (*API).card},
	{method: "POST", path: "/clinic/message", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).messageAll)},
	{method: "POST", path: "/clinic/delay", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).delay)},
	{method: "POST", path: "/clinic/opening", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).opening)},
	{method: "POST", path: "/clinic/entries/{id}/guests", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).invite)},
	{method: "GET", path: "/clinic/entries/{id}/guests", who: clinic, limit: perSession, do: (*API).guests},
	{method: "POST", path: "/clinic/entries/{id}/guests/{guest}/admit", who: clinic, limit: perSession, body: small, once: true, do: bare((*API).admitGuest)},
	{method: "POST", path: "/clinic/entries/{id}/guests/{guest}/remove", who: clinic, limit: perSession, body: small, once: true, do: bare((*API).removeGuest)},
	{method: "POST", path: "/clinic/entries/{id}/mode", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).clinicMode)},
	{method: "POST", path: "/clinic/entries/{id}/wrong-patient", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).explainWrong)},
	{method: "GET", path: "/clinic/entries/{id}/orders", who: clinic, limit: perSession, do: (*API).orders},
	{method: "POST", path: "/clinic/entries/{id}/orders/{order}/confirm", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).confirmOrder)},
	{method: "POST", path: "/clinic/entries/{id}/orders/{order}/correct", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).correctOrder)},
	{method: "GET", path: "/clinic/entries/{id}/record", who: clinic, limit: perSession, do: (*API).placeRecord},
	{method: "POST", path: "/clinic/entries/{id}/record", who: clinic, limit: perSession, body: small, once: true, do: takes((*API).addToRecord)},
	{method: "GET", path: "/clinic/staff", who: clinic, limit: perSession, do: (*API).staff},
}
