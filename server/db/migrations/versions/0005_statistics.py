"""Statistics after the exam, as they were computed last, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_statistics",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "subject"),
    )
    op.create_index("ix_subject_statistics_bank", "subject_statistics", ["bank"])


def downgrade() -> None:
    op.drop_index("ix_subject_statistics_bank", "subject_statistics")
    op.drop_table("subject_statistics")
