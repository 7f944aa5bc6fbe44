-- +goose Up

CREATE TABLE tobs_tables ( -- a municipality's versions of its table of TOBS
  municipality TEXT    NOT NULL REFERENCES municipalities (id),
  version      TEXT    NOT NULL,
  valid_from   TEXT    NOT NULL, -- day
  text         TEXT    NOT NULL, -- JSON, as the municipality gave it
  set_at       BIGINT  NOT NULL,
  stopped      BOOLEAN NOT NULL, -- the municipality has turned TOBS off since
  PRIMARY KEY (municipality, version)
);

-- +goose Down
DROP TABLE tobs_tables;
