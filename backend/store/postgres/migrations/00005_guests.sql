-- +goose Up

CREATE TABLE guests ( -- who joins the call of a place by a link
  id          TEXT PRIMARY KEY,
  entry       TEXT   NOT NULL REFERENCES entries (id),
  kind        TEXT   NOT NULL,
  name        BYTEA  NOT NULL, -- sealed
  state       TEXT   NOT NULL,
  invited_by  TEXT   NOT NULL, -- participant: tablet, clinic
  employee    TEXT   NOT NULL, -- who invited
  link_hash   BYTEA  NOT NULL UNIQUE, -- keyed hash of the link's token
  invited_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL, -- of the link
  opened_at   BIGINT NOT NULL,
  admitted_at BIGINT NOT NULL,
  admitted_by TEXT   NOT NULL, -- employee
  ended_at    BIGINT NOT NULL
);
CREATE INDEX guests_entry ON guests (entry, invited_at);
CREATE INDEX guests_invited ON guests (expires_at) WHERE state = 'invited';

CREATE TABLE guest_sessions (
  id          TEXT PRIMARY KEY,
  guest       TEXT   NOT NULL REFERENCES guests (id),
  secret_hash BYTEA  NOT NULL UNIQUE, -- keyed hash
  expires_at  BIGINT NOT NULL
);
CREATE INDEX guest_sessions_expire ON guest_sessions (expires_at);

-- +goose Down
DROP TABLE guest_sessions;
DROP TABLE guests;
