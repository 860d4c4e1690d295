"""Enrolment by a code typed at the machine: no stick, and no trust that the code does not carry.

The machine asks the server for its CA certificate without believing it, compares it with the fingerprint in the code,
and only then says the secret, over TLS pinned to that CA. Whoever shows another CA is told nothing.
"""

import ssl
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict

from protocol import enrolment_code
from protocol.keys import check_public
from station.enrolment import ENROL_S_MAX, CannotEnrol, Enrolled, StationFiles, sentence
from station.identity import Identity, pinned_tls

SERVER_PORT = 8443
"""The room server's port where none is typed."""


class _Authority(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ca_pem: str


async def enrol_by_code(typed: str, server: str, store: StationFiles) -> Identity:
    """Make this machine the station its code is for. Raises CannotEnrol with a sentence, NotARoom for a bad address."""
    address = address_of(server)
    try:
        code = enrolment_code.read(typed)
    except enrolment_code.NotACode as error:
        raise CannotEnrol(
            f"登记码应为 25 位字母和数字，请核对后重新输入。 Check the code and type it again: {error}"
        ) from error
    ca_pem = await _authority(address)
    if not code.trusts(ca_pem):
        raise CannotEnrol(
            f"{address}: 服务器的证书与登记码不符，未发送任何信息。请核对登记码和地址。"
            " The server's certificate is not the one in the code; nothing was told. Check code and address."
        )
    key = store.key()
    body = {"secret": code.secret, "public_key": key.public}
    tls = pinned_tls(address, ca_pem)
    answer = await _ask("POST", f"{address}/api/stations/enrol-by-code", tls or True, body)
    if answer.status_code != 200:
        raise CannotEnrol(sentence(answer))
    try:
        enrolled = Enrolled.model_validate_json(answer.content)
        check_public(enrolled.room_key)
    except ValueError as error:
        raise CannotEnrol(f"{address}: the answer is no enrolment: {error}") from error
    identity = Identity(
        enrolled.station, key, address, enrolled.room_key, ca_pem, None, enrolled.seat, enrolled.room
    )
    store.keep(identity)
    return identity


def address_of(server: str) -> str:
    """The server's address as it was typed: host, host:port or the whole of it. Raises CannotEnrol."""
    text = server.strip().removesuffix("/")
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        port = parts.port
    except ValueError as error:
        raise CannotEnrol(f"{text}: 地址无法识别。 This is no address: {error}") from error
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.path:
        raise CannotEnrol(f"{text}: 地址无法识别。 This is no address")
    return whole if port is not None or parts.scheme == "http" else f"{whole}:{SERVER_PORT}"


async def _authority(address: str) -> str:
    """The CA certificate the server shows, believed by nobody yet."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    answer = await _ask("GET", f"{address}/api/stations/authority", anybody)
    try:
        return _Authority.model_validate_json(answer.content).ca_pem
    except ValueError as error:
        raise CannotEnrol(f"{address}: 不是考场服务器。 This is no room server") from error


async def _ask(
    method: str, url: str, tls: ssl.SSLContext | bool, body: dict[str, str] | None = None
) -> httpx.Response:
    try:
        async with httpx.AsyncClient(verify=tls, trust_env=False, timeout=ENROL_S_MAX) as client:
            return await client.request(method, url, json=body)
    except httpx.HTTPError as error:
        raise CannotEnrol(
            f"{url}: 无法连接考场服务器。 The room server cannot be reached: {error}"
        ) from error
