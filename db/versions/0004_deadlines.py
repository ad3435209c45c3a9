"""A case keeps how far it has come by its playbook; its deadlines stand in a table that can be asked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases that are there have made no promise."""
    op.add_column("case_row", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    op.add_column("case_row", sa.Column("progress", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("case_row", sa.Column("next_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_case_row_next_at"), "case_row", ["next_at"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_deadline_case_id")),
        sa.PrimaryKeyConstraint("case_id", "name", "run", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_state_due_at"), "deadline", ["state", "due_at"], unique=False)
