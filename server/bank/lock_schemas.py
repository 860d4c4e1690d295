"""What is said about the bank key over HTTP: passphrases go in, none ever comes out."""

from typing import Annotated

from pydantic import BaseModel, Field

from server.bank.key_file import PASSPHRASE_CHARS_MAX
from server.bank.schemas import Asked
from server.people.rules import Person
from server.people.schemas import LoginName, Password

Secret = Annotated[str, Field(min_length=1, max_length=PASSPHRASE_CHARS_MAX)]


class Passphrase(Asked):
    """A keeper's own bank passphrase."""

    passphrase: Secret


class NewPassphrase(Asked):
    """A new passphrase, with the old one."""

    old: Secret
    new: Secret


class Admission(Asked):
    """Another keeper, at the console of one who unlocked the bank: login, password, and a passphrase of their own."""

    login: LoginName
    password: Password
    passphrase: Secret


class KeeperShown(BaseModel):
    """Somebody who has a bank passphrase."""

    id: str
    login: str
    display_name: str

    @classmethod
    def of(cls, person: Person | None, known_as: str) -> "KeeperShown":
        """From the person, or the id alone where the register does not know them."""
        if person is None:
            return cls(id=known_as, login="", display_name="")
        return cls(id=person.id, login=person.login, display_name=person.display_name)


class LockShown(BaseModel):
    """Whether there is a bank key, whether it is in memory, and who can bring it there. ``mine``: I am one of them."""

    founded: bool
    unlocked: bool
    unlocked_by: str | None
    locks_in_s: int | None
    mine: bool
    keepers: list[KeeperShown]
