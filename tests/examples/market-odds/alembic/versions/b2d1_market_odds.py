"""the odds that hold now, and their history by month"""

from alembic import op
import sqlalchemy as sa

revision = "b2d1"
down_revision = "a1c0"

MONTHS = (
    ("2026_01", "2026-01-01", "2026-02-01"),
    ("2026_02", "2026-02-01", "2026-03-01"),
    ("2026_03", "2026-03-01", "2026-04-01"),
)


def upgrade():
    op.create_table(
        "market_odds_current",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("line", sa.Float(), nullable=True),
        sa.Column("price", sa.Numeric(8, 3), nullable=False),
    )
    op.create_index(
        "market_odds_current_key",
        "market_odds_current",
        ["event_id", "market", sa.text("COALESCE(line, 0)")],
        unique=True,
    )
    op.execute(
        """
        INSERT INTO market_odds_current (event_id, market, line, price)
        SELECT id, 'winner', NULL, 1 FROM events
        ON CONFLICT (event_id, market, COALESCE(line, 0)) DO UPDATE SET price = EXCLUDED.price
        """
    )
    op.create_table(
        "market_odds_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.Numeric(8, 3), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "captured_at"),
        postgresql_partition_by="RANGE (captured_at)",
    )
    for suffix, start, end in MONTHS:
        op.execute(
            f"CREATE TABLE market_odds_history_{suffix} PARTITION OF market_odds_history "
            f"FOR VALUES FROM ('{start} 00:00+00') TO ('{end} 00:00+00')"
        )


def downgrade():
    op.drop_table("market_odds_history")
    op.drop_table("market_odds_current")
