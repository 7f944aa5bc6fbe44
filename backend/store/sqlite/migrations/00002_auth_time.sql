-- +goose Up
ALTER TABLE employees ADD COLUMN auth_time BIGINT NOT NULL DEFAULT 0; -- of the last sign-in at the provider

-- +goose Down
ALTER TABLE employees DROP COLUMN auth_time;
