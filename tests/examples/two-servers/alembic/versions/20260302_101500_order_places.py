"""order places"""

from alembic import op
import sqlalchemy as sa

revision = "20260302_101500"
down_revision = "20260211_000001"


def upgrade():
    with op.batch_alter_table("orders") as batch:
        batch.add_column(sa.Column("place", sa.Text(), nullable=True))
        batch.alter_column("note", existing_type=sa.Text(), server_default="")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN orders.place IS 'where it is delivered'")


def downgrade():
    with op.batch_alter_table("orders") as batch:
        batch.alter_column("note", existing_type=sa.Text(), server_default=None)
        batch.drop_column("place")
