"""event venue

Revision ID: 8d0e5b6c4a21
Revises: 3f1c2a9d7b10
Create Date: 2026-02-03 16:40:51.107000

"""

from alembic import op
import sqlalchemy as sa

revision = "8d0e5b6c4a21"
down_revision = "3f1c2a9d7b10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("venue", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("events", "venue")
