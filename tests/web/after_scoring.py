"""What a room server says of statistics, scoring by hand and key corrections, made by the server's own shapes."""

import random
from typing import Any

from question_bank.items import Kind
from question_bank.statistics.papers import analyse
from question_bank.statistics.taken import AskedItem, AskedRef, TakenItem, TakenPaper
from server.hand_scoring.schemas import AnswerShown, ProgressShown, SessionToScore
from server.results.correction_schemas import CorrectionShown, ItemCorrected, ReportShown
from server.statistics.computing import Computed
from server.statistics.pooling import pool, proposals
from server.statistics.schemas import (
    BankItemFigures,
    BankSession,
    BankStatistics,
    SessionStatistics,
    SubjectFigures,
)

ITEMS = 40
CANDIDATES = 120


def computed() -> Computed:
    """One form of 40 single choice items of 2.5; item 7 has a wrong key, item 12 is too easy."""
    chance = random.Random(3)
    asked: dict[AskedRef, AskedItem] = {
        (f"TJ-{number:03d}", 1, None): AskedItem(Kind.SINGLE, 4, ((0,),)) for number in range(1, ITEMS + 1)
    }
    papers = []
    for _ in range(CANDIDATES):
        ability = min(0.95, max(0.15, chance.gauss(0.68, 0.17)))
        taken = []
        for number, ref in enumerate(asked, 1):
            right = ability if number not in (7, 12) else 0.2 * (1 - ability) if number == 7 else 0.99
            picked = (
                0 if chance.random() < right else chance.choice((2, 2, 2, 1) if number == 7 else (1, 2, 3))
            )
            gave = chance.random() > 0.02
            score = 250 * (picked == 0 and gave)
            time_ms = chance.randint(15_000, 90_000)
            taken.append(TakenItem(ref, 0, score, 250, (picked,) if gave else (), gave, time_ms))
        papers.append(TakenPaper(tuple(taken)))
    return Computed(
        title="专业知识",
        pass_score=6_000,
        passed=sum(paper.total >= 6_000 for paper in papers),
        voided=1,
        absent=4,
        silent=0,
        analysis=analyse(papers, asked),
        void=(),
    )


def session_statistics(*, keys: bool) -> dict[str, Any]:
    """A session's figures; with the options for a bank keeper."""
    found = SessionStatistics(
        session="s1",
        title="施工员（土建）第一场",
        state="signed",
        subjects=[SubjectFigures.of("theory", "tujian", computed(), keys=keys)],
    )
    return found.model_dump(mode="json")


def bank_statistics() -> dict[str, Any]:
    """A bank over one session, another still to be computed."""
    one = computed()
    found = proposals([one])
    pooled = pool([one])
    sessions = [
        BankSession(
            session=key,
            title=title,
            starts_at=1_780_000_000_000,
            computed=known,
            n=CANDIDATES if known else 0,
            mean=one.analysis.paper.mean if known else None,
            max_score=10_000,
            reliability=one.analysis.paper.reliability.value if known else None,
            method="kr20" if known else None,
        )
        for key, title, known in (("s1", "施工员（土建）第一场", True), ("s2", "施工员（土建）第二场", False))
    ]
    items = [BankItemFigures.of(each, found) for each in pooled.values()]
    return BankStatistics(bank="tujian", sessions=sessions, waiting=1, items=items).model_dump(mode="json")


def an_answer(**given: Any) -> dict[str, Any]:
    """A short answer of a case, not scored yet."""
    values = {
        "key": "0f" * 16,
        "case": "塔式起重机吊装预制构件时吊索突然断裂，构件坠落，无人受伤。事后查明吊索已有断丝，吊装前未作检查。",
        "case_markup": "text",
        "stem": "请说明这起事故的直接原因，并写出吊装前应当完成的检查。",
        "reference": "直接原因：使用了应当报废的吊索（4 分）。\n检查：吊索具、荷载、限位装置、警戒区（各 1.5 分）。",
        "markup": "text",
        "text": "吊索断丝没有换掉就接着用了。\n吊装前要看吊索有没有断丝、磨损，看吊物有多重，下面不能站人。",
        "max_score": 1_000,
        "step": 50,
        "mine": None,
        "note": None,
        "given": 17,
        "left": 43,
        "before": ["1e" * 16, "2d" * 16],
    }
    return AnswerShown.model_validate({**values, **given}).model_dump(mode="json")


def sessions_to_score() -> list[dict[str, Any]]:
    """Two sessions, one of them not for this assessor."""
    rows = [
        SessionToScore(session="s1", title="施工员（土建）第一场", given=17, left=43, recused=False),
        SessionToScore(session="s2", title="施工员（土建）第二场", given=0, left=60, recused=True),
    ]
    return [one.model_dump(mode="json") for one in rows]


def hand_progress() -> dict[str, Any]:
    """How the office sees it."""
    return ProgressShown.model_validate(
        {
            "session": "s1",
            "answers": 60,
            "settled": 14,
            "third": 3,
            "attempts": 30,
            "attempts_waiting": 25,
            "assessors": [
                {"person": "a", "name": "赵考评", "given": 31},
                {"person": "b", "name": "钱考评", "given": 20},
            ],
        }
    ).model_dump(mode="json")


def a_correction(**given: Any) -> dict[str, Any]:
    """One that waits for a ruling."""
    values = {
        "correction": "kc-1",
        "item": "TJ-007",
        "version": 1,
        "part": None,
        "remedy": "keys",
        "scope": "session",
        "state": "proposed",
        "by": "题库甲",
        "at": 1_780_000_000_000,
        "reason": "选项 C 同样符合 GB 50666 第 5.4 条",
        "ruled_by": None,
        "ruled_at": None,
        "ruled_reason": None,
        "applied_by": None,
        "applied_at": None,
        "withdrawn_by": None,
        "withdrawn_reason": None,
    }
    return CorrectionShown.model_validate({**values, **given}).model_dump(mode="json")


def a_report(**given: Any) -> dict[str, Any]:
    """Two who begin to pass, and some who rise."""
    changes = [
        {
            "session": "s1",
            "attempt": f"a{seat}",
            "seat": seat,
            "name": f"考生{seat}",
            "ticket": f"20260615{seat:04d}",
            "before": before,
            "after": before + 250,
            "max_score": 10_000,
            "passed_before": before >= 6_000,
            "passed_after": before + 250 >= 6_000,
            "voided": seat == 9,
        }
        for seat, before in ((4, 5_800), (12, 5_950), (9, 7_000), (17, 6_250), (21, 8_800))
    ]
    item = ItemCorrected(
        markup="text",
        case=None,
        stem="钢筋机械连接接头的现场检验批，同一接头等级、型式、规格的接头以多少个为一批？",
        options=["500 个", "300 个", "不大于 500 个", "1000 个"],
        premises=[],
        key="A",
        keys=["A", "C"],
        blanks=[],
        blanks_after=[],
    )
    values = {
        "correction": "kc-1",
        "report": "ab" * 32,
        "item": item.model_dump(),
        "scored": 118,
        "unscored": 2,
        "asked": 118,
        "left_out": 0,
        "up": 5,
        "down": 0,
        "gained": 2,
        "lost": 0,
        "changes": changes,
    }
    return ReportShown.model_validate({**values, **given}).model_dump(mode="json")
