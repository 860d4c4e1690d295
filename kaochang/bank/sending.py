"""kaochang bank import: a bank file sent to a running room, as its keeper would in the console."""

import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import httpx

from kaochang.bank.checking import problem_lines
from kaochang.bank.reading import FILE, read_file, sign_of_life
from kaochang.exam_office import Credential, Desk, OfficeRefused

_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_OTHER = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Send a bank file to a running room.")
@FILE
@click.option("--server", required=True, help="Address of the room server, such as https://room-1:8443.")
@click.option("--bank", required=True, help="Code of the bank: letters, digits, _ . - (made if it is new).")
@click.option("--title", default="", help="Title of a bank that is new.")
@click.option(
    "--trial", is_flag=True, help="A bank that is new is for rehearsal and practice; otherwise it is live."
)
@click.option("--outline", type=_OTHER, help="Content outline 细目表 to import with it (xlsx or csv).")
@click.option(
    "--blueprint", "blueprints", type=_OTHER, multiple=True, help="Blueprint 组卷方案 (TOML); repeatable."
)
@click.option(
    "--ca", type=_OTHER, help="Certificate of the room's authority (PEM), as `kaochang admin ca` prints it."
)
@click.option(
    "--login", envvar="KAOCHANG_LOGIN", prompt="题库管理员登录名 login", help="A bank keeper's login."
)
@click.option(
    "--password",
    envvar="KAOCHANG_PASSWORD",
    prompt="密码 password",
    hide_input=True,
    help="Asked for when not in KAOCHANG_PASSWORD; a password typed here stays in the shell's history.",
)
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    server: str,
    bank: str,
    title: str,
    trial: bool,
    outline: Path | None,
    blueprints: tuple[Path, ...],
    ca: Path | None,
    login: str,
    password: str,
) -> None:
    """Send a bank FILE of any format to a running room, where another bank keeper then approves its items.

    The file is checked here first; with any problem nothing is sent and the command ends with 1. All of it is imported
    or none. A locked bank is unlocked with the keeper's passphrase (KAOCHANG_BANK_PASSPHRASE, or asked for).
    """
    if not _CODE.fullmatch(bank):
        raise click.UsageError(f"--bank {bank}: 只能用字母、数字和 _ . - · letters, digits and _ . - only")
    reading = read_file(file)
    if reading.problems:
        click.echo("\n".join(problem_lines(reading)), err=True)
        click.echo(
            f"{len(reading.problems) + reading.unlisted} 个错误，未发送 · problems; nothing was sent",
            err=True,
        )
        ctx.exit(1)
    files = [("items", (file.name, file.read_bytes()))]
    files += [("outline", (outline.name, outline.read_bytes()))] if outline is not None else []
    files += [("blueprints", (each.name, each.read_bytes())) for each in blueprints]
    told = _sent(server, _trusted(ca), Credential(login, password), bank, title, live=not trial, files=files)
    click.echo("\n".join(_as_text(told)))


def _trusted(ca: Path | None) -> ssl.SSLContext | bool:
    if ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (ssl.SSLError, OSError) as wrong:
        raise click.ClickException(f"{ca} 不是 PEM 证书 · is no certificate in PEM") from wrong


def _sent(
    server: str,
    tls: ssl.SSLContext | bool,
    keeper: Credential,
    bank: str,
    title: str,
    *,
    live: bool,
    files: Sequence[tuple[str, tuple[str, bytes]]],
) -> dict[str, Any]:
    """What the room said to the import. Raises click.ClickException with its sentence when it refused."""
    desk = None
    try:
        desk = Desk(server.rstrip("/"), tls)
        desk.log_in(keeper)
        if not desk.get("/api/bank/lock")["unlocked"]:
            desk.do("/api/bank/unlock", {"passphrase": _passphrase()})
        form = {"code": bank, "title": title, "live": str(live).lower()}
        with sign_of_life("发送 sending"):
            told: dict[str, Any] = desk.do("/api/bank/import", data=form, files=files)
            return told
    except OfficeRefused as refused:
        raise click.ClickException(f"考场服务器拒绝 · the room refused: {refused}") from refused
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as wrong:
        raise click.ClickException(f"无法连接 {server} · no answer from {server}: {wrong}") from wrong
    finally:
        if desk is not None:
            desk.close()


def _passphrase() -> str:
    given = os.environ.get("KAOCHANG_BANK_PASSPHRASE", "")
    return given or str(click.prompt("题库口令 bank passphrase", hide_input=True, err=True))


def _as_text(told: dict[str, Any]) -> list[str]:
    """The outcome as lines for a terminal."""
    lines = [
        f"题库 bank {told['bank']}: 新 new {told['new']}, 修改 changed {told['changed']}, "
        f"未变 unchanged {told['unchanged']}, 图片 pictures {told['pictures']}",
    ]
    if told["blueprints"]:
        lines.append(f"组卷方案 blueprints: {', '.join(told['blueprints'])}")
    if told["new"] or told["changed"]:
        lines.append("请另一位题库管理员审核通过 · another bank keeper is to approve them")
    return lines
