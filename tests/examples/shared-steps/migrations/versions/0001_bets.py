"""bets"""

from alembic import op
import sqlalchemy as sa

from migrations.steps import is_a_side

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "bets",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(is_a_side("side"), name="bets_side"),
    )


def downgrade() -> None:
    op.drop_table("bets")
