"""Keep who was relieved of a session: that somebody was on duty stays on record."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session_staff", sa.Column("relieved_at", sa.Integer(), nullable=True))
    op.add_column("session_staff", sa.Column("relieved_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("session_staff", "relieved_by")
    op.drop_column("session_staff", "relieved_at")
