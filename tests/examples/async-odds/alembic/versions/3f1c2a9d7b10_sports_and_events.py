"""sports and events

Revision ID: 3f1c2a9d7b10
Revises:
Create Date: 2026-01-12 09:14:03.512000

"""

from alembic import op
import sqlalchemy as sa

revision = "3f1c2a9d7b10"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sports",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sport_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sport_id"], ["sports.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_events_sport_id"), "events", ["sport_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_events_sport_id"), table_name="events")
    op.drop_table("events")
    op.drop_table("sports")
