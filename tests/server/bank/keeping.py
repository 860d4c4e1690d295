"""Two bank keepers at work over HTTP: what they know, send and see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from protocol.bank_entries import BankItemsMoved, BankItemsRead, BankLockMoved, BankVersionPublished
from protocol.shapes import Closed
from server.app import RoomServer
from server.writer.day import read_row
from tests.server.conftest import command

PASSPHRASE = "eine lange Brücke 41"
SECOND_PASSPHRASE = "seven quiet cranes 7"
BANK = "gangjin"


@dataclass
class Keepers:
    """Two keepers of one room; the first founded the bank key and admitted the second."""

    room: RoomServer
    first: httpx.AsyncClient
    second: httpx.AsyncClient

    async def get(self, path: str, *, by: httpx.AsyncClient | None = None, **params: Any) -> Any:
        """What this page says; the first keeper reads unless another does."""
        answer = await (by or self.first).get(f"/api/bank{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def does(
        self, path: str, body: object = None, *, by: httpx.AsyncClient | None = None, method: str = "POST"
    ) -> httpx.Response:
        """A command; what it is answered."""
        return await (by or self.first).request(method, f"/api/bank{path}", json=body, headers=command())

    async def did(
        self, path: str, body: object = None, *, by: httpx.AsyncClient | None = None, method: str = "POST"
    ) -> Any:
        """A command that must be taken."""
        answer = await self.does(path, body, by=by, method=method)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def imports(
        self, *rows: str, by: httpx.AsyncClient | None = None, live: bool = True, **files: Any
    ) -> httpx.Response:
        """Import a csv of these rows under the usual heading."""
        text = "\n".join(("编号,题型,题干,选项A,选项B,选项C,选项D,正确答案,难度,标签", *rows))
        given = {"items": ("items.csv", text.encode()), **files}
        return await (by or self.first).post(
            "/api/bank/import",
            data={"code": BANK, "title": "钢筋工", "live": str(live).lower()},
            files=given,
            headers=command(),
        )

    async def stocks(self, count: int) -> list[dict[str, object]]:
        """So many single choice items, imported by the first and approved by the second; their references."""
        answer = await self.imports(*(row(number) for number in range(1, count + 1)))
        assert answer.status_code == 200, answer.text
        refs: list[dict[str, object]] = (await self.get(f"/{BANK}/waiting", by=self.second))["refs"]
        await self.did(f"/{BANK}/items/approve", {"refs": refs}, by=self.second)
        return refs

    def entries(self, *kinds: type[Closed]) -> list[Any]:
        """Bodies of the centre's stream, of these kinds."""
        with self.room.database.read_ledger() as ledger:
            bodies = [read_row(each).body for each in ledger.entries() if each.session is None]
        return [body for body in bodies if isinstance(body, kinds)]

    def lock_steps(self) -> list[tuple[str, str]]:
        """What happened to the lock, and by whom."""
        return [(each.step, each.by) for each in self.entries(BankLockMoved)]

    def reads(self) -> list[tuple[str, list[str]]]:
        """Which items were read, and for what."""
        return [(each.purpose, list(each.items.names)) for each in self.entries(BankItemsRead)]

    def moves(self) -> list[tuple[str, list[str], str]]:
        """Which steps were taken with which items, and by whom."""
        return [(each.step, list(each.items.names), each.by) for each in self.entries(BankItemsMoved)]

    def published(self) -> list[BankVersionPublished]:
        """The versions that were published."""
        return self.entries(BankVersionPublished)


def row(number: int, stem: str = "", answer: str = "B", tags: str = "") -> str:
    """One line of a csv with a single choice item."""
    says = stem or f"第{number}号钢筋的保护层厚度是多少？"
    return f"Q{number:03d},单选题,{says},{number}mm,{number + 5}mm,{number + 10}mm,{number + 15}mm,{answer},0.7,{tags}"


def item(code: str = "N1", **fields: object) -> dict[str, object]:
    """A single choice item as an editor sends it."""
    return {
        "code": code,
        "kind": "single",
        "stem": "吊装前应先检查什么？",
        "options": ["吊具", "天气预报", "午饭", "合同"],
        "key": [0],
        **fields,
    }


def person(client: httpx.AsyncClient) -> str:
    """Who is logged in on this client."""
    return client.headers["x-person"]


def codes(refs: Sequence[dict[str, object]]) -> list[object]:
    """The codes of references."""
    return [each["code"] for each in refs]
