package wire

// Problem is every answer that is not a success, as application/problem+json (RFC 9457 with these members).
type Problem struct {
	Kind    string            `json:"kind"`             // kontakt.Kind
	Msg     string            `json:"msg"`              // kontakt.MsgKey
	Params  map[string]string `json:"params,omitempty"` // fills the sentence
	Request string            `json:"request"`          // id to quote to IT
}
