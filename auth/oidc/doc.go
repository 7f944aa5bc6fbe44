// Package oidc is the relying party: it sends a browser to the sign-in provider and decides whether to believe what comes
// back. Only the backend uses it; no token leaves it.
//
// Where it is dangerous. A signed token is not yet a sign-in: go-oidc checks signature, algorithm, issuer, audience and
// expiry, and nothing else. This package adds what makes it ours: the nonce (this answer belongs to this attempt), azp
// (issued to us, not merely readable by us), typ (an ID token, not another kind of JWT of the same key), iat and nbf,
// auth_time (the person proved themself now: on a shared tablet the provider's live cookie is the last nurse's), the
// assurance level, that the identity is a professional one, and the employer. Whatever is missing counts as refused.
// State is the caller's: it must accept each Attempt once.
//
// Every error is a *kontakt.Error whose sentence the person may read; causes hold no claim but issuer and audience.
package oidc
