package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
	"kontaktlaege/backend/store/transfer"
)

// Storage is where everything lies that must outlive a process.
type Storage struct {
	Data     string `default:"data" type:"path" placeholder:"DIR" help:"Folder of the database kontakt.db where --database names no other, its keys and the relay's secret. Default: ${default}."`
	Database string `placeholder:"ADDRESS" help:"Where everything is kept: sqlite:FILE, or postgres://USER@HOST/NAME for more than one machine. Default: sqlite:kontakt.db in --data."`
	KeysFile string `type:"path" placeholder:"FILE" help:"Keys that seal personal data; all nodes on one database need the same. Default: keys in --data, made on the first start. Without them the database cannot be read: keep a copy elsewhere."`
}

// Address is the database's: the embedded one where none is named.
func (s Storage) Address() string {
	if s.Database != "" {
		return s.Database
	}
	return "sqlite:" + filepath.Join(s.Data, "kontakt.db")
}

// flag is the one that says where the database is.
func (s Storage) flag() string {
	if s.Database != "" {
		return "database"
	}
	return "data"
}

func (s Storage) check() error {
	if _, _, err := engine.Split(s.Address()); err != nil {
		return wrong("database", "%w", err)
	}
	return nil
}

func (s Storage) keysFile() string {
	if s.KeysFile != "" {
		return s.KeysFile
	}
	return filepath.Join(s.Data, "keys")
}

// Open opens the database, making folder, keys and tables where they are missing. A server may run on it meanwhile.
func (s Storage) Open(ctx context.Context, now func() time.Time) (*store.DB, error) {
	return s.open(ctx, now, engine.Open)
}

// OpenLong opens a database that is there for one long change beside servers that run on it.
func (s Storage) OpenLong(ctx context.Context, now func() time.Time) (*store.DB, error) {
	if err := s.exists(); err != nil {
		return nil, err
	}
	return s.open(ctx, now, engine.OpenLong)
}

func (s Storage) open(ctx context.Context, now func() time.Time, open func(context.Context, string, store.Keys, func() time.Time) (*store.DB, error)) (*store.DB, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, wrong("data", "%w", err)
	}
	keys, err := store.KeysFile(s.keysFile())
	if err != nil {
		return nil, wrong("keys-file", "%w", err)
	}
	db, err := open(ctx, s.Address(), keys, now)
	if err != nil {
		return nil, wrong(s.flag(), "%w", err)
	}
	return db, nil
}

// lock takes an embedded database for this process alone; nothing for one that settles that itself.
func (s Storage) lock() (unlock func() error, err error) {
	kind, path, err := engine.Split(s.Address())
	if err != nil || kind != engine.SQLite {
		return func() error { return nil }, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, wrong(s.flag(), "%w", err)
	}
	if unlock, err = lock(path + ".lock"); err != nil {
		return nil, wrong(s.flag(), "%s: %w", path, err)
	}
	return unlock, nil
}

// exists refuses an embedded database that is not there: nobody means to make one by looking at it.
func (s Storage) exists() error {
	kind, path, err := engine.Split(s.Address())
	if err != nil {
		return wrong(s.flag(), "%w", err)
	}
	if kind == engine.SQLite {
		if _, err := os.Stat(path); err != nil {
			return wrong(s.flag(), "%w", err)
		}
	}
	return nil
}

// Migrate brings a database up to this version and says so.
func Migrate(ctx context.Context, at Storage) (said string, err error) {
	if err := at.exists(); err != nil {
		return "", err
	}
	was, is, err := engine.Migrate(ctx, at.Address())
	if err != nil {
		return "", wrong(at.flag(), "%w", err)
	}
	return fmt.Sprintf("%s was at version %d and is at version %d", engine.Name(at.Address()), was, is), nil
}

// Backup copies everything, as it stands at one moment, into a file that is not there yet. A server may run meanwhile.
func Backup(ctx context.Context, from Storage, file string, progress func(transfer.Progress)) (transfer.Report, error) {
	if err := from.exists(); err != nil {
		return transfer.Report{}, err
	}
	if _, err := os.Stat(file); err == nil {
		return transfer.Report{}, fmt.Errorf("%s is there already: a backup never overwrites another", file)
	}
	half := file + ".half" // what is called a backup is a whole one
	defer os.Remove(half)
	os.Remove(half)
	report, err := transfer.Copy(ctx, from.Address(), "sqlite:"+half, progress)
	if err != nil {
		return report, err
	}
	return report, errors.Join(settle(half), os.Rename(half, file))
}

// Restore puts a backup into an empty database that nobody uses.
func Restore(ctx context.Context, file string, to Storage, progress func(transfer.Progress)) (transfer.Report, error) {
	return Move(ctx, "sqlite:"+file, to.Address(), progress)
}

// Move copies everything at one address, which nobody may be using, to another, which must be empty.
func Move(ctx context.Context, from, to string, progress func(transfer.Progress)) (transfer.Report, error) {
	for _, address := range []string{from, to} {
		at := Storage{Database: address}
		if address == from {
			if err := at.exists(); err != nil {
				return transfer.Report{}, err
			}
		}
		unlock, err := at.lock()
		if err != nil {
			return transfer.Report{}, err
		}
		defer unlock()
	}
	return transfer.Copy(ctx, from, to, progress)
}

// settle makes sure that a file outlives a power cut.
func settle(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
