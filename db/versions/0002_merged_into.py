"""A case can be merged into another one; its number then leads there, without a table of aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every case that is there stands for itself: merged into none."""
    op.add_column("case_row", sa.Column("merged_into", sa.String(), nullable=False, server_default=""))
    op.drop_table("case_alias")
