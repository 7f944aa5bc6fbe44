package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// namespace is a network of its own without a name: it goes when the last process in it has gone and this program has
// ended, however it ended. Its only way out is a TUN device, whose other end is this program.
type namespace struct {
	name string
	net  *os.File // the namespace
	tun  *os.File // its packets, one a read
}

const mtu = 1500

var errNeeds = errors.New("netlab needs Linux, root (CAP_NET_ADMIN, CAP_SYS_ADMIN), /dev/net/tun and iproute2: it makes networks of its own and touches no other")

// newNamespace makes one with the address, given as CIDR.
func newNamespace(name, address string) (*namespace, error) {
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, errors.Join(errNeeds, err)
	}
	n := &namespace{name: name}
	// A thread of its own is thrown away with the namespace that it was unshared into.
	made := make(chan error)
	go func() {
		runtime.LockOSThread()
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			made <- errors.Join(errNeeds, err)
			return
		}
		var err error
		n.net, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
		made <- err
	}()
	if err := <-made; err != nil {
		return nil, err
	}
	err := n.inside(func() error {
		var err error
		n.tun, err = openTUN("net0")
		return err
	})
	if err == nil {
		err = errors.Join(n.ip("link set lo up"), n.ip("link set net0 mtu 1500 addrgenmode none up"), n.join(address))
	}
	if err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// join gives it an address and the way out over it.
func (n *namespace) join(address string) error {
	return errors.Join(n.ip("addr add "+address+" dev net0"), n.ip("route replace default dev net0"))
}

// leave takes an address away.
func (n *namespace) leave(address string) error { return n.ip("addr del " + address + " dev net0") }

func (n *namespace) ip(args string) error {
	return n.inside(func() error {
		out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ip %s in %s: %w: %s", args, n.name, err, out)
		}
		return nil
	})
}

// inside runs do in the namespace: what it starts and opens is there.
func (n *namespace) inside(do func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		home, err := os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
		if err != nil {
			done <- err
			return
		}
		defer home.Close()
		if err := unix.Setns(int(n.net.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- errors.Join(errNeeds, err)
			return
		}
		err = do()
		if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
			done <- errors.Join(errNeeds, err, back) // the thread stays locked and ends with this goroutine
			return
		}
		runtime.UnlockOSThread()
		done <- err
	}()
	return <-done
}

func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.Join(errNeeds, err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		unix.Close(fd)
		return nil, errors.Join(errNeeds, err)
	}
	return os.NewFile(uintptr(fd), "tun of "+name), nil
}

func (n *namespace) close() {
	for _, f := range []*os.File{n.tun, n.net} {
		if f != nil {
			f.Close()
		}
	}
}
