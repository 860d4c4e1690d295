"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=True),
        sa.Column("handed_in_at", sa.Integer(), nullable=True),
        sa.Column("handed_in_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_candidate"), ["candidate"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_session"), ["session"], unique=False)

    op.create_table(
        "bank_blueprint",
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("bank", "code"),
    )
    op.create_table(
        "bank_version",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version"),
    )
    op.create_table(
        "candidate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("document_type", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("document_key", sa.String(length=60), nullable=False),
        sa.Column("ticket", sa.String(length=40), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=True),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("resit", sa.Boolean(), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "document_type IN ('resident_id', 'residence_permit', 'hk_macao_permit', 'taiwan_permit', 'foreign_permanent', 'passport', 'officer_card', 'other')",
            name="document_type_is_known",
        ),
        sa.CheckConstraint("sex IN ('male', 'female')", name="sex_is_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_type", "document_key", name="candidate_document"),
        sa.UniqueConstraint("ticket"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, comment="the fold of everything up to this entry"),
        sa.Column(
            "format",
            sa.String(length=64),
            nullable=False,
            comment="digest of the shape; another shape is ignored",
        ),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="zlib of the state's JSON"),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_table(
        "command_outcome",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "entry",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False, comment="the order of all folds"),
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=True, comment="NULL: the centre's own streams"),
        sa.Column("attempt", sa.String(length=64), nullable=True),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False, comment="UTC ms, the author's view of the room's time"),
        sa.Column(
            "received_at", sa.Integer(), nullable=False, comment="UTC ms of the room's clock at the commit"
        ),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="the exact text, verbatim"),
        sa.Column(
            "signature", sa.String(length=88), nullable=True, comment="orders only: the room key's, base64"
        ),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("stream", "seq", name="entry_stream_seq"),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("entry_attempt", ["attempt", "n"], unique=False)
        batch_op.create_index("entry_session", ["session", "n"], unique=False)

    op.create_table(
        "exam_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("run_type", sa.String(length=16), nullable=False),
        sa.Column("scheme_code", sa.String(length=64), nullable=False),
        sa.Column("scheme_version", sa.String(length=64), nullable=False),
        sa.Column("scheme_digest", sa.String(length=64), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_session_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_session_state"), ["state"], unique=False)

    op.create_table(
        "flag",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_attempt"), ["attempt"], unique=False)
        batch_op.create_index(batch_op.f("ix_flag_session"), ["session"], unique=False)

    op.create_table(
        "note",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of salt and text"),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "paper",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("record_nonce", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("attempt"),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_session"), ["session"], unique=False)

    op.create_table(
        "paper_draw",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("bank_version", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "subject"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=True),
        sa.Column("station", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column(
            "text", sa.LargeBinary(), nullable=False, comment="exactly what came, cut at the frame limit"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "result",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("max_score", sa.Integer(), nullable=True),
        sa.Column("scored_at", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("attempt"),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_session"), ["session"], unique=False)

    op.create_table(
        "review_window",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("since_at", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=True),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("missing_year", sa.Integer(), nullable=True),
        sa.Column("calendar_version", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("session", "name"),
    )
    op.create_table(
        "session_secret",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_table(
        "session_subject",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("blueprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("session", "subject"),
    )
    op.create_table(
        "signed_head",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.PrimaryKeyConstraint("stream"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "snapshot",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("planned_ms", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("missed_cause", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("n"),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index("snapshot_attempt", ["attempt", "n"], unique=False)
        batch_op.create_index("snapshot_digest", ["digest", "session"], unique=False)

    op.create_table(
        "stream",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False, comment="station or server"),
        sa.Column("station", sa.String(length=64), nullable=True),
        sa.Column("session", sa.String(length=64), nullable=True),
        sa.Column("attempt", sa.String(length=64), nullable=True),
        sa.Column(
            "key", sa.String(length=44), nullable=False, comment="the author's Ed25519 public key, base64"
        ),
        sa.Column("opened_n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stream", schema=None) as batch_op:
        batch_op.create_index("stream_attempt", ["attempt"], unique=False)

    op.create_table(
        "void",
        sa.Column("ruling", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'signed', 'withdrawn', 'upheld', 'lifted')", name="void_state"
        ),
        sa.PrimaryKeyConstraint("ruling", "attempt"),
    )
    with op.batch_alter_table("void", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_void_session"), ["session"], unique=False)
        batch_op.create_index(batch_op.f("ix_void_state"), ["state"], unique=False)
        batch_op.create_index("void_candidate", ["candidate", "batch"], unique=False)

    op.create_table(
        "login",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_person"), ["person"], unique=False)

    op.create_table(
        "person_role",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'archivist', 'assessor', 'bank_keeper', 'confirming_body', 'exam_office', 'patrol', 'proctor', 'quality_supervisor', 'reviewer')",
            name="role_is_known",
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person", "role"),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("approval", sa.String(length=200), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("numbering", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "numbering IN ('s_columns', 's_rows', 'columns', 'rows')", name="numbering_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_site"), ["site"], unique=False)

    op.create_table(
        "session_staff",
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "role IN ('assessor', 'patrol', 'proctor', 'quality_supervisor')", name="role_is_on_duty"
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session"],
            ["exam_session.id"],
        ),
        sa.PrimaryKeyConstraint("session", "person", "role"),
    )
    op.create_table(
        "seat",
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("spare", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room"],
            ["room.id"],
        ),
        sa.PrimaryKeyConstraint("room", "number"),
    )
    op.create_table(
        "station",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=True),
        sa.Column("enrolled_at", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'enrolled') = (public_key IS NOT NULL)", name="enrolled_has_key"),
        sa.CheckConstraint("state IN ('expected', 'enrolled', 'retired')", name="state_is_known"),
        sa.ForeignKeyConstraint(["room", "seat"], ["seat.room", "seat.number"], name="station_seat"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_room"), ["room"], unique=False)

    op.create_table(
        "enrolment_secret",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("used_by", sa.String(length=44), nullable=True),
        sa.ForeignKeyConstraint(
            ["station"],
            ["station.id"],
        ),
        sa.PrimaryKeyConstraint("station"),
    )


def downgrade() -> None:
    op.drop_table("enrolment_secret")
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_room"))

    op.drop_table("station")
    op.drop_table("seat")
    op.drop_table("session_staff")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_site"))

    op.drop_table("room")
    op.drop_table("person_role")
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_person"))

    op.drop_table("login")
    with op.batch_alter_table("void", schema=None) as batch_op:
        batch_op.drop_index("void_candidate")
        batch_op.drop_index(batch_op.f("ix_void_state"))
        batch_op.drop_index(batch_op.f("ix_void_session"))

    op.drop_table("void")
    with op.batch_alter_table("stream", schema=None) as batch_op:
        batch_op.drop_index("stream_attempt")

    op.drop_table("stream")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index("snapshot_digest")
        batch_op.drop_index("snapshot_attempt")

    op.drop_table("snapshot")
    op.drop_table("site")
    op.drop_table("signed_head")
    op.drop_table("session_subject")
    op.drop_table("session_secret")
    op.drop_table("review_window")
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_session"))

    op.drop_table("result")
    op.drop_table("quarantine")
    op.drop_table("person")
    op.drop_table("paper_draw")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_session"))

    op.drop_table("paper")
    op.drop_table("note")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flag_session"))
        batch_op.drop_index(batch_op.f("ix_flag_attempt"))

    op.drop_table("flag")
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_session_state"))
        batch_op.drop_index(batch_op.f("ix_exam_session_batch"))

    op.drop_table("exam_session")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index("entry_session")
        batch_op.drop_index("entry_attempt")

    op.drop_table("entry")
    op.drop_table("command_outcome")
    op.drop_table("checkpoint")
    op.drop_table("candidate")
    op.drop_table("bank_version")
    op.drop_table("bank_blueprint")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_session"))
        batch_op.drop_index(batch_op.f("ix_attempt_candidate"))

    op.drop_table("attempt")
