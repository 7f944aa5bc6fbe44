-- +goose Up

-- A place may be held by a citizen's own phone: no tablet, no helper.
DROP INDEX entries_device;
ALTER TABLE entries DROP CONSTRAINT entries_device_fkey;
ALTER TABLE entries ALTER COLUMN device SET DEFAULT ''; -- that last joined or answered; '' for a phone of the citizen's own
ALTER TABLE entries DROP CONSTRAINT entries_helper_fkey;
ALTER TABLE entries ALTER COLUMN helper SET DEFAULT '';

ALTER TABLE entries ADD COLUMN rank BIGINT NOT NULL DEFAULT 0;           -- nanoseconds: the moment since which it counts as standing
ALTER TABLE entries ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;    -- the clinic put it before the others
ALTER TABLE entries ADD COLUMN order_reason BYTEA NOT NULL DEFAULT '';   -- sealed: why the clinic moved it
ALTER TABLE entries ADD COLUMN ordered_by TEXT NOT NULL DEFAULT '';      -- employee who did
ALTER TABLE entries ADD COLUMN planned_at BIGINT NOT NULL DEFAULT 0;     -- booked time
ALTER TABLE entries ADD COLUMN no_booking BOOLEAN NOT NULL DEFAULT FALSE; -- the clinic wants one, and there is none today
ALTER TABLE entries ADD COLUMN attachment TEXT NOT NULL DEFAULT 'own';   -- own, cover, unchecked
ALTER TABLE entries ADD COLUMN handed_to TEXT NOT NULL DEFAULT '';       -- clinician who is to go on
ALTER TABLE entries ADD COLUMN handed_by TEXT NOT NULL DEFAULT '';       -- clinician who handed it over
ALTER TABLE entries ADD COLUMN kept BOOLEAN NOT NULL DEFAULT FALSE;      -- the clinic closed and lets it stand till it opens again
ALTER TABLE entries ADD COLUMN told_until BIGINT NOT NULL DEFAULT 0;     -- the end of the wait that was told when it was drawn; 0: none was
ALTER TABLE entries ADD COLUMN end_words BYTEA NOT NULL DEFAULT '';      -- sealed: the clinic's reason for removing it
UPDATE entries SET rank = joined_at;
CREATE INDEX entries_calling ON entries (call) WHERE call <> '';
CREATE INDEX entries_removed ON entries (clinic, ended_at) WHERE end_reason = 'removed';

CREATE TABLE holders ( -- tablets that hold a place, each with its presence
  entry      TEXT    NOT NULL REFERENCES entries (id),
  device     TEXT    NOT NULL,
  since      BIGINT  NOT NULL,
  away       BOOLEAN NOT NULL,
  no_contact BOOLEAN NOT NULL,
  reason     BYTEA   NOT NULL DEFAULT '', -- sealed: why it took the place over
  PRIMARY KEY (entry, device)
);
CREATE INDEX holders_device ON holders (device);
INSERT INTO holders (entry, device, since, away, no_contact) SELECT id, device, joined_at, away, no_contact FROM entries;
ALTER TABLE entries DROP COLUMN away;
ALTER TABLE entries DROP COLUMN no_contact;

ALTER TABLE numbers ADD COLUMN rank BIGINT NOT NULL DEFAULT 0; -- of the last drawn; the next is higher, whatever a node's clock says

ALTER TABLE clinics ADD COLUMN booking TEXT NOT NULL DEFAULT 'off';          -- a booked time today is demanded (block), marked (flag) or neither (off)
ALTER TABLE clinics ADD COLUMN may_keep BOOLEAN NOT NULL DEFAULT FALSE;      -- closing may leave places standing till the next opening
ALTER TABLE clinics ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0;          -- by the clinic's own word
ALTER TABLE clinics ADD COLUMN delay BIGINT NOT NULL DEFAULT 0;              -- minutes that the clinic says it is late
ALTER TABLE clinics ADD COLUMN delay_at BIGINT NOT NULL DEFAULT 0;           -- when it said so
ALTER TABLE clinics ADD COLUMN staffed_at BIGINT NOT NULL DEFAULT 0;         -- when somebody's page of the room last stood

CREATE TABLE covers ( -- holiday cover: clinic may take the other's patients in, on the days from–to
  clinic     TEXT NOT NULL REFERENCES clinics (id),
  for_clinic TEXT NOT NULL REFERENCES clinics (id),
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL,
  PRIMARY KEY (clinic, for_clinic, from_day)
);
CREATE INDEX covers_for ON covers (for_clinic);

CREATE TABLE bookings (
  clinic    TEXT   NOT NULL REFERENCES clinics (id),
  citizen   TEXT   NOT NULL REFERENCES citizens (id),
  at        BIGINT NOT NULL,
  minutes   BIGINT NOT NULL,
  clinician TEXT   NOT NULL, -- name as the journal gives it, or ''
  PRIMARY KEY (clinic, citizen, at)
);

CREATE TABLE messages (
  id      TEXT PRIMARY KEY,
  clinic  TEXT   NOT NULL,
  entry   TEXT   NOT NULL REFERENCES entries (id),
  batch   TEXT   NOT NULL, -- the same for all that one press sent
  text    BYTEA  NOT NULL, -- sealed
  sender  TEXT   NOT NULL, -- employee
  at      BIGINT NOT NULL,
  read_at BIGINT NOT NULL
);
CREATE INDEX messages_entry ON messages (entry, at);
CREATE INDEX messages_clinic ON messages (clinic, at);

CREATE TABLE outbox (
  id         TEXT PRIMARY KEY, -- also the reference that the receiver knows it by
  kind       TEXT   NOT NULL,
  payload    BYTEA  NOT NULL,  -- sealed
  state      TEXT   NOT NULL,  -- due, done, dead
  attempts   BIGINT NOT NULL,
  next_at    BIGINT NOT NULL,  -- not before; a worker that takes the row moves it ahead
  error      TEXT   NOT NULL,  -- kind of the last failure, never its words
  created_at BIGINT NOT NULL,
  done_at    BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'due';

ALTER TABLE citizens ADD COLUMN checked_at BIGINT NOT NULL DEFAULT 0; -- when a registry last told name and clinic; 0: none ever did
UPDATE citizens SET checked_at = 1;

ALTER TABLE employees ADD COLUMN appointed BOOLEAN NOT NULL DEFAULT FALSE; -- role and clinic were given by us; a sign-in does not change them
CREATE INDEX employees_clinic ON employees (clinic) WHERE clinic <> '';

-- +goose Down
SELECT 'a database with these columns is not taken back: restore the backup that was made before' WHERE 1 = 0;
