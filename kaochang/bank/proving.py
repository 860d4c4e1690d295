"""kaochang bank prove: draw a session's papers again from what its room revealed."""

import json
from collections import Counter
from pathlib import Path

import click
import httpx

from kaochang.exam_office import Credential, Desk, OfficeRefused, trusted
from question_bank.reveal import (
    REVEAL_BYTES_MAX,
    NotRevealed,
    SessionDraws,
    SessionProof,
    Verdict,
    prove,
    read_reveal,
)

VERDICTS = {
    Verdict.SAME: "一致：即所抽、所封、所答 · the one drawn, sealed and sat",
    Verdict.UNOPENED: "一致：未启封 · drawn and sealed, never opened",
    Verdict.OTHER_DRAWN: "不一致：重算得到另一份试卷 · the secret gives another paper",
    Verdict.OTHER_OPENED: "不一致：考试机打开的不是所封试卷 · the seat opened something else than was sealed",
    Verdict.MISSING: "缺失：抽出但未封存 · drawn and never sealed",
    Verdict.EXTRA: "多出：未曾抽出 · sealed and never drawn",
}


@click.command(short_help="Draw a session's papers again from what its room revealed.")
@click.argument("session", required=False)
@click.option(
    "--file",
    "saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A saved reveal instead of a running room.",
)
@click.option("--server", help="Address of the room server, such as https://room-1:8443.")
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The room's CA certificate, as `kaochang admin ca` writes it.",
)
@click.option(
    "--login", envvar="KAOCHANG_LOGIN", help="Login of a reviewer, an archivist or the exam office."
)
@click.option(
    "--password", envvar="KAOCHANG_PASSWORD", help="Asked for when neither given nor in KAOCHANG_PASSWORD."
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep what the room revealed in this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def command(
    ctx: click.Context,
    session: str | None,
    saved: Path | None,
    server: str | None,
    ca: Path | None,
    login: str | None,
    password: str | None,
    save: Path | None,
    as_json: bool,
) -> None:
    """Recompute every paper of SESSION and say of each whether it is the one that was sat.

    The room reveals parts, inputs and digests once the session is over; what is recomputed here needs nothing else of
    it. Exit status: 0 when everything holds, 1 when something does not, 2 when nothing could be proved.
    """
    raw = (
        saved.read_bytes()[: REVEAL_BYTES_MAX + 1]
        if saved is not None
        else _fetched(session, server, ca, login, password)
    )
    try:
        reveal = read_reveal(raw)
        if session is not None and reveal.session != session:
            raise NotRevealed(f"these are the draws of {reveal.session}")
        proof = prove(reveal)
    except NotRevealed as error:
        raise Unproved(str(error)) from error
    if save is not None:
        save.write_bytes(raw)
    if as_json:
        click.echo(json.dumps(as_plain(proof), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_text(proof, reveal)))
    ctx.exit(0 if proof.holds else 1)


def as_plain(proof: SessionProof) -> dict[str, object]:
    """The proof as JSON values."""
    return {"holds": proof.holds, **proof.model_dump(mode="json")}


def as_text(proof: SessionProof, reveal: SessionDraws) -> list[str]:
    """The proof as lines for a terminal: papers at fault one by one, the others counted."""
    lines = [f"场次 session {proof.session}"]
    lines += [f"  第 {part.number} 人 part {part.number}: {part.by}" for part in reveal.parts]
    lines += [f"  承诺 commitment {reveal.commitment}", f"  试卷 papers {reveal.papers_digest}"]
    counted = Counter(paper.verdict for paper in proof.papers)
    lines += [f"{counted[verdict]:6} {VERDICTS[verdict]}" for verdict in Verdict if counted[verdict]]
    lines += [
        f"  {paper.subject} {paper.attempt or f'备用 spare {paper.spare}'}: {VERDICTS[paper.verdict]}"
        for paper in proof.papers
        if paper.verdict not in (Verdict.SAME, Verdict.UNOPENED)
    ]
    lines += [f"错误 fault  {fault}" for fault in proof.faults]
    lines.append("全部相符 · everything holds" if proof.holds else "不相符 · something does not hold")
    return lines


def _fetched(
    session: str | None, server: str | None, ca: Path | None, login: str | None, password: str | None
) -> bytes:
    if session is None or server is None or login is None:
        raise click.UsageError("give SESSION with --server and --login, or --file")
    password = password or click.prompt("Password", hide_input=True)
    desk = Desk(server, trusted(None if ca is None else ca.read_text()))
    try:
        desk.log_in(Credential(login, password))
        return desk.get_bytes(f"/api/sessions/{session}/draws")
    except (OfficeRefused, httpx.HTTPError) as error:
        raise Unproved(str(error) or type(error).__name__) from error
    finally:
        desk.close()


class Unproved(click.ClickException):
    """Nothing could be proved either way."""

    exit_code = 2
