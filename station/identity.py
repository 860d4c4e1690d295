"""Who this station is: its id, its key, and the one room it belongs to."""

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from protocol.keys import SigningKey


@dataclass(frozen=True)
class Identity:
    """An enrolled station. ``address`` is the room server's, ``https://…`` with ``ca`` or ``http://…`` on loopback.

    ``server_name`` is the name the server's certificate bears, when it is not the address's host.
    """

    station: str
    key: SigningKey
    address: str
    room_key: str
    ca: str | None = None
    server_name: str | None = None
    seat: int | None = None
    room: str = ""

    @property
    def link_address(self) -> str:
        """Where the link's socket is."""
        return "ws" + self.address.rstrip("/")[len("http") :] + "/link"

    def tls(self) -> ssl.SSLContext | None:
        """A context that trusts the room's own CA and nobody else; None for plain loopback."""
        return pinned_tls(self.address, self.ca)


class NotARoom(ValueError):
    """The address is no room server's; the message says what to write."""


def pinned_tls(address: str, ca: str | None) -> ssl.SSLContext | None:
    """The TLS context for an address; plain HTTP only on loopback. Raises :class:`NotARoom`."""
    parts = urlsplit(address)
    if parts.scheme == "http":
        if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise NotARoom(f"{address}: 只有本机地址可以不加密。 Only a loopback address may be plain http")
        return None
    if parts.scheme != "https":
        raise NotARoom(f"{address}: 地址应以 https:// 开头。 The address begins with https://")
    if not ca:
        raise NotARoom(f"{address}: 缺少考场证书。 The room's CA certificate is missing")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=ca)
    except ssl.SSLError as error:
        raise NotARoom(f"考场证书无法读取。 The room's CA certificate is unreadable: {error}") from error
    return context
