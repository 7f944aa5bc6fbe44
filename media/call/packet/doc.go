// Package packet is what sound and pictures are on the way: pictures are cut into packets (RFC 7741) and put together again
// whole and in order, sound is put in order, made good where packets are missing, and played out evenly.
//
// Invariants: times are handed in, and nothing here has a goroutine or a lock. What comes is a stranger's: any packet may be
// lost, doubled, late or made up, and no buffer grows with it. A picture is handed out only when nothing that it leans on is
// missing. After warm-up nothing is allocated.
package packet
