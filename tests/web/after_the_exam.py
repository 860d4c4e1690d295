"""What a room server says after an exam, checked by the server's own shapes: record form, results, review."""

from typing import Any

from server.records.schemas import RecordShown
from server.results.schemas import ResultsShown
from server.reviews.schemas import Dossier, QueueShown
from tests.web.scripted_room import MINUTE_MS, ScriptedRoom, digest_of

HOUR_MS = 60 * MINUTE_MS
PICTURES = 60


def a_window(at: int, **given: Any) -> dict[str, Any]:
    """Five working days, three of them left."""
    values = {
        "name": "review",
        "by": "confirming_body",
        "since": "session_end",
        "since_at": at,
        "working_days": 5,
        "state": "open",
        "last_day": "2026-06-23",
        "deadline_at": at + 80 * HOUR_MS,
        "working_days_left": 3,
        "missing_year": None,
        "calendar_version": "1.9",
        "zh": "2026-06-23 24:00 前完成，剩余 3 个工作日",
        "en": "until the end of 2026-06-23, 3 working days left",
    }
    return {**values, **given}


def a_record(room: ScriptedRoom, **given: Any) -> dict[str, Any]:
    """A form of a room of which nobody has signed."""
    at = room.at
    attempts = [
        {
            "seat": row.seat,
            "ticket": row.ticket,
            "name": row.name,
            "subject": "theory",
            "state": "absent" if row.seat == 16 else "voided" if row.seat == 9 else "handed_in",
            "handed_in_at": None if row.seat == 16 else at - row.seat * 70_000,
            "handed_in_by": None if row.seat == 16 else "candidate",
            "answered": row.answered,
            "receipt": None if row.seat == 16 else digest_of(row.seat * 7919),
            "link_losses": int(row.seat == 7),
            "offline_ms": 14_000 if row.seat == 7 else 0,
            "machine_changes": int(row.seat == 20),
        }
        for row in room.rows.values()
    ]
    ninth = room.rows["a9"]
    violation = {
        "seat": 9,
        "ticket": ninth.ticket,
        "name": ninth.name,
        "code": "impersonation",
        "title": "代替他人或者让他人代替自己参加考试",
        "scope": "batch",
        "state": "signed",
        "at": at - HOUR_MS,
        "by": "王监考",
        "signed_by": "李督导",
        "reason": "证件照片与本人明显不符，本人承认替考。",
        "statement": None,
        "statement_declined": True,
    }
    events = [
        {
            "type": kind,
            "at": at - ago * MINUTE_MS,
            "seat": seat,
            "ticket": None if seat is None else f"20260615{seat:04d}",
            "name": None if seat is None else room.rows[f"a{seat}"].name,
            "by": "王监考",
            "reason": reason,
            "facts": facts,
        }
        for kind, ago, seat, reason, facts in (
            ("attempt.extended", 80, 7, "网络故障，补回耽误的时间", {"by_ms": 300_000}),
            ("attempt.seat_change_allowed", 66, 20, "考试机蓝屏", {"seat": 30}),
            ("message.sent", 55, 3, None, {"warning": True}),
            ("session.paused", 40, None, "停电", {}),
            ("session.resumed", 36, None, None, {}),
        )
    ]
    shown = {
        "form": {
            "session": "s1",
            "title": room.session.title,
            "batch": "2026-06",
            "room": "r1",
            "room_name": "一号机房",
            "scheme": "s3-a",
            "scheme_title": "施工现场专业人员职业培训测试",
            "scheme_version": "1",
            "scheme_digest": digest_of(5),
            "run_type": "formal",
            "subjects": [{"code": "theory", "title": "专业知识", "minutes": 120}],
            "planned_at": at - 2 * HOUR_MS,
            "started_at": at - 2 * HOUR_MS,
            "ended_at": at,
            "paused_ms": 4 * MINUTE_MS,
            "added_ms": 0,
            "rules": {"at": at - 2 * HOUR_MS - 600_000, "by": "王监考", "waived": False, "reason": None},
            "start_confirmed_by": ["王监考", "李督导"],
            "staff": [
                {"name": "王监考", "role": "proctor"},
                {"name": "李督导", "role": "quality_supervisor"},
            ],
            "counts": {
                "expected": 29,
                "attended": 28,
                "absent": 1,
                "refused": 0,
                "late": 2,
                "handed_in": 24,
                "collected": 3,
                "voided": 1,
                "machine_changes": 1,
                "extended": 1,
                "suspended": 1,
                "revoked": 0,
                "late_admitted": 0,
                "late_waiting": 0,
                "not_counted": 0,
                "quarantined": 0,
                "link_losses": 1,
                "flags": 9,
                "flags_open": 0,
                "pictures": 1_342,
                "pictures_outstanding": 0,
                "pictures_missed": 2,
            },
            "attempts": attempts,
            "late": [],
            "events": events,
            "violations": [violation],
            "corrections": [
                {
                    "field": "faults",
                    "value": "20 号机位考试机蓝屏，换机",
                    "by": "王监考",
                    "at": at,
                    "reason": "补充说明",
                }
            ],
            "room_key": digest_of(11),
        },
        "signed": False,
        "signatures": [{"person": "p1", "name": "王监考", "at": at}],
        "form_digest": digest_of(21),
        "heads_digest": digest_of(22),
        "streams": 31,
        "may_sign": True,
        "waiting": [],
        "correctable": ["expected", "attended", "absent", "faults", "patrol", "remarks"],
    }
    return RecordShown.model_validate({**shown, **given}).model_dump(mode="json")


def the_results(room: ScriptedRoom, *, final: bool) -> dict[str, Any]:
    """Everybody's theory verdict."""
    verdicts = {"passed": "合格", "not_passed": "不合格", "voided": "成绩取消", "pending": "待定"}

    def line(seat: int, name: str, ticket: str) -> dict[str, Any]:
        score = 4_150 + seat * 97 * 5 % 5_600
        voided, absent = seat == 9, seat == 16
        verdict = "voided" if voided else "passed" if score >= 6_000 and not absent else "not_passed"
        return {
            "candidate": f"c{seat}",
            "name": name,
            "ticket": ticket,
            "document_masked": f"4201**********{1000 + seat:04d}",
            "employer": "武汉某建筑工程有限公司",
            "subjects": [
                {
                    "subject": "theory",
                    "title": "专业知识",
                    "session": "s1",
                    "attempt": f"a{seat}",
                    "seat": seat,
                    "attempt_state": "absent" if absent else "handed_in",
                    "state": "confirmed" if final else "scored",
                    "score": None if voided or absent else score,
                    "max_score": 10_000,
                    "pass_score": 6_000,
                    "voided": voided,
                    "absent": absent,
                    "text": "",
                }
            ],
            "verdict": verdict,
            "verdict_zh": verdicts[verdict],
        }

    shown = {
        "session": "s1",
        "title": room.session.title,
        "state": "confirmed" if final else "ended",
        "final": final,
        "counts": {"passed": 19, "not_passed": 9, "voided": 1},
        "candidates": [line(row.seat, row.name, row.ticket) for row in room.rows.values()],
    }
    return ResultsShown.model_validate(shown).model_dump(mode="json")


def the_queue(room: ScriptedRoom) -> dict[str, Any]:
    """One session with a window, one whose calendar is missing."""

    def attempts(seats: list[int]) -> list[dict[str, Any]]:
        return [
            {
                "attempt": f"a{seat}",
                "seat": seat,
                "name": room.rows[f"a{seat}"].name,
                "ticket": room.rows[f"a{seat}"].ticket,
                "subject": "theory",
                "state": "voided" if seat == 9 else "handed_in",
                "result": "under_review",
                "risk": risk,
                "reasons": reasons,
                "chosen": risk > 0 or seat % 5 == 0,
                "seen": 0,
            }
            for seat, risk, reasons in ((seat, *_RISKS.get(seat, (0, []))) for seat in seats)
        ]

    session = {
        "session": "s1",
        "title": room.session.title,
        "batch": "2026-06",
        "scheme": "s3-a",
        "state": "under_review",
        "ended_at": room.at,
        "deadline_at": room.at + 80 * HOUR_MS,
        "windows": [a_window(room.at)],
        "patrol_missing": True,
        "recused": None,
        "counts": {},
        "attempts": attempts([9, 3, 13, 7, 1, 2, 4, 5]),
    }
    blind = a_window(
        room.at,
        state="calendar_missing",
        last_day=None,
        deadline_at=None,
        working_days_left=None,
        missing_year=2027,
    )
    other = {
        **session,
        "session": "s2",
        "title": "钢筋工 第一批",
        "windows": [blind],
        "attempts": attempts([20, 21]),
        "recused": "staff",
    }
    shown = {
        "room_time": room.at,
        "calendar_version": "1.9",
        "calendar_fault": None,
        "sessions": [session, other],
    }
    return QueueShown.model_validate(shown).model_dump(mode="json")


_RISKS: dict[int, tuple[int, list[dict[str, Any]]]] = {
    9: (300, [{"code": "void_undecided", "count": 1}, {"code": "flag_severe", "count": 1}]),
    3: (
        38,
        [
            {"code": "flag_major", "count": 1},
            {"code": "flag_minor", "count": 1},
            {"code": "away", "count": 2},
        ],
    ),
    13: (30, [{"code": "flag_major", "count": 1}]),
    7: (10, [{"code": "flag_minor", "count": 1}, {"code": "offline", "count": 1}]),
}


def a_dossier(room: ScriptedRoom, **given: Any) -> dict[str, Any]:
    """Two hours with sixty pictures, one of them missed, three flags and a void that waits for its decision."""
    at, start = room.at, room.at - 2 * HOUR_MS
    row = room.rows["a9"]
    snapshots = [
        {
            "n": 100 + index,
            "digest": None if index == 40 else digest_of(5_000 + index),
            "reason": "login"
            if index == 0
            else "start"
            if index == 1
            else "hand_in"
            if index == 59
            else "schedule",
            "planned_ms": index * 117_000,
            "taken_at": start + index * 120_000 + index * 7_001 % 50_000,
            "width": 1280,
            "height": 720,
            "quality": "dark" if index == 23 else "clear",
            "missed_cause": "camera" if index == 40 else None,
            "held": index != 40,
            "observations": [],
            "must_see": index in (0, 22, 23, 35, 51),
            "seen": index == 0,
        }
        for index in range(PICTURES)
    ]
    flags = [
        {
            "flag": flag,
            "code": code,
            "severity": severity,
            "source": source,
            "by": by,
            "at": start + minute * MINUTE_MS,
            "evidence": evidence,
            "reason": reason,
            "duration_ms": None,
            "outcome": outcome,
            "closed_by": "王监考",
            "closed_at": start + (minute + 1) * MINUTE_MS,
            "must_see": True,
            "seen": False,
        }
        for flag, code, severity, source, by, minute, evidence, reason, outcome in (
            ("f1", "page_left", "minor", "machine", "room", 31, [], None, "acknowledged"),
            ("f2", "camera_dark", "minor", "machine", "room", 46, [digest_of(5_023)], None, "dismissed"),
            (
                "f3",
                "impersonation",
                "severe",
                "person",
                "王监考",
                70,
                [digest_of(5_035)],
                "与报名照片不符",
                "ruled",
            ),
        )
    ]
    shown = {
        "session": "s1",
        "title": room.session.title,
        "session_state": "under_review",
        "attempt": "a9",
        "subject": "theory",
        "subject_title": "专业知识",
        "candidate": {
            "id": "c9",
            "name": row.name,
            "ticket": row.ticket,
            "document_masked": row.document_masked,
            "employer": "武汉某建筑工程有限公司",
            "institution": "武汉建设培训中心",
            "photo": digest_of(9),
        },
        "sitting": {
            "state": "voided",
            "seat": 9,
            "station": "st-09",
            "started_at": start,
            "end_at": at,
            "handed_in_at": at - 60_000,
            "handed_in_by": "candidate",
            "receipt": digest_of(63),
            "receipt_matches": True,
            "away_times": 1,
            "away_ms": 22_000,
            "link_losses": 0,
            "offline_ms": 0,
            "machine_changes": 0,
            "not_counted": 0,
            "seat_vouched": 0,
            "late_streams": [],
            "streams": 1,
        },
        "result": {
            "state": "under_review",
            "score": 7_150,
            "max_score": 10_000,
            "pass_score": 6_000,
            "passed": True,
            "voided": True,
            "answers_changed": False,
            "hand_scores_waiting": 0,
            "earlier": [{"score": 6_850, "max_score": 10_000, "cause": "session_end", "scored_at": at}],
            "confirmed_by": None,
            "confirmed_at": None,
        },
        "answers": [
            {
                "slot": slot,
                "response": ["A"] if slot <= 40 else ["A", "C"],
                "score": 100 if slot % 4 else 0,
                "max_score": 100 if slot <= 40 else 200,
                "vouched": "room",
            }
            for slot in range(1, 61)
        ],
        "snapshots": snapshots,
        "outstanding": 0,
        "missed": 1,
        "flags": flags,
        "voids": [
            {
                "ruling": "v9",
                "code": "impersonation",
                "scope": "batch",
                "state": "signed",
                "flags": ["f3"],
                "statement": None,
                "statement_declined": True,
                "by": "王监考",
                "at": start + 72 * MINUTE_MS,
                "reason": "证件照片与本人明显不符，本人承认替考。",
                "signed_by": "李督导",
                "decided_by": None,
                "decided_reason": None,
            }
        ],
        "windows": [a_window(at)],
        "chosen": True,
        "to_see": [],
        "blocks": ["void_undecided", "to_see"],
        "recused": None,
        "previous": None,
        "next": "a3",
    }
    return Dossier.model_validate({**shown, **given}).model_dump(mode="json")


def a_timeline(at: int) -> list[dict[str, Any]]:
    """The seat's two hours, in some lines."""
    start = at - 2 * HOUR_MS
    told = (
        ("attempt.checked_in", -14, "王监考", "server", {}, None),
        ("attempt.seated", -12, None, "server", {"station": "st-09", "seat": 9}, None),
        ("stream.opened", -12, None, "station", {"reason": "sign_in"}, None),
        ("session.started", 0, "王监考", "server", {}, None),
        ("rules.acknowledged", 0, None, "station", {}, None),
        *(
            ("answer.saved", 1 + slot, None, "station", {"slot": slot, "response": "A"}, None)
            for slot in range(1, 25)
        ),
        ("page.left", 31, None, "station", {"cause": "focus_lost"}, None),
        ("page.returned", 32, None, "station", {"cause": "focus_lost", "away_ms": 22_000}, None),
        ("flag.raised", 32, "room", "server", {"code": "page_left", "severity": "minor"}, None),
        ("flag.closed", 33, "王监考", "server", {"outcome": "acknowledged"}, None),
        ("message.sent", 34, "王监考", "server", {"warning": True}, "请不要离开考试页面"),
        (
            "flag.raised",
            70,
            "王监考",
            "server",
            {"code": "impersonation", "severity": "severe"},
            "与报名照片不符",
        ),
        ("attempt.suspended", 71, "王监考", "server", {}, "核对证件"),
        ("void.proposed", 72, "王监考", "server", {"code": "impersonation", "ruling": "v9"}, "本人承认替考"),
    )
    return [
        {
            "n": index + 1,
            "at": start + minute * MINUTE_MS + index * 137,
            "received_at": start + minute * MINUTE_MS + index * 137 + 40,
            "type": kind,
            "by": by,
            "author": author,
            "facts": facts,
            "picture": None,
            "note": note,
        }
        for index, (kind, minute, by, author, facts, note) in enumerate(told)
    ]
