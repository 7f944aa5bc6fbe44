package kontakt

// DeviceProof shows that the sender holds a device's Ed25519 key: a signature over ProofText.
type DeviceProof struct {
	Device    DeviceID
	Challenge []byte
	Signature []byte
}

// Purposes of a proof.
const (
	PurposeDeviceSession = "device-session"
	PurposeSession       = "session"
)

// ProofText is what a device signs: the purpose, so that a proof for one thing is none for another, and the challenge.
func ProofText(purpose string, challenge []byte) []byte {
	return append([]byte("kontaktlaege/"+purpose+"\x00"), challenge...)
}

// StoredReply is an answer kept with its idempotency key.
type StoredReply struct {
	Status int    // HTTP
	Body   []byte // JSON
}
