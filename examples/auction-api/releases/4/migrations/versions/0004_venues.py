"""Where an event takes place: written on another branch, at the same time as the watchers"""

import sqlalchemy as sa
from alembic import op

revision = "0004b"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("events", sa.Column("venue", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("events", "venue")
