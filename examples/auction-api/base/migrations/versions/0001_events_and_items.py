"""Events and their items"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("starting_cents", sa.Integer, nullable=False),
    )
    op.create_index("ix_items_event_id", "items", ["event_id"])
    floor = op.create_table("schema_floor", sa.Column("revision", sa.String(32), primary_key=True))
    op.bulk_insert(floor, [{"revision": "0001"}])


def downgrade() -> None:
    for table in ("schema_floor", "items", "events"):
        op.drop_table(table)
