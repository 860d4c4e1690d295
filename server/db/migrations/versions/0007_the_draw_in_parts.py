"""The draw's secret in parts, spare papers, and what past sessions showed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draw_promise",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_table(
        "draw_part",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "number"),
    )
    op.create_table(
        "item_exposure",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session", "subject", "item"),
    )
    with op.batch_alter_table("item_exposure") as table:
        table.create_index("ix_item_exposure_bank", ["bank"], unique=False)
    with op.batch_alter_table("paper") as table:
        table.add_column(sa.Column("subject", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("spare", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("drawn", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("given_to", sa.String(length=64), nullable=True))
    with op.batch_alter_table("paper_draw") as table:
        table.add_column(sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("paper_draw") as table:
        table.drop_column("counted")
    with op.batch_alter_table("paper") as table:
        for name in ("given_to", "drawn", "spare", "subject"):
            table.drop_column(name)
    for name in ("item_exposure", "draw_part", "draw_promise"):
        op.drop_table(name)
