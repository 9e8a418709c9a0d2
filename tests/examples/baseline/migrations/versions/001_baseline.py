"""what create_all() had made; databases of that time are stamped with 004_stat_views

Revision ID: 001
Revises:
"""

from alembic import op
import sqlalchemy as sa

revision = "001"
down_revision = None


def upgrade():
    op.create_table(
        "games",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("played_on", sa.Date(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
    )
    op.create_table(
        "plays",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("game_id", sa.BigInteger(), sa.ForeignKey("games.id"), nullable=False, index=True),
        sa.Column("points", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("plays")
    op.drop_table("games")
