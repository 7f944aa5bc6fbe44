// Package auth is who is who on the tablet's side: the device's own key and the session of the employee who is signed
// in.
//
// Invariants: the private key is made here, is sealed by the keystore before its public half is sent anywhere, and never
// leaves; a proof is bound to its purpose and to one challenge of the backend. The tablet holds no token of the sign-in
// provider, only the backend's own session, which is worth nothing without the device. A key is replaced only by an
// enrolment that the backend has taken.
package auth
