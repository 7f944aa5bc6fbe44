-- +goose Up

CREATE TABLE orders ( -- what the doctor of a place's call has ordered
  id           TEXT PRIMARY KEY,
  entry        TEXT   NOT NULL REFERENCES entries (id),
  clinic       TEXT   NOT NULL,
  version      BIGINT NOT NULL,
  state        TEXT   NOT NULL,
  text         BYTEA  NOT NULL, -- sealed
  written_from TEXT   NOT NULL, -- participant: tablet, clinic
  author       TEXT   NOT NULL, -- employee
  written_at   BIGINT NOT NULL,
  read_by      TEXT   NOT NULL, -- employee who read it back
  read_at      BIGINT NOT NULL,
  confirmed_by TEXT   NOT NULL, -- employee
  confirmed_at BIGINT NOT NULL,
  ended_by     TEXT   NOT NULL, -- employee who corrected or withdrew it
  ended_at     BIGINT NOT NULL,
  replaces     TEXT   NOT NULL  -- the order that it corrects, or ''
);
CREATE INDEX orders_entry ON orders (entry, written_at);
CREATE INDEX orders_written ON orders (written_at);
CREATE INDEX orders_unconfirmed ON orders (clinic, entry) WHERE state IN ('written', 'read_back');

-- +goose Down
DROP TABLE orders;
