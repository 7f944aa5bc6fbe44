package codec

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// kl_give_back has each large buffer be a mapping of its own, which free gives back to the system. glibc does so only with
// those above a threshold, which it lifts to the size of the largest buffer that was ever freed; a closed codec's pictures
// then stay in the arena of the thread that it had, and the next call's codecs have other threads. Android's allocator
// gives large buffers back as it is.
static void kl_give_back(void) {
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}
*/
import "C"

func init() { C.kl_give_back() }
