"""The room's keys: the Ed25519 room key that signs orders, the private CA, and the server's certificate under it.

They stand in one folder as PEM files only their owner reads, made once by ``kaochang admin init``. The room key's
fingerprint is what the world outside trusts (printed on the record form); stations pin the CA.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol.files import DiskFiles
from protocol.keys import SigningKey, fingerprint

CA_DAYS = 3650
SERVER_DAYS = 800
"""Browsers refuse certificates under an installed CA that are valid for more than 825 days."""
RENEW_DAYS = 30
"""A server certificate with less left is issued anew at the start of the server."""
BACKDATED = timedelta(days=1)
"""A station whose clock is behind must still accept the certificate."""

ALWAYS_NAMED = ("localhost", "127.0.0.1", "::1")


class KeysMissing(RuntimeError):
    """There is no room in this folder, or its keys were taken away."""


@dataclass(frozen=True, slots=True)
class RoomKeys:
    """What a running server holds of its keys."""

    room: SigningKey
    ca_pem: str
    certificate_file: Path
    certificate_key_file: Path

    @property
    def fingerprint(self) -> str:
        """The room key's name for people."""
        return fingerprint(self.room.public)

    @property
    def ca_fingerprint(self) -> str:
        """SHA-256 of the CA's certificate, as a browser shows it."""
        der = x509.load_pem_x509_certificate(self.ca_pem.encode()).public_bytes(serialization.Encoding.DER)
        digest = sha256(der).hexdigest().upper()
        return ":".join(digest[i : i + 2] for i in range(0, 64, 2))


def make(folder: Path, names: Sequence[str], now_ms: int) -> RoomKeys:
    """Make all keys of a new room; raises FileExistsError where there are some."""
    files = DiskFiles()
    files.make_folder(folder)
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    _write_new(folder / "room.pem", SigningKey.generate().to_pem())
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _ca_certificate(ca_key, now)
    _write_new(folder / "ca.key.pem", _private_pem(ca_key))
    _write_new(folder / "ca.pem", ca.public_bytes(serialization.Encoding.PEM))
    _issue(folder, ca, ca_key, names, now)
    files.sync_folder(folder)
    return load(folder, names, now_ms)


def load(folder: Path, names: Sequence[str], now_ms: int) -> RoomKeys:
    """Read a room's keys, issuing the server's certificate anew when its names changed or it ends soon.

    Raises :class:`KeysMissing`.
    """
    try:
        room = SigningKey.from_pem((folder / "room.pem").read_bytes())
        ca_pem = (folder / "ca.pem").read_text()
        ca_key_pem = (folder / "ca.key.pem").read_bytes()
    except FileNotFoundError as error:
        raise KeysMissing(f"{error.filename} is missing") from error
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    certificate = folder / "server.pem"
    if not _serves(certificate, names, now):
        ca_key = serialization.load_pem_private_key(ca_key_pem, password=None)
        assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
        _issue(folder, x509.load_pem_x509_certificate(ca_pem.encode()), ca_key, names, now)
    return RoomKeys(room, ca_pem, certificate, folder / "server.key.pem")


def _ca_certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    # The name carries part of the key, so that two rooms' authorities are told apart in a browser's list.
    public = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    name = _name(f"Kaochang room {sha256(public).hexdigest()[:8]}")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _issue(
    folder: Path,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    names: Sequence[str],
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("Kaochang room server"))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(min(now + timedelta(days=SERVER_DAYS), ca.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(_alternative_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    # The key first: a certificate without its key would stop the server, a key without its certificate is renewed.
    _replace(folder / "server.key.pem", _private_pem(key))
    _replace(folder / "server.pem", certificate.public_bytes(serialization.Encoding.PEM))


def _serves(file: Path, names: Sequence[str], now: datetime) -> bool:
    key_file = file.with_name("server.key.pem")
    if not (file.exists() and key_file.exists()):
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        certificate.public_key() == key.public_key()
        and set(named) == set(_alternative_names(names))
        and certificate.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
    )


def _alternative_names(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys((*ALWAYS_NAMED, *names)):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_new(path: Path, data: bytes) -> None:
    file = DiskFiles().create(path)
    try:
        file.write(data)
        file.sync()
    finally:
        file.close()


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    _write_new(part, data)
    os.replace(part, path)
    DiskFiles().sync_folder(path.parent)
