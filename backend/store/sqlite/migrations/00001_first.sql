-- Times are nanoseconds since 1970 in UTC, 0 for none. Sealed columns are AES-256-GCM bound to table, column and row.

-- +goose Up
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE rooms (
  room TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL -- of the last event
);

CREATE TABLE events (
  room TEXT   NOT NULL,
  seq  BIGINT NOT NULL,
  type TEXT   NOT NULL,
  at   BIGINT NOT NULL,
  data TEXT   NOT NULL, -- JSON: ids and states, a call's signals; never a name or a CPR number
  PRIMARY KEY (room, seq)
);

CREATE TABLE audit (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           BIGINT NOT NULL,
  local        TEXT   NOT NULL, -- Danish time with its offset
  role         TEXT   NOT NULL,
  employee     TEXT   NOT NULL,
  session      TEXT   NOT NULL,
  device       TEXT   NOT NULL,
  municipality TEXT   NOT NULL,
  org_clinic   TEXT   NOT NULL, -- the actor's own clinic
  action       TEXT   NOT NULL,
  outcome      TEXT   NOT NULL,
  citizen      TEXT   NOT NULL, -- keyed hash of the CPR number
  clinic       TEXT   NOT NULL,
  entry        TEXT   NOT NULL,
  call         TEXT   NOT NULL,
  mode         TEXT   NOT NULL,
  reason       TEXT   NOT NULL,
  seal         BIGINT UNIQUE,   -- place in the chain; NULL until sealed
  hash         BLOB
);
CREATE INDEX audit_citizen ON audit (citizen, at);
CREATE INDEX audit_employee ON audit (employee, at);
CREATE INDEX audit_device ON audit (device, action, at);
CREATE INDEX audit_unsealed ON audit (id) WHERE seal IS NULL;

CREATE TABLE municipalities (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  cvr  TEXT NOT NULL UNIQUE
);

CREATE TABLE clinics (
  id         TEXT PRIMARY KEY,
  name       TEXT   NOT NULL,
  town       TEXT   NOT NULL,
  phone      TEXT   NOT NULL,
  cvr        TEXT   NOT NULL,
  ydernummer TEXT   NOT NULL UNIQUE,
  ring_time  BIGINT NOT NULL, -- nanoseconds
  opening    TEXT   NOT NULL  -- JSON of kontakt.Opening
);
CREATE INDEX clinics_cvr ON clinics (cvr);

CREATE TABLE employees (
  id           TEXT PRIMARY KEY,
  issuer       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  name         TEXT NOT NULL,
  title        TEXT NOT NULL,
  role         TEXT NOT NULL,
  municipality TEXT NOT NULL,
  clinic       TEXT NOT NULL,
  UNIQUE (issuer, subject)
);

CREATE TABLE enrol_codes (
  hash         BLOB PRIMARY KEY,
  municipality TEXT   NOT NULL REFERENCES municipalities (id),
  name         TEXT   NOT NULL,
  place        TEXT   NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT NOT NULL,
  device       TEXT   NOT NULL
);

CREATE TABLE devices (
  id           TEXT PRIMARY KEY,
  municipality TEXT   NOT NULL REFERENCES municipalities (id),
  name         TEXT   NOT NULL,
  place        TEXT   NOT NULL,
  public_key   BLOB   NOT NULL,
  app          TEXT   NOT NULL,
  enrolled_at  BIGINT NOT NULL,
  revoked_at   BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL
);

CREATE TABLE challenges (
  hash       BLOB PRIMARY KEY,
  device     TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE signins (
  id           TEXT PRIMARY KEY,
  state        TEXT   NOT NULL,
  device       TEXT   NOT NULL,
  employee     TEXT   NOT NULL,
  nonce        TEXT   NOT NULL,
  verifier     TEXT   NOT NULL,
  idp_session  TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  code_expires BIGINT NOT NULL,
  msg          TEXT   NOT NULL,
  start_hash   BLOB UNIQUE,
  state_hash   BLOB UNIQUE,
  code_hash    BLOB
);
CREATE INDEX signins_device ON signins (device);

CREATE TABLE sessions (
  id           TEXT PRIMARY KEY,
  secret_hash  BLOB   NOT NULL UNIQUE,
  role         TEXT   NOT NULL,
  device       TEXT   NOT NULL,
  employee     TEXT   NOT NULL,
  municipality TEXT   NOT NULL,
  clinic       TEXT   NOT NULL,
  issuer       TEXT   NOT NULL,
  idp_session  TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  ended_at     BIGINT NOT NULL
);
CREATE INDEX sessions_device ON sessions (device) WHERE ended_at = 0;
CREATE INDEX sessions_employee ON sessions (employee) WHERE ended_at = 0;

CREATE TABLE citizens (
  id         TEXT PRIMARY KEY,
  cpr        BLOB NOT NULL,        -- sealed
  cpr_lookup BLOB NOT NULL UNIQUE, -- keyed hash
  name       BLOB NOT NULL,        -- sealed
  clinic     TEXT NOT NULL         -- attached to; '' for none that we serve
);

CREATE TABLE entries (
  id           TEXT PRIMARY KEY,
  version      BIGINT  NOT NULL,
  state        TEXT    NOT NULL,
  clinic       TEXT    NOT NULL REFERENCES clinics (id),
  citizen      TEXT    NOT NULL REFERENCES citizens (id),
  device       TEXT    NOT NULL REFERENCES devices (id),
  municipality TEXT    NOT NULL,
  helper       TEXT    NOT NULL REFERENCES employees (id),
  mode         TEXT    NOT NULL,
  source       TEXT    NOT NULL,
  day          TEXT    NOT NULL, -- Danish day of the number
  number       BIGINT  NOT NULL,
  reason       BLOB    NOT NULL, -- sealed
  away         BOOLEAN NOT NULL,
  no_contact   BOOLEAN NOT NULL,
  notice       TEXT    NOT NULL,
  no_answers   BIGINT  NOT NULL,
  no_answer_at BIGINT  NOT NULL,
  postponed_to BIGINT  NOT NULL,
  front_at     BIGINT  NOT NULL, -- when it was put to the front
  lost_at      BIGINT  NOT NULL, -- since when the media are gone
  call         TEXT    NOT NULL, -- the call under way
  joined_at    BIGINT  NOT NULL,
  started_at   BIGINT  NOT NULL,
  ended_at     BIGINT  NOT NULL,
  ended_by     TEXT    NOT NULL,
  end_reason   TEXT    NOT NULL,
  UNIQUE (clinic, day, number)
);
CREATE UNIQUE INDEX entries_one_open ON entries (citizen, clinic) WHERE state NOT IN ('ended', 'left');
CREATE INDEX entries_open ON entries (clinic) WHERE state NOT IN ('ended', 'left');
CREATE INDEX entries_device ON entries (device) WHERE state NOT IN ('ended', 'left');

CREATE TABLE numbers (
  clinic TEXT   NOT NULL,
  day    TEXT   NOT NULL,
  number BIGINT NOT NULL, -- the last drawn
  PRIMARY KEY (clinic, day)
);

CREATE TABLE calls (
  id         TEXT PRIMARY KEY,
  entry      TEXT    NOT NULL REFERENCES entries (id),
  clinic     TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  clinician  TEXT    NOT NULL REFERENCES employees (id),
  created_at BIGINT  NOT NULL,
  ring_until BIGINT  NOT NULL,
  prolonged  BOOLEAN NOT NULL, -- "Vent 2 min." was asked for
  started_at BIGINT  NOT NULL, -- of the conversation
  ended_at   BIGINT  NOT NULL,
  reason     TEXT    NOT NULL,
  log        BOOLEAN NOT NULL  -- its room's log still stands
);
CREATE INDEX calls_entry ON calls (entry);
CREATE INDEX calls_log ON calls (ended_at) WHERE log;
CREATE INDEX calls_recent ON calls (clinic, ended_at);

CREATE TABLE replies (
  scope       TEXT   NOT NULL,
  key         TEXT   NOT NULL,
  fingerprint TEXT   NOT NULL,
  status      BIGINT NOT NULL,
  body        BLOB   NOT NULL, -- sealed
  at          BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX replies_at ON replies (at);

-- +goose Down
DROP TABLE replies;
DROP TABLE calls;
DROP TABLE numbers;
DROP TABLE entries;
DROP TABLE citizens;
DROP TABLE sessions;
DROP TABLE signins;
DROP TABLE challenges;
DROP TABLE devices;
DROP TABLE enrol_codes;
DROP TABLE employees;
DROP TABLE clinics;
DROP TABLE municipalities;
DROP TABLE audit;
DROP TABLE events;
DROP TABLE rooms;
DROP TABLE settings;
