"""What the environment says."""

import os

database_url = os.environ.get("DATABASE_URL", "postgresql+asyncpg://app@localhost/odds")
