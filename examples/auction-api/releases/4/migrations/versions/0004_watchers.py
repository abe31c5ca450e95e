"""Who watches an item"""

import sqlalchemy as sa
from alembic import op

revision = "0004a"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "watchers",
        sa.Column("item_id", sa.Integer, sa.ForeignKey("items.id"), primary_key=True),
        sa.Column("watcher", sa.String(100), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("watchers")
