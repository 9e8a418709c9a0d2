"""events"""

from alembic import op
import sqlalchemy as sa

revision = "a1c0"
down_revision = None


def upgrade():
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade():
    op.drop_table("events")
