"""Pictures as folded, and the timetable's missing ones: pure."""

from server.snapshots.rules import RECENT_MAX, Expected, Outstanding, Pictures


def announced(*digests: str) -> Pictures:
    pictures = Pictures()
    for at, digest in enumerate(digests):
        pictures.announce(digest, Outstanding(at, 1280, 720))
    return pictures


class TestPictures:
    def test_outstanding_until_received(self) -> None:
        pictures = announced("a", "b")
        pictures.receive("b", 1)
        assert list(pictures.outstanding) == ["a"]
        assert (pictures.announced, pictures.received) == (2, 1)

    def test_the_newest_is_by_when_it_was_taken(self) -> None:
        pictures = announced("a", "b")
        pictures.receive("b", 1)
        pictures.receive("a", 1)
        assert pictures.newest is not None
        assert pictures.newest.digest == "b"

    def test_a_repeat_is_no_early_picture(self) -> None:
        pictures = announced("a")
        pictures.receive("a", 1)
        pictures.receive("a", 1)
        assert (pictures.received, pictures.early) == (1, [])

    def test_what_is_remembered_is_bounded(self) -> None:
        names = [str(number) for number in range(RECENT_MAX + 5)]
        pictures = announced(*names)
        for name in names:
            pictures.receive(name, 1)
        assert pictures.recent == names[5:]


class TestExpected:
    def expected(self, from_ms: int = 0) -> Expected:
        return Expected(iter(range(10_000, 10**9, 10_000)), from_ms)

    def test_names_each_missing_one_once(self) -> None:
        expected = self.expected()
        assert expected.overdue(25_000) == [10_000, 20_000]
        assert expected.overdue(30_000) == [30_000]
        assert expected.overdue(30_000) == []

    def test_what_the_seat_said_is_not_missing(self) -> None:
        expected = self.expected()
        expected.account(20_000)
        expected.account(10_000)
        assert expected.overdue(30_000) == [30_000]

    def test_before_the_seat_was_there_nothing_is_missing(self) -> None:
        assert self.expected(from_ms=20_000).overdue(30_000) == [30_000]

    def test_what_is_told_late_was_told_missing_and_is_forgotten(self) -> None:
        expected = self.expected()
        assert expected.overdue(10_000) == [10_000]
        expected.account(10_000)
        assert expected.overdue(20_000) == [20_000]
