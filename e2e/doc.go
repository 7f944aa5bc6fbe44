// Package e2e plays whole journeys with the real programs: kontaktd, the tablet's binary in a window under Xvfb, and
// Chromium for the clinic and the sign-in page. Invariants: it sees the tablet as a person does, by the pixels of its
// window, and acts on it by the X server's pointer and keyboard; it reads a page by what the page shows; whatever it
// starts ends with it. The package is the stage (Lab, Tablet, Page); the tests and e2e/play are the plays.
package e2e
