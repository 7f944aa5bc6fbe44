package kontakt

// Sentences that the backend or the tablet's rules may answer with. Their Danish and English stand in assets/text;
// keys follow domain.md §8. Texts that only a screen uses have no constant: ui/i18n looks their keys up.
const (
	MsgUnknown           MsgKey = "err.unknown"
	MsgServerUnreachable MsgKey = "err.server"
	MsgBadID             MsgKey = "err.bad_id"
	MsgBadRequest        MsgKey = "err.bad_request"
	MsgTooMany           MsgKey = "err.too_many"
	MsgUpdate            MsgKey = "err.update"
	MsgDeviceRevoked     MsgKey = "err.device_revoked"
	MsgSessionEnded      MsgKey = "err.session_ended"
	MsgNotAllowed        MsgKey = "err.not_allowed"
	MsgNotFound          MsgKey = "err.not_found"

	MsgCodeDigits  MsgKey = "lock.code_digits"
	MsgCodeEasy    MsgKey = "lock.code_easy"
	MsgCodeDiffers MsgKey = "lock.code_differs"
	MsgCodeWrong   MsgKey = "lock.code_wrong"
	MsgCodeTries   MsgKey = "lock.code_tries"
	MsgCodeWrongIT MsgKey = "lock.code_wrong_it"

	MsgEnrolCodeUnknown MsgKey = "enrol.code_unknown"
	MsgEnrolCodeUsed    MsgKey = "enrol.code_used"
	MsgEnrolCodeExpired MsgKey = "enrol.code_expired"
	MsgEnrolKeyDamaged  MsgKey = "enrol.key_damaged"
	MsgEnrolUnknown     MsgKey = "enrol.device_unknown"

	MsgLoginFailed       MsgKey = "login.failed"
	MsgLoginCancelled    MsgKey = "login.cancelled"
	MsgLoginExpired      MsgKey = "login.expired"
	MsgLoginUsed         MsgKey = "login.used"
	MsgLoginNoAccess     MsgKey = "login.no_access"
	MsgLoginPrivate      MsgKey = "login.private_identity"
	MsgLoginLevelTooLow  MsgKey = "login.level_too_low"
	MsgLoginWrongOrg     MsgKey = "login.wrong_org"
	MsgLoginNotFresh     MsgKey = "login.not_fresh"
	MsgLoginProviderDown MsgKey = "login.provider_down"
	MsgLoginNoBrowser    MsgKey = "login.no_browser"

	MsgCPREmpty       MsgKey = "cit.cpr_empty"
	MsgCPRLength      MsgKey = "cit.cpr_length" // {n}
	MsgCPRChars       MsgKey = "cit.cpr_chars"
	MsgCPRFormat      MsgKey = "cit.cpr_format"
	MsgCPRDate        MsgKey = "cit.cpr_date"
	MsgCPRFuture      MsgKey = "cit.cpr_future"
	MsgCPRECPR        MsgKey = "cit.cpr_ecpr"
	MsgCPRMod11       MsgKey = "cit.cpr_mod11"
	MsgCPRAge         MsgKey = "cit.cpr_age" // {n}
	MsgCPRSame        MsgKey = "cit.cpr_same"
	MsgCPRReplacement MsgKey = "cit.cpr_replacement"
	MsgCitizenUnknown MsgKey = "cit.unknown"
	MsgNotAttached    MsgKey = "cit.not_attached"
	MsgDoctorUnknown  MsgKey = "cit.doctor_unknown"

	MsgNextPassant     MsgKey = "next.passant"
	MsgNextSMS         MsgKey = "next.sms"
	MsgNextPhone       MsgKey = "next.phone"
	MsgNextPhoneClinic MsgKey = "next.phone_clinic" // {klinik} {tlf}
	MsgOutOfHours      MsgKey = "q.out_of_hours"

	MsgRegistryDown MsgKey = "cit.registry_down"
	MsgNoBooking    MsgKey = "cit.no_booking"  // {klinik}
	MsgHandedOver   MsgKey = "q.handed_over"   // {navn}
	MsgRemoved      MsgKey = "q.removed"       // {klinik} {tlf}
	MsgClosedOnYou  MsgKey = "q.closed_on_you" // {klinik} {tlf}
	MsgKept         MsgKey = "q.kept"
	MsgStillTrying  MsgKey = "q.still_trying"
	MsgAnswered     MsgKey = "q.answered_elsewhere"
	MsgNotRemoved   MsgKey = "cl.restore_late"
	MsgNotColleague MsgKey = "cl.not_colleague"
	MsgMessageMany  MsgKey = "cl.message_many"

	MsgPhoneEmpty   MsgKey = "sms.number_empty"
	MsgPhoneLength  MsgKey = "sms.number_length" // {n}
	MsgPhoneChars   MsgKey = "sms.number_chars"
	MsgPhoneForeign MsgKey = "sms.number_foreign"
	MsgPhoneNoSMS   MsgKey = "sms.number_no_sms"
	MsgSMSRefused   MsgKey = "sms.refused"
	MsgNoSender     MsgKey = "sms.off"

	MsgConsentMissing MsgKey = "con.missing"
	MsgConsentReason  MsgKey = "con.reason_missing"
	MsgConsentNo      MsgKey = "con.no_said"
	MsgWithdrawn      MsgKey = "con.withdrawn"
	MsgCannotPhone    MsgKey = "emg.cannot_phone"

	MsgGuestFull        MsgKey = "guest.full" // {n}
	MsgGuestNoCall      MsgKey = "guest.no_call"
	MsgGuestName        MsgKey = "guest.name_empty"
	MsgGuestLinkUnknown MsgKey = "guest.link_unknown"
	MsgGuestLinkUsed    MsgKey = "guest.link_used"
	MsgGuestLinkExpired MsgKey = "guest.link_expired" // {klinik} {tlf}
	MsgGuestSMS         MsgKey = "guest.sms"          // {klinik} {link}

	MsgOrderEmpty       MsgKey = "ord.empty"
	MsgOrderLong        MsgKey = "ord.long"   // {n}
	MsgOrderNumber      MsgKey = "ord.number" // {rigtigt} {skrevet}
	MsgOrderUnit        MsgKey = "ord.unit"   // {rigtigt} {skrevet}
	MsgOrderCPR         MsgKey = "ord.cpr"
	MsgOrderMany        MsgKey = "ord.many" // {n}
	MsgOrderNoCall      MsgKey = "ord.no_call"
	MsgOrderLate        MsgKey = "ord.late" // {n}
	MsgOrderNotRead     MsgKey = "ord.not_read"
	MsgOrderChanged     MsgKey = "ord.changed"
	MsgWrongPatient     MsgKey = "wrong.barred"
	MsgWrongStopped     MsgKey = "wrong.stopped"
	MsgWrongNext        MsgKey = "wrong.next"
	MsgOrdersOpen       MsgKey = "ord.warn_end"   // {n}
	MsgVisitPlace       MsgKey = "rnd.place_long" // {n}
	MsgVisitPlaceCPR    MsgKey = "rnd.place_cpr"
	MsgVisitThere       MsgKey = "rnd.there"
	MsgVisitUnderWay    MsgKey = "rnd.under_way"
	MsgVisitTaken       MsgKey = "rnd.taken" // {navn}
	MsgRoundFull        MsgKey = "rnd.full"  // {n}
	MsgListUnreadable   MsgKey = "rnd.list_unreadable"
	MsgListLong         MsgKey = "rnd.list_long" // {n}
	MsgRowBroken        MsgKey = "rnd.row_broken"
	MsgRowRounded       MsgKey = "rnd.row_rounded"
	MsgRowTime          MsgKey = "rnd.row_time"
	MsgHandoverUnknown  MsgKey = "hand.unknown"
	MsgHandoverExpired  MsgKey = "hand.expired"
	MsgHandoverAccepted MsgKey = "hand.accepted" // {navn}
	MsgHandoverOwn      MsgKey = "hand.own"
	MsgHandoverForeign  MsgKey = "hand.foreign"
	MsgHandoverNothing  MsgKey = "hand.nothing"
	MsgHandoverLength   MsgKey = "hand.length" // {n}, {m} were keyed
	MsgHandoverGot      MsgKey = "hand.got"    // {navn}
	MsgHandoverLater    MsgKey = "hand.later"  // {navn}; some are in a call still
	MsgHandoverWent     MsgKey = "hand.went"   // of a place that a colleague has now
	MsgHandoverTaken    MsgKey = "hand.done"   // {navn}

	MsgAlreadyWaiting    MsgKey = "cit.already_waiting" // {n}
	MsgClinicClosed      MsgKey = "q.closed"
	MsgPlaceLost         MsgKey = "q.lost"
	MsgPassed            MsgKey = "q.skipped"
	MsgNoAnswer          MsgKey = "q.no_answer"
	MsgAlreadyClaimed    MsgKey = "cl.taken" // {navn}
	MsgBusy              MsgKey = "cl.busy"
	MsgWrongState        MsgKey = "q.wrong_state"
	MsgVersion           MsgKey = "q.changed"
	MsgCardChanged       MsgKey = "is.changed"
	MsgTOBSOff           MsgKey = "tobs.off"
	MsgTOBSTable         MsgKey = "tobs.other_table"
	MsgTOBSValue         MsgKey = "tobs.value" // {navn}
	MsgTOBSNewTable      MsgKey = "tobs.new_table"
	MsgTOBSMoved         MsgKey = "tobs.moved"
	MsgTOBSStopped       MsgKey = "tobs.stopped"
	MsgCallEnded         MsgKey = "call.ended"
	MsgCallEndedByClinic MsgKey = "call.ended_by_clinic"
	MsgRelayUnreachable  MsgKey = "chk.no_relay"
	MsgNoCamera          MsgKey = "chk.no_camera"
	MsgCameraBusy        MsgKey = "chk.camera_busy"
	MsgCameraRefused     MsgKey = "chk.camera_refused"
	MsgCameraLost        MsgKey = "chk.camera_lost"
	MsgNoMicrophone      MsgKey = "chk.no_mic"
	MsgMicrophoneRefused MsgKey = "chk.mic_refused"
	MsgMicrophoneSilent  MsgKey = "chk.mic_silent"
	MsgNoLoudspeaker     MsgKey = "chk.no_speaker"

	MsgPictureGood    MsgKey = "chk.face_ok"
	MsgPictureCovered MsgKey = "chk.covered"
	MsgPictureDark    MsgKey = "chk.dark"
	MsgPictureBacklit MsgKey = "chk.backlight"
	MsgPictureFar     MsgKey = "chk.too_far"
	MsgPictureHigh    MsgKey = "chk.too_high"
	MsgPictureLow     MsgKey = "chk.too_low"
	MsgPictureAside   MsgKey = "chk.off_side"
)
