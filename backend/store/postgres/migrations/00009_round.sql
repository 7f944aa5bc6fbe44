-- +goose Up

CREATE TABLE visits ( -- of nurses' rounds
  id           TEXT PRIMARY KEY,
  municipality TEXT   NOT NULL,
  employee     TEXT   NOT NULL, -- whose round it is
  device       TEXT   NOT NULL, -- tablet by which it came there: its unit sees the visit once it is missed
  citizen      TEXT   NOT NULL REFERENCES citizens (id),
  place        BYTEA  NOT NULL, -- sealed
  planned_at   BIGINT NOT NULL,
  rank         BIGINT NOT NULL, -- orders the open ones of a round
  state        TEXT   NOT NULL, -- planned, done, missed, dropped; under way and done also follow from the entry
  entry        TEXT   NOT NULL, -- place that it is tied to, or ''
  put_at       BIGINT NOT NULL, -- when it came into this round
  closed_at    BIGINT NOT NULL
);
CREATE INDEX visits_employee ON visits (employee);
CREATE INDEX visits_device ON visits (device) WHERE state = 'missed';
CREATE INDEX visits_planned ON visits (planned_at) WHERE state = 'planned';
CREATE INDEX visits_entry ON visits (entry) WHERE entry <> '';

CREATE TABLE handovers (
  id           TEXT PRIMARY KEY,
  code_hash    BYTEA  NOT NULL UNIQUE, -- keyed hash
  municipality TEXT   NOT NULL,
  employee     TEXT   NOT NULL, -- who offers
  device       TEXT   NOT NULL,
  expires_at   BIGINT NOT NULL,
  accepted_at  BIGINT NOT NULL,
  accepted_by  TEXT   NOT NULL, -- employee
  accepted_on  TEXT   NOT NULL  -- tablet
);
CREATE INDEX handovers_expire ON handovers (expires_at);

ALTER TABLE holders ADD COLUMN next_device TEXT NOT NULL DEFAULT ''; -- tablet that the hold goes to when the call has ended
ALTER TABLE holders ADD COLUMN next_helper TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE holders DROP COLUMN next_helper;
ALTER TABLE holders DROP COLUMN next_device;
DROP TABLE handovers;
DROP TABLE visits;
