"""Rules settle more about a case than kind and priority, and what none of them decides waits for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """About every case that is there nothing more is settled; nothing waits."""
    for name, default in (("owner", ""), ("department", ""), ("labels", ""), ("fields", "{}")):
        op.add_column("case_row", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    confidential: sa.Column[bool] = sa.Column(
        "confidential", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("case_row", confidential)
    op.create_index(op.f("ix_case_row_owner"), "case_row", ["owner"], unique=False)
    op.create_table(
        "review",
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_as", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_key"], ["message.key"], name=op.f("fk_review_message_key")),
        sa.PrimaryKeyConstraint("message_key", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_settled_at_since_at"), "review", ["settled_at", "since_at"], unique=False)
