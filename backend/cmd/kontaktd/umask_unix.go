//go:build unix

package main

import "syscall"

// What the server writes (database, keys, logs) is for its own user.
func init() { syscall.Umask(0o077) }
