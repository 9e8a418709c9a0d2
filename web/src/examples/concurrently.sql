BEGIN;

CREATE INDEX CONCURRENTLY payments_created_at ON payments (created_at);

COMMIT;
