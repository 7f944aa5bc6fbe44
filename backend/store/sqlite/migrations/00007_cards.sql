-- +goose Up

CREATE TABLE cards ( -- what a nurse tells the clinician about a place: ISBAR and TOBS
  entry      TEXT PRIMARY KEY REFERENCES entries (id),
  version    BIGINT NOT NULL,
  text       BLOB   NOT NULL, -- sealed
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL -- employee
);

-- +goose Down
DROP TABLE cards;
