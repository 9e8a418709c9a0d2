"""odds snapshots by day

Revision ID: 001
Revises:
"""

from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE odds_snapshots (
            id bigint GENERATED ALWAYS AS IDENTITY,
            event_id bigint NOT NULL,
            price numeric(8, 3) NOT NULL,
            captured_at timestamptz NOT NULL,
            PRIMARY KEY (id, captured_at)
        ) PARTITION BY RANGE (captured_at)
        """
    )
    op.execute("CREATE TABLE odds_snapshots_default PARTITION OF odds_snapshots DEFAULT")
    op.execute("CREATE INDEX odds_snapshots_captured_at ON odds_snapshots USING brin (captured_at)")
    op.execute(
        """
        DO $$
        BEGIN
            IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_partman') THEN
                PERFORM partman.create_parent(
                    p_parent_table := 'public.odds_snapshots',
                    p_control := 'captured_at',
                    p_interval := '1 day',
                    p_default_table := false
                );
            END IF;
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE odds_snapshots")
