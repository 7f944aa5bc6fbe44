package auth

import (
	"context"

	"kontaktlaege/internal/kontakt"
)

// FinishSignIn exchanges the one-time code of a completed sign-in for a session, by proof of the device's key, and keeps
// it. A session that can't be kept over a restart is still one: it ends with the process.
func (i *Identity) FinishSignIn(ctx context.Context, b Backend, id kontakt.SigninID, code string) (kontakt.Person, error) {
	key, err := i.enrolled()
	if err != nil {
		return kontakt.Person{}, err
	}
	challenge, err := b.Challenge(ctx, key.Device)
	if err != nil {
		return kontakt.Person{}, err
	}
	token, who, err := b.Redeem(ctx, id, code, key.prove(kontakt.PurposeSession, challenge))
	if err != nil {
		return kontakt.Person{}, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.session = &token
	if err := i.store.Save(sessionName, []byte(token)); err != nil {
		_ = i.store.Delete(sessionName) // an older one must not come back after a restart
	}
	return who, nil
}

// Session gives the secret of the employee's session, empty when nobody is signed in. One that is damaged is none.
func (i *Identity) Session() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.session == nil {
		data, err := i.store.Load(sessionName)
		if err != nil {
			return ""
		}
		token := string(data)
		i.session = &token
	}
	return *i.session
}

// Forget drops a session, unless another has begun since.
func (i *Identity) Forget(token string) error {
	if i.Session() != token {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	none := ""
	i.session = &none
	if err := i.store.Delete(sessionName); err != nil {
		return &kontakt.Error{Op: "auth.Forget", Kind: kontakt.Internal, Msg: kontakt.MsgUnknown, Err: err}
	}
	return nil
}
