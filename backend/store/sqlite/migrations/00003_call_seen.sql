-- +goose Up
ALTER TABLE calls ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0; -- when somebody's stream of its room last stood

-- +goose Down
ALTER TABLE calls DROP COLUMN seen_at;
