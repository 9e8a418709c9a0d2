postgres = preset = "strict" "all" transaction = "file" "none" "run" single_query = true [rules] = "off" = "warning" = "error" [tables] small = [" lockkeeper: ignore
op.create_table(op.add_column(op.execute(sa.Column(sa.Integer(), nullable=False), server_default= def upgrade() -> None: def downgrade() -> None: revision = down_revision = from alembic import op import sqlalchemy as sa
INHERIT OWNER TO GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public REVOKE TABLESPACE EXTENSION IF NOT EXISTS COMMENT ON COLUMN IS ' COLLATE OPERATOR
DO $$ BEGIN EXCEPTION WHEN duplicate_object THEN NULL; END $$; CREATE OR REPLACE FUNCTION RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$ CREATE TRIGGER BEFORE UPDATE ON FOR EACH ROW EXECUTE FUNCTION
CREATE TYPE status AS ENUM ('active', 'pending'); ALTER TYPE status ADD VALUE 'archived'; CREATE VIEW AS SELECT FROM WHERE GROUP BY CREATE MATERIALIZED VIEW REFRESH MATERIALIZED VIEW CONCURRENTLY CREATE SEQUENCE
ATTACH PARTITION DETACH PARTITION CONCURRENTLY PARTITION BY LIST ( HASH ( RANGE (created_at); CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01'); DEFAULT;
UPDATE SET WHERE IS NULL; DELETE FROM INSERT INTO VALUES (1, ' SELECT ON CONFLICT DO NOTHING; TRUNCATE TABLE RESTART IDENTITY CASCADE; VACUUM ANALYZE REINDEX INDEX CONCURRENTLY REINDEX TABLE CLUSTER USING
ALTER TABLE ONLY RENAME COLUMN RENAME TO DROP INDEX CONCURRENTLY IF EXISTS DROP TABLE IF EXISTS CASCADE; DROP COLUMN DROP CONSTRAINT ALTER COLUMN SET DATA TYPE USING ::text; SET DEFAULT DROP DEFAULT; DROP NOT NULL; SET NOT NULL;
 varchar(255) NOT NULL, numeric(10, 2) NOT NULL DEFAULT 0, boolean NOT NULL DEFAULT false, jsonb NOT NULL DEFAULT '{}', uuid PRIMARY KEY DEFAULT gen_random_uuid(), timestamp with time zone timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, created_at timestamptz NOT NULL DEFAULT now(), updated_at integer smallint date bytea serial PRIMARY KEY, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text UNIQUE, CHECK (
BEGIN;
SET lock_timeout = '2s';
SET statement_timeout = '30s';
ALTER TABLE accounts ADD CONSTRAINT accounts_email_key UNIQUE USING INDEX ALTER TABLE payments ADD CONSTRAINT payments_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE NOT VALID;
COMMIT;
CREATE TABLE products (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
CREATE UNIQUE INDEX CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_id_idx ON orders (customer_id);
CREATE INDEX items_status_idx ON items (status) WHERE deleted_at IS NULL;
ALTER TABLE users ADD COLUMN status text NOT NULL DEFAULT 'active';
ALTER TABLE users ALTER COLUMN id TYPE bigint;
schema.sql0.1.0
