package backend

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/backend/store/engine"
)

func (d *doctor) folder(context.Context) Finding {
	info, err := os.Stat(d.cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{Level: Doubtful, Said: d.cfg.Data + " is not there yet", Advice: "the first command or start makes it; is --data the folder you mean?"}
	case err != nil:
		return broken(err, "let kontaktd's user read and write --data")
	case info.Mode().Perm()&0o077 != 0:
		return Finding{Level: Doubtful, Said: fmt.Sprintf("%s can be read by others (%o)", d.cfg.Data, info.Mode().Perm()), Advice: "chmod 700 " + d.cfg.Data}
	}
	probe, err := os.CreateTemp(d.cfg.Data, ".doctor-*")
	if err != nil {
		return broken(err, "let kontaktd's user write in --data")
	}
	probe.Close()
	os.Remove(probe.Name())
	return fine("%s can be written, and by nobody else", d.cfg.Data)
}

func (d *doctor) disk(context.Context) Finding {
	free, err := diskFree(d.cfg.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return fine("nothing to look at yet")
	}
	if err != nil {
		return broken(err, "")
	}
	said := fmt.Sprintf("%d MiB free", free>>20)
	switch {
	case free < diskOut:
		return Finding{Level: Broken, Said: said, Advice: "make room now: without it no number can be drawn"}
	case free < diskLow:
		return Finding{Level: Doubtful, Said: said, Advice: "make room: a full disk stops the waiting rooms"}
	}
	return fine("%s", said)
}

func (d *doctor) keys(context.Context) Finding {
	path := d.cfg.keysFile()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{Level: Doubtful, Said: path + " is not there yet", Advice: "the first start makes it; where a database exists already, put its keys back instead"}
	case err != nil:
		return broken(err, "let kontaktd's user read the keys")
	case info.Mode().Perm()&0o077 != 0:
		return Finding{Level: Broken, Said: fmt.Sprintf("%s can be read by others (%o)", path, info.Mode().Perm()), Advice: "chmod 600 " + path}
	}
	if _, err := store.KeysFile(path); err != nil {
		return broken(err, "put back the copy that you keep elsewhere")
	}
	return fine("%s is readable, and by nobody else: is there a copy elsewhere?", path)
}

func (d *doctor) database(ctx context.Context) Finding {
	if err := d.cfg.exists(); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Finding{Level: Doubtful, Said: "there is none yet", Advice: "the first command or start makes it"}
		}
		return broken(err, "see --database")
	}
	address := d.cfg.Address()
	if version, err := engine.Version(ctx, address); err != nil {
		return broken(err, "is the address right, and does the database run?")
	} else if version == 0 {
		return Finding{Level: Doubtful, Said: engine.Name(address) + " is empty", Advice: "the first command or start makes the tables"}
	}
	if said, err := engine.Check(ctx, address); err != nil {
		return broken(err, "restore the last backup into a new database, and keep this one to look at")
	} else if said != "" {
		return Finding{Level: Broken, Said: said, Advice: "what was acknowledged could be lost in a power cut: turn it on again"}
	}
	began := time.Now()
	db, err := d.cfg.Open(ctx, d.cfg.Now)
	if err == nil {
		err = errors.Join(db.Update(ctx, func(tx *store.Tx) error { return tx.SetSetting("doctor", tx.Now().Format(time.RFC3339)) }), db.Close())
	}
	if err != nil {
		return broken(err, "can kontaktd's user write there, and are the keys those of this database?")
	}
	if took := time.Since(began); took > slowDatabase {
		return Finding{Level: Doubtful, Said: fmt.Sprintf("%s took %s to open and write", engine.Name(address), took.Round(time.Millisecond)), Advice: "is the disk or the network slow?"}
	}
	return fine("%s can be read and written", engine.Name(address))
}

func (d *doctor) people(ctx context.Context) Finding {
	if d.cfg.exists() != nil {
		return fine("nothing to look at yet")
	}
	var municipalities, clinics int
	db, err := d.cfg.Open(ctx, d.cfg.Now)
	if err == nil {
		err = errors.Join(db.View(ctx, func(tx *store.Tx) error {
			m, err := tx.Municipalities()
			if err != nil {
				return err
			}
			c, err := tx.Clinics()
			municipalities, clinics = len(m), len(c)
			return err
		}), db.Close())
	}
	switch {
	case err != nil:
		return broken(err, "")
	case municipalities == 0:
		return Finding{Level: Doubtful, Said: "no municipality", Advice: "kontaktd municipality add CVR NAME"}
	case clinics == 0:
		return Finding{Level: Doubtful, Said: "no clinic", Advice: "kontaktd clinic add YDERNUMMER CVR NAME TOWN --phone NUMBER"}
	}
	return fine("%d municipalities, %d clinics", municipalities, clinics)
}
