"""Corrections of keys: what each says, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_correction",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("correction", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "correction"),
    )


def downgrade() -> None:
    op.drop_table("key_correction")
