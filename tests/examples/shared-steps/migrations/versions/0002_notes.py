"""notes"""

from alembic import op
import sqlalchemy as sa

from migrations import steps

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    steps.add_index("bets_placed_at", "bets", "placed_at")
    with steps.patient():
        op.add_column("bets", sa.Column("note", sa.Text()))


def downgrade() -> None:
    with steps.patient():
        op.drop_column("bets", "note")
    op.drop_index("bets_placed_at", table_name="bets")
