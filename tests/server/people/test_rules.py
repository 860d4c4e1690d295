"""Which duties stay separate."""

import pytest

from server.people.rules import LOGIN, MEETS_CANDIDATES, Role, conflict, random_password


class TestConflict:
    @pytest.mark.parametrize("role", sorted(MEETS_CANDIDATES))
    def test_a_bank_keeper_never_sees_a_room_or_what_it_left(self, role: Role) -> None:
        assert conflict({Role.BANK_KEEPER, role}) is role

    @pytest.mark.parametrize(
        "roles",
        [
            set(),
            {Role.BANK_KEEPER},
            {Role.PROCTOR, Role.QUALITY_SUPERVISOR},
            {Role.BANK_KEEPER, Role.ADMINISTRATOR},
        ],
    )
    def test_other_duties_go_together(self, roles: set[Role]) -> None:
        assert conflict(roles) is None


@pytest.mark.parametrize("login", ["ab", "zhang.san", "0815", "a" * 40])
def test_login_names(login: str) -> None:
    assert LOGIN.match(login)


@pytest.mark.parametrize("login", ["a", "", "A1", "-ab", "a b", "张三", "a" * 41, "ab\n"])
def test_what_is_no_login_name(login: str) -> None:
    assert not LOGIN.fullmatch(login)


def test_printed_passwords_differ_and_are_long() -> None:
    found = {random_password() for _ in range(100)}
    assert len(found) == 100
    assert all(len(one) == 19 for one in found)
