package app

import (
	"time"

	"kontaktlaege/internal/kontakt"
)

// The taps: what a screen sends. Each is an Event; a tap that the shown screen does not offer changes nothing.
type (
	// TapEnrol sends IT's code.
	TapEnrol struct{ Code string }
	// TapRetry tries again at once what is being retried.
	TapRetry struct{}
	// TapSignIn starts a sign-in in the system browser.
	TapSignIn struct{}
	// TapCancelSignIn gives the sign-in up.
	TapCancelSignIn struct{}
	// TapSignOut ends the session; places are kept.
	TapSignOut struct{}
	// TapTell shows the card that the nurse writes to the clinician.
	TapTell struct{}
	// TapRound shows all who wait; TapPlace one of them; TapNew puts another citizen into a queue beside them.
	TapRound struct{}
	TapPlace struct{ ID kontakt.EntryID }
	TapNew   struct{}
	// TapFind looks a citizen up. The CPR number goes no further than the look-up.
	TapFind struct{ CPR kontakt.CPR }
	// TapChooseClinic asks for the clinics, TapClinic looks up with one of them: the register does not answer.
	TapChooseClinic struct{}
	TapClinic       struct {
		CPR    kontakt.CPR
		Clinic kontakt.ClinicID
	}
	// TapConfirmCitizen says that it is the right one and goes to the first clinic of Citizen.Admits; TapConfirmCover goes
	// to the second.
	TapConfirmCitizen struct{}
	TapConfirmCover   struct{}
	// TapConsent states how the citizen has agreed; TapConsentCannot asks why none can be given; TapConsentNo says that the
	// citizen says no.
	TapConsent       struct{ Consent kontakt.Consent }
	TapConsentCannot struct{}
	TapConsentNo     struct{}
	// TapTakeOver joins the place that another tablet or another nurse holds, and says why. The machine fills Key.
	TapTakeOver struct{ Reason, Key string }
	// TapBack goes one screen back, where that loses nothing.
	TapBack struct{}
	// TapJoin draws a number. The machine fills Key, which makes a join that is tried twice the same join, with what was
	// told the first time.
	TapJoin struct {
		Told kontakt.Told
		Key  string
	}
	// TapMore shows what is done less often, TapMoreClose puts it away.
	TapMore      struct{}
	TapMoreClose struct{}
	// TapLeave asks whether to leave the queue; TapLeaveYes and TapLeaveNo answer.
	TapLeave    struct{}
	TapLeaveYes struct{}
	TapLeaveNo  struct{}
	// TapWrong asks whether it is the wrong citizen; TapWrongYes and TapWrongNo answer.
	TapWrong    struct{}
	TapWrongYes struct{}
	TapWrongNo  struct{}
	// TapRead marks the oldest unread message as read; TapMessages shows and hides those that have been.
	TapRead     struct{}
	TapMessages struct{}
	// TapDismiss leaves a place whose call another tablet has.
	TapDismiss struct{}
	// TapAnswer takes the call; TapNotNow lets it go and keeps the place; TapWaitTwo asks for two minutes.
	TapAnswer  struct{}
	TapNotNow  struct{}
	TapWaitTwo struct{}
	// TapMute, TapCamera, TapFlip and TapVolume change a control of the call.
	TapMute   struct{}
	TapCamera struct{}
	TapFlip   struct{}
	TapVolume struct{ Volume float64 }
	// TapZoom and TapTorch change the camera in use, where it can.
	TapZoom  struct{ Zoom float64 }
	TapTorch struct{}
	// TapTyping opens the real-time text, TapTypingClose closes it and loses nothing. TapType writes: T.140, that is what
	// was typed, U+0008 for each character taken back and U+2028 for a new line.
	TapTyping      struct{}
	TapTypingClose struct{}
	TapType        struct{ Text string }
	// TapStill has the nurse aim, and, the second time or where one was asked for, takes a still picture and sends it.
	// TapStillClose puts the one that is shown away, whosever it is; one that is still on its way goes no further, and a
	// question for one is turned down. TapStillDrop has everybody forget it.
	TapStill      struct{}
	TapStillClose struct{}
	TapStillDrop  struct{}
	// TapPoint points at the still picture that is shown, X and Y 0–1 from its upper left corner; On false: not any more.
	TapPoint struct {
		X, Y float64
		On   bool
	}
	// TapInvite opens the sheet "Inviter" and TapInviteClose closes it. TapInviteKind makes the link; Name and Phone may
	// be empty. The machine fills Key. TapInviteAgain goes back from the link to the question who.
	TapInvite      struct{}
	TapInviteClose struct{}
	TapInviteKind  struct {
		Kind        kontakt.GuestKind
		Name, Phone string
		Key         string
	}
	TapInviteAgain struct{}
	// TapRemoveGuest shows a guest out, or takes the link back, of one that was invited from here.
	TapRemoveGuest struct{ ID kontakt.GuestID }
	// TapMode chooses between the two agreed kinds of call.
	TapMode struct{ Mode kontakt.Mode }
	// TapEnd asks whether to end the call; TapEndYes and TapEndNo answer. The machine fills At.
	TapEnd    struct{}
	TapEndYes struct{ At time.Time }
	TapEndNo  struct{}
	// TapWithdraw says that the citizen takes the consent back. It stands with the question whether to leave the queue or to
	// end the call, and ends them at once. The machine fills At.
	TapWithdraw struct{ At time.Time }
	// TapDone leaves the summary.
	TapDone struct{}
	// TapSettings changes a setting.
	TapSettings struct{ Settings Settings }
)

func (TapEnrol) event()          {}
func (TapRetry) event()          {}
func (TapSignIn) event()         {}
func (TapCancelSignIn) event()   {}
func (TapSignOut) event()        {}
func (TapTell) event()           {}
func (TapRound) event()          {}
func (TapPlace) event()          {}
func (TapNew) event()            {}
func (TapFind) event()           {}
func (TapChooseClinic) event()   {}
func (TapClinic) event()         {}
func (TapConfirmCitizen) event() {}
func (TapConfirmCover) event()   {}
func (TapConsent) event()        {}
func (TapConsentCannot) event()  {}
func (TapConsentNo) event()      {}
func (TapTakeOver) event()       {}
func (TapBack) event()           {}
func (TapJoin) event()           {}
func (TapMore) event()           {}
func (TapMoreClose) event()      {}
func (TapLeave) event()          {}
func (TapLeaveYes) event()       {}
func (TapLeaveNo) event()        {}
func (TapWrong) event()          {}
func (TapWrongYes) event()       {}
func (TapWrongNo) event()        {}
func (TapRead) event()           {}
func (TapMessages) event()       {}
func (TapDismiss) event()        {}
func (TapAnswer) event()         {}
func (TapNotNow) event()         {}
func (TapWaitTwo) event()        {}
func (TapMute) event()           {}
func (TapCamera) event()         {}
func (TapFlip) event()           {}
func (TapVolume) event()         {}
func (TapEnd) event()            {}
func (TapEndYes) event()         {}
func (TapEndNo) event()          {}
func (TapWithdraw) event()       {}
func (TapDone) event()           {}
func (TapSettings) event()       {}
func (TapZoom) event()           {}
func (TapTorch) event()          {}
func (TapTyping) event()         {}
func (TapTypingClose) event()    {}
func (TapType) event()           {}
func (TapStill) event()          {}
func (TapStillClose) event()     {}
func (TapStillDrop) event()      {}
func (TapPoint) event()          {}
func (TapInvite) event()         {}
func (TapInviteClose) event()    {}
func (TapInviteKind) event()     {}
func (TapInviteAgain) event()    {}
func (TapRemoveGuest) event()    {}
func (TapMode) event()           {}
