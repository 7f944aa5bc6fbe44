package kontakt

// DeviceProof shows that the sender holds a device's Ed25519 key: a signature over wire.ProofText.
type DeviceProof struct {
	Device    DeviceID
	Challenge []byte
	Signature []byte
}

// StoredReply is an answer kept with its idempotency key.
type StoredReply struct {
	Status int    // HTTP
	Body   []byte // JSON
}
