"""Who works with banks, for routes."""

from typing import Annotated

from server.people.access import requires
from server.people.rules import Person, Role

Keeper = Annotated[Person, requires(Role.BANK_KEEPER)]
KeeperOrOffice = Annotated[Person, requires(Role.BANK_KEEPER, Role.EXAM_OFFICE)]
PartHolder = Annotated[Person, requires(Role.BANK_KEEPER, Role.EXAM_OFFICE, Role.CONFIRMING_BODY)]
"""Who may be shown, and enter, one part of a package's key: never who works in a room."""
