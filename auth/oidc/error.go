package oidc

import (
	"errors"

	"golang.org/x/oauth2"

	"kontaktlaege/internal/kontakt"
)

const opFinish = "oidc.Finish"

// refused is for an answer that is not to be believed; the person is only told to try again.
func refused(cause error) error {
	return &kontakt.Error{Op: opFinish, Kind: kontakt.Unauthenticated, Msg: kontakt.MsgLoginFailed, Err: cause}
}

// forbidden is for a person who is who they say, and still may not come in.
func forbidden(msg kontakt.MsgKey) error {
	return &kontakt.Error{Op: opFinish, Kind: kontakt.Forbidden, Msg: msg}
}

func down(cause error) error {
	return &kontakt.Error{Op: "oidc.discover", Kind: kontakt.Unavailable, Msg: kontakt.MsgLoginProviderDown, Err: cause}
}

// providerError tells the provider's refusals apart (RFC 6749 §4.1.2.1). The word is the browser's to choose, so only
// known ones reach the log.
func providerError(word string) error {
	switch word {
	case "access_denied":
		return &kontakt.Error{Op: opFinish, Kind: kontakt.Unauthenticated, Msg: kontakt.MsgLoginCancelled, Err: errors.New(word)}
	case "server_error", "temporarily_unavailable":
		return down(errors.New(word))
	case "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "interaction_required",
		"login_required", "account_selection_required", "consent_required", "unmet_authentication_requirements":
		return refused(errors.New(word))
	default:
		return refused(errors.New("unknown error of the provider"))
	}
}

// exchangeError tells a provider that says no from one that does not answer.
func exchangeError(err error) error {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		if answer.Response != nil && answer.Response.StatusCode >= 500 {
			return down(errors.New(answer.Response.Status))
		}
		return refused(errors.New("token endpoint: " + answer.ErrorCode))
	}
	return down(err)
}
