-- +goose Up
ALTER TABLE signins ADD COLUMN auth_time BIGINT NOT NULL DEFAULT 0; -- when the employee signed in at the provider

-- +goose Down
ALTER TABLE signins DROP COLUMN auth_time;
