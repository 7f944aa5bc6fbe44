package testkit

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// PostgresServer is a real PostgreSQL of this process alone, on a loopback port. It goes when the process does, however
// that ends, and its files with it.
type PostgresServer struct {
	Port int
	bin  string // folder of initdb and postgres
	dir  string
	as   *syscall.Credential // nil: ourselves

	mu        sync.Mutex
	run       *exec.Cmd
	life      *os.File // closed, it ends the server
	databases int
}

var shared = sync.OnceValues(OpenPostgres)

// Postgres gives the address of a fresh, empty database on the process's server. It fails where there is no PostgreSQL.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.Database(t)
}

// NewPostgres gives a server of the test's own, to stop, start and kill.
func NewPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	s, err := OpenPostgres()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Remove)
	return s
}

// Database makes a fresh, empty database and gives its address.
func (s *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	address, err := s.NewDatabase()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Exec runs statements as the database's superuser, on the database that is always there.
func (s *PostgresServer) Exec(t testing.TB, sql string) {
	t.Helper()
	if err := s.exec(sql); err != nil {
		t.Fatal(err)
	}
}

func (s *PostgresServer) address(database string) string {
	return fmt.Sprintf("postgres://kontakt@127.0.0.1:%d/%s?sslmode=disable", s.Port, database)
}

func (s *PostgresServer) exec(sql string) error {
	psql := exec.Command(filepath.Join(s.bin, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", s.address("postgres"), "-c", sql)
	if out, err := psql.CombinedOutput(); err != nil {
		return fmt.Errorf("testkit: psql: %w: %s", err, out)
	}
	return nil
}

// Start starts the server after Stop or Kill, on the same port with the same data, and waits until it answers.
func (s *PostgresServer) Start(t testing.TB) {
	t.Helper()
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
}

// Stop ends the server as an operator would who waits for no client, and waits until it is gone.
func (s *PostgresServer) Stop(t testing.TB) { s.halt(t, false) }

// Kill ends the server without a goodbye to anybody, and waits until it is gone. On Start it recovers.
func (s *PostgresServer) Kill(t testing.TB) { s.halt(t, true) }

func (s *PostgresServer) halt(t testing.TB, kill bool) {
	t.Helper()
	if err := s.Halt(kill); err != nil {
		t.Fatal(err)
	}
}

// NewDatabase is Database for a program that is no test.
func (s *PostgresServer) NewDatabase() (address string, err error) {
	s.mu.Lock()
	s.databases++
	name := "test" + strconv.Itoa(s.databases)
	s.mu.Unlock()
	return s.address(name), s.exec(`CREATE DATABASE ` + name)
}

// Halt is Stop, or with kill Kill, for a program that is no test.
func (s *PostgresServer) Halt(kill bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return errors.New("testkit: PostgreSQL does not run")
	}
	signal := "INT"
	if kill {
		signal = "QUIT"
	}
	if _, err := s.life.WriteString(signal + "\n"); err != nil {
		return err
	}
	s.run.Wait()
	s.life.Close()
	s.run = nil
	return nil
}

// keeper runs the server. It passes on signals that it is told, and when nobody is there to tell it more, ends it and
// clears up behind it.
const keeper = `dir=$1; shift
"$@" </dev/null & server=$!
while read -r signal; do
	kill "-$signal" $server; wait $server; exit
done
kill -QUIT $server; wait $server
rm -rf "$dir"`

// OpenPostgres is NewPostgres for a program that is no test: it calls Remove itself.
func OpenPostgres() (*PostgresServer, error) {
	bin, err := findPostgres()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kontakt-postgres")
	if err != nil {
		return nil, err
	}
	s := &PostgresServer{bin: bin, dir: dir}
	if err := s.prepare(); err != nil {
		s.Remove()
		return nil, err
	}
	return s, nil
}

// settings suit tests: what they write need not outlive the machine. ALTER SYSTEM overrides them.
const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
fsync = off
autovacuum_naptime = 10s
`

func (s *PostgresServer) prepare() error {
	if os.Getuid() == 0 {
		as, err := nobody()
		if err != nil {
			return err
		}
		s.as = as
		if err := os.Chown(s.dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	init := exec.Command(filepath.Join(s.bin, "initdb"), "-D", filepath.Join(s.dir, "data"), "-U", "kontakt", "-A", "trust", "-E", "UTF8",
		"--locale=C", "--no-sync", "--no-instructions")
	s.confine(init)
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("testkit: initdb: %w\n%s", err, out)
	}
	conf, err := os.OpenFile(filepath.Join(s.dir, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = conf.WriteString(settings)
	if err := errors.Join(err, conf.Close()); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	return s.Resume()
}

// nobody is who runs the server where the tests run as root, which PostgreSQL refuses to.
func nobody() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
	}
	return nil, errors.New("testkit: PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

func (s *PostgresServer) confine(c *exec.Cmd) {
	c.Dir = s.dir
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true} // ^C at the tests is not for it
}

// Resume is Start for a program that is no test.
func (s *PostgresServer) Resume() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	said, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer said.Close()
	hold, life, err := os.Pipe()
	if err != nil {
		return err
	}
	defer hold.Close()
	s.run = exec.Command("/bin/sh", "-c", keeper, "keeper", s.dir, filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.dir, "data"),
		"-p", strconv.Itoa(s.Port))
	s.confine(s.run)
	s.run.Stdin, s.run.Stdout, s.run.Stderr, s.life = hold, said, said, life
	if err := s.run.Start(); err != nil {
		life.Close()
		return err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		err := s.exec("")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(said.Name())
			return fmt.Errorf("testkit: PostgreSQL does not answer: %w\n%s", err, text)
		}
	}
}

// Remove ends the server and deletes its files.
func (s *PostgresServer) Remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		s.life.Close()
		s.run.Wait()
		s.run = nil
	}
	os.RemoveAll(s.dir)
}

// findPostgres finds the folder of the server's programs: Debian keeps them out of the path.
func findPostgres() (string, error) {
	var places []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			places = append(places, filepath.Dir(real))
		}
	}
	debian, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Reverse(debian) // the newest first
	for _, dir := range append(places, debian...) {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("testkit: there is no PostgreSQL server on this machine: run .ci/install test")
}
