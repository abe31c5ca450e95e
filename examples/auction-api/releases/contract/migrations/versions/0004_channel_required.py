"""Every bid has a channel: from here on, a release that does not write it cannot serve"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("update bids set channel = 'web' where channel is null")
    op.alter_column("bids", "channel", existing_type=sa.String(20), nullable=False)
    op.execute("update schema_floor set revision = '0003'")


def downgrade() -> None:
    op.execute("update schema_floor set revision = '0001'")
    op.alter_column("bids", "channel", existing_type=sa.String(20), nullable=True)
