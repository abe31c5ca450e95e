"""Where a bid came from"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("bids", sa.Column("channel", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("bids", "channel")
