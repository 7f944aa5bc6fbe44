package main

import "slices"

// Who is who: the relying party, sign-in, sessions, the tablet's identity, and the doors of the protocol.
var signIns = []fault{
	{
		name: "oidc: the nonce is not compared", hurt: "a token from another sign-in lets its owner in here",
		file: "auth/oidc/verify.go", old: `if a.Nonce == "" || subtle.ConstantTimeCompare([]byte(a.Nonce), []byte(token.Nonce)) != 1 {`, new: `if a.Nonce == "" || subtle.ConstantTimeCompare([]byte(a.Nonce), []byte(a.Nonce)) != 1 {`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: the state is not compared", hurt: "an attacker's answer is taken in a nurse's browser",
		file: "auth/oidc/party.go", old: `subtle.ConstantTimeCompare([]byte(a.State), []byte(answer.Get("state"))) != 1`, new: `subtle.ConstantTimeCompare([]byte(a.State), []byte(a.State)) != 1`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: the provider's cookie is enough", hurt: "the next nurse is let in as the last one",
		file: "auth/oidc/verify.go", old: `case t.Before(began.Add(-p.cfg.Leeway)), t.Before(now`, new: `case t.Before(now`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: the leeway in the wrong direction", hurt: "who signs in at a provider whose clock is slow is refused",
		file: "auth/oidc/verify.go", old: `p.cfg.Now().Add(-p.cfg.Leeway) }`, new: `p.cfg.Now().Add(p.cfg.Leeway) }`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: another client's token is taken", hurt: "a token that another system of the region got opens ours",
		file: "auth/oidc/verify.go", old: `if azp != "" && azp != p.cfg.ClientID {`, new: `if azp == "none" {`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: an access token will do", hurt: "what a browser was given for something else opens a session",
		file: "auth/oidc/verify.go", old: `if h.Type != "" && !strings.EqualFold(h.Type, "JWT") {`, new: `if h.Type == "none" {`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: a level too low is let in", hurt: "a password alone opens citizens' health data",
		file: "auth/oidc/verify.go", old: `case id.Assurance < need.Assurance:`, new: `case id.Assurance > need.Assurance:`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: another employer is let in", hurt: "a nurse of another municipality uses this one's tablet",
		file: "auth/oidc/verify.go", old: `need.CVR != "" && id.CVR != need.CVR`, new: `need.CVR == "" && id.CVR != need.CVR`, by: tests("auth/oidc"),
	},
	{
		name: "oidc: no PKCE", hurt: "a code that leaks in a log opens a session",
		file: "auth/oidc/party.go", old: `answer.Get("code"), oauth2.VerifierOption(a.Verifier))`, new: `answer.Get("code"))`, by: tests("auth/oidc"),
	},
	{
		name: "signin: another browser may finish", hurt: "a link sent by an attacker signs the nurse in as him",
		file: "backend/signin/browser.go", old: `case !hasStateCookie(r, state): // another`, new: `case !hasStateCookie(r, state) && attempt.Device == "": // another`, by: tests("backend/signin"),
	},
	{
		name: "signin: the walk to the provider never runs out", hurt: "a tab of yesterday signs somebody in today",
		file: "backend/signin/browser.go", old: `case attempt.State == store.SigninStarted && !tx.Now().Before(attempt.ExpiresAt):`, new: `case attempt.State == store.SigninOpen && !tx.Now().Before(attempt.ExpiresAt):`, by: tests("backend/signin"),
	},
	{
		name: "signin: a start link never runs out", hurt: "an old link in the browser's history begins a sign-in",
		file: "backend/signin/tablet.go", old: `case !tx.Now().Before(attempt.ExpiresAt):`, new: `case tx.Now().IsZero():`, by: tests("backend/signin"),
	},
	{
		name: "signin: a code is good for as long as it lies there", hurt: "a code read from the log opens a session",
		file: "backend/signin/attempt.go", old: `case !tx.Now().Before(attempt.CodeExpires):`, new: `case attempt.CodeExpires.IsZero():`, by: tests("backend/signin"),
	},
	{
		name: "signin: any tablet may redeem", hurt: "one tablet takes another's sign-in",
		file: "backend/signin/attempt.go", old: `if attempt.Device != device {`, new: `if attempt.Device == "" {`, by: tests("backend/signin"),
	},
	{
		name: "signin: the last nurse stays signed in", hurt: "what the next one does is written to the last one",
		file: "backend/signin/attempt.go", old: `tx.EndDeviceSessions(d.ID, kontakt.RoleNurse)`, new: `tx.EndDeviceSessions(d.ID, kontakt.RoleDevice)`, by: tests("backend/signin"),
	},
	{
		name: "signin: an ended session opens", hurt: "who has signed out is still in",
		file: "backend/signin/session.go", old: `return session.EndedAt.IsZero() && now.Before(session.ExpiresAt)`, new: `return now.Before(session.ExpiresAt)`, by: tests("backend/signin"),
	},
	{
		name: "signin: the shift never ends", hurt: "a tablet that was left in the car is signed in tomorrow",
		file: "backend/signin/session.go", old: `return session.EndedAt.IsZero() && now.Before(session.ExpiresAt)`, new: `return session.EndedAt.IsZero()`, by: tests("backend/signin"),
	},
	{
		name: "signin: a revoked tablet goes on", hurt: "a stolen tablet shows citizens",
		file: "backend/signin/session.go", old: `if err == nil && !d.RevokedAt.IsZero() {`, new: `if err == nil && d.RevokedAt.After(tx.Now()) {`, by: tests("backend/signin"),
	},
	{
		name: "signin: a proof for one purpose is good for another", hurt: "what opened the tablet's session signs a nurse in",
		file: "backend/signin/device.go", old: `kontakt.ProofText(purpose, p.Challenge)`, new: `kontakt.ProofText(kontakt.PurposeDeviceSession, p.Challenge)`, by: tests("backend/signin"),
	},
	{
		name: "signin: a challenge is good twice", hurt: "a recorded proof opens a session",
		file: "backend/signin/device.go", old: `case !taken || len(d.PublicKey)`, new: `case !taken && d.ID == "" || len(d.PublicKey)`, by: tests("backend/signin"),
	},
	{
		name: "signin: who writes a ydernummer into a token is in", hurt: "another company's staff sit in the clinic's room",
		file: "backend/signin/clinic.go", old: `case clinic.CVR != id.CVR:`, new: `case clinic.CVR == "":`, by: tests("backend/signin"),
	},
	{
		name: "signin: whose role is not told is a doctor", hurt: "a secretary starts calls",
		file: "backend/signin/clinic.go", old: `role := kontakt.RoleSecretary // a role`, new: `role := kontakt.RoleClinician // a role`, by: tests("backend/signin"),
	},
	{
		name: "signin: the clinic's cookie is for scripts too", hurt: "one hole in a page gives the session away",
		file: "backend/signin/portal.go", old: `MaxAge: int(p.life(s.cfg).Seconds()),
		HttpOnly: true`, new: `MaxAge: int(p.life(s.cfg).Seconds()),
		HttpOnly: false`, by: tests("backend/signin"),
	},
	{
		name: "signin: a PC's session is a nurse's on a tablet", hurt: "from any PC the waiting rooms are open",
		file: "backend/signin/nurse.go", old: `Role: kontakt.RoleNursePC, Employee`, new: `Role: kontakt.RoleNurse, Employee`, by: tests("backend/signin"),
	},
	{
		name: "summary: a nurse's is hers for every municipality", hurt: "one employer's citizens are read at another's",
		file: "backend/rights/rights.go", old: `on.Helper == Helper{a.Employee, a.Municipality}`, new: `on.Helper.Employee == a.Employee`, by: tests("backend/rights", "backend/summary"),
	},
	{
		name: "summary: one that ran out is there until it is swept", hurt: "health data is read after its day",
		file: "backend/store/summary.go", old: `WHERE expires_at > $1 AND `, new: `WHERE expires_at + expires_at > $1 AND `, by: tests("backend/summary"),
	},
	{
		name: "signin: opening a session leaves no row", hurt: "nobody can say who was signed in where",
		file: "backend/signin/attempt.go", old: `return tx.Audit(store.Audit{By: &by, Action: "session.open"})`, new: `return tx.Audit(store.Audit{By: &by, Action: "session.opened"})`, by: tests("backend/signin"),
	},
	{
		name: "auth: an enrolment whose answer was lost makes another key", hurt: "the code is spent and the tablet has to be enrolled by IT again",
		file: "auth/enrol.go", old: `if err == nil && d.Seed != nil {`, new: `if err == nil && d.Device != "" {`, by: tests("auth"),
	},
	{
		name: "auth: forgetting one session ends the next", hurt: "the nurse who has just signed in is out again",
		file: "auth/signin.go", old: `if i.Session() != token {`, new: `if i.Session() == "" {`, by: tests("auth"),
	},
	{
		name: "auth: the session is read without the lock", hurt: "the app dies while a nurse signs in",
		file: "auth/signin.go", old: "func (i *Identity) Session() string {\n\ti.mu.Lock()\n\tdefer i.mu.Unlock()\n", new: "func (i *Identity) Session() string {\n", by: raced("auth", ""),
	},
}

// How a request comes in, and what is kept for strangers.
var doors = []fault{
	{
		name: "limit: nobody is ever slowed", hurt: "codes are guessed at a thousand a second",
		file: "backend/httpapi/limit.go", old: `AllowN(now, n)`, new: `AllowN(now, 0*n)`, by: tests("backend/httpapi"),
	},
	{
		name: "limit: each IPv6 address by itself", hurt: "one customer guesses with 2⁶⁴ addresses",
		file: "backend/httpapi/limit.go", old: `ip.Prefix(64)`, new: `ip.Prefix(128)`, by: tests("backend/httpapi"),
	},
	{
		name: "limit: the address that the client claims", hurt: "who writes his own X-Forwarded-For is never slowed",
		file: "backend/httpapi/limit.go", old: `last[strings.LastIndexByte(last, ',')+1:]`, new: `strings.Split(last, ",")[0]`, by: tests("backend/httpapi"),
	},
	{
		name: "limit: guessed secrets are not counted", hurt: "sessions are guessed at leisure",
		file: "backend/httpapi/identify.go", old: "if kontakt.KindOf(err) == kontakt.Unauthenticated {\n", new: "if kontakt.KindOf(err) == kontakt.Forbidden {\n", by: tests("backend/httpapi"),
	},
	{
		name: "limit: a nurse looks up as many as she likes", hurt: "a stolen tablet reads out the register",
		file: "backend/httpapi/routes.go", old: `who: nurse, limit: perLookup`, new: `who: nurse, limit: perSession`, by: slices.Concat(tests("backend/httpapi"), some("backend", "TestScenarios")),
	},
	{
		name: "identify: a clinic's secret as a bearer token", hurt: "the guard against other origins is walked around",
		file: "backend/httpapi/identify.go", old: ` || as&browser == 0 && is&browser != 0 {`, new: ` {`, by: tests("backend/httpapi"),
	},
	{
		name: "identify: another site may post with the cookie", hurt: "a link in a mail closes the clinic",
		file: "backend/httpapi/handler.go", old: `if err := a.origins.Check(r.Request); err != nil {`, new: `if err := a.origins.Check(r.Request); err != nil && r.Method == http.MethodDelete {`, by: tests("backend/httpapi"),
	},
	{
		name: "once: all have one another's keys", hurt: "two tablets with the same key get each other's number",
		file: "backend/httpapi/handler.go", old: `a.Once.Do(r.Context(), actorKey(r.actor()), key`, new: `a.Once.Do(r.Context(), "", key`, by: tests("backend/httpapi"),
	},
	{
		name: "once: the next nurse has the last one's keys", hurt: "a nurse is answered with what another one asked for on that tablet",
		file: "backend/httpapi/handler.go", old: `if a.Role == kontakt.RoleDevice {
		return`, new: `if a.Device != "" {
		return`, by: tests("backend/httpapi"),
	},
	{
		name: "once: another body under the same key is the same", hurt: "a second citizen is answered with the first one's number",
		file: "backend/httpapi/handler.go", old: "sum.Write(r.body)\n", new: "\n", by: tests("backend/httpapi"),
	},
	{
		name: "once: the change is not in the transaction of its reply", hurt: "a crash in between gives the citizen two numbers",
		file: "backend/httpapi/handler.go", old: "again.ctx = ctx\n", new: "_ = ctx\n", by: slices.Concat(tests("backend/httpapi"), some("backend", "TestMatrix|TestServer_aPost")),
	},
	{
		name: "once: a telephone number's fingerprint lies open", hurt: "who steals the database tries all eight digits",
		file: "backend/store/reply.go", old: `hex.EncodeToString(db.keys.hash("reply", fingerprint))`, new: `func() string { _ = hex.EncodeToString; return fingerprint }()`, by: slices.Concat(tests("backend/httpapi"), some("backend", "TestMatrix|TestGuests")),
	},
	{
		name: "log: what stands in the path, whatever it is", hurt: "a CPR number typed into an address stands in the log",
		file: "backend/httpapi/log.go", old: `id != "" && err == nil {`, new: `id != "" {`, by: tests("backend/httpapi"),
	},
	{
		name: "stream: each event says that all of them came", hurt: "a browser that was cut between two never gets the second",
		file: "backend/httpapi/stream.go", old: `at[e.Room] = e.Seq - 1`, new: `at[e.Room] = max(at[e.Room], e.Seq)`, by: tests("backend/httpapi"),
	},
	{
		name: "stream: goes on after the session", hurt: "a clinic's page that was signed out elsewhere goes on showing who comes",
		file: "backend/httpapi/stream.go", old: `if kind == kontakt.Unauthenticated || kind == kontakt.Forbidden {`, new: `if kind == kontakt.Forbidden {`, by: tests("backend/httpapi"), hangs: true,
	},
	{
		name: "stream: the newest of a session is ended for the oldest", hurt: "a tablet that comes back after a cut gets no stream",
		file: "backend/httpapi/streams.go", old: "all[0].end()\n\t\tall = slices.Delete(all, 0, 1)", new: "all[maxStreams].end()\n\t\tall = slices.Delete(all, maxStreams, maxStreams+1)", by: tests("backend/httpapi"),
	},
	{
		name: "decode: a key said twice", hurt: "what was checked is not what is done",
		file: "backend/httpapi/decode.go", old: `!ok || seen[key] || `, new: `!ok || `, by: tests("backend/httpapi"),
	},
	{
		name: "guest: the cookie goes over any connection", hurt: "a guest's session is read in a café",
		file: "backend/httpapi/guest.go", old: `HttpOnly: true, Secure: true`, new: `HttpOnly: true, Secure: false`, by: some("backend", "TestE48|TestGuests"),
	},
	{
		name: "guest: who is in the lobby gets the relay", hurt: "a stranger with a link uses our relay",
		file: "backend/httpapi/call.go", old: `if r.actor().Role == kontakt.RoleGuest {`, new: `if r.actor().Role == kontakt.RoleDevice {`, by: some("backend", "TestE48|TestGuests"),
	},
}
