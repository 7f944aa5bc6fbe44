-- +goose Up

ALTER TABLE entries ADD COLUMN emergency_at BIGINT NOT NULL DEFAULT 0; -- when 112 was called; 0: it was not

CREATE TABLE records ( -- consent and presence at a place: rows are added and never changed
  entry    TEXT   NOT NULL REFERENCES entries (id),
  n        BIGINT NOT NULL, -- from 1
  at       BIGINT NOT NULL,
  what     TEXT   NOT NULL,
  who      TEXT   NOT NULL, -- role
  detail   TEXT   NOT NULL, -- a word from a list
  words    BLOB   NOT NULL, -- sealed
  corrects BIGINT NOT NULL, -- n of the row that this one sets right; 0: none
  by_side  TEXT   NOT NULL,
  employee TEXT   NOT NULL, -- the clinician
  PRIMARY KEY (entry, n)
);
CREATE INDEX records_first ON records (at) WHERE n = 1;

-- +goose Down
DROP TABLE records;
ALTER TABLE entries DROP COLUMN emergency_at;
