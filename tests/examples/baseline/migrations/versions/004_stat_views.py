"""points by game; was the first revision once, follows the baseline now

Revision ID: 004_stat_views
Revises: 001
"""

from alembic import op

revision = "004_stat_views"
down_revision = "001"


def upgrade():
    op.execute(
        """
        CREATE MATERIALIZED VIEW game_points AS
        SELECT game_id, sum(points) AS points FROM plays GROUP BY game_id
        """
    )
    op.execute("CREATE UNIQUE INDEX game_points_game ON game_points (game_id)")


def downgrade():
    op.execute("DROP MATERIALIZED VIEW game_points")
