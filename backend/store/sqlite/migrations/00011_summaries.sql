-- +goose Up

CREATE TABLE summaries ( -- conversations for the care journal; one outlives its place
  id           TEXT PRIMARY KEY,
  version      BIGINT NOT NULL,
  entry        TEXT   NOT NULL,
  call         TEXT   NOT NULL UNIQUE,
  citizen      TEXT   NOT NULL,
  employee     TEXT   NOT NULL, -- whose it is
  municipality TEXT   NOT NULL,
  conversation BLOB   NOT NULL, -- sealed: who talked with whom, how, from when to when
  note         BLOB   NOT NULL, -- sealed: what the nurse adds
  ended_at     BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL
);
CREATE INDEX summaries_employee ON summaries (employee, ended_at);
CREATE INDEX summaries_expire ON summaries (expires_at);

ALTER TABLE signins ADD COLUMN portal TEXT NOT NULL DEFAULT ''; -- where a browser without a tablet signs in: '' the clinic module, 'nurse' the nurse's page

-- +goose Down
ALTER TABLE signins DROP COLUMN portal;
DROP TABLE summaries;
