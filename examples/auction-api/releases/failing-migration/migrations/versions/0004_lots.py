"""Items are sold in lots: names a table that was never made"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("items", sa.Column("lot_number", sa.Integer, nullable=True))
    op.create_foreign_key("fk_items_lot", "items", "lots", ["lot_number"], ["id"])


def downgrade() -> None:
    op.drop_column("items", "lot_number")
