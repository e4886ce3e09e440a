"""A node of a cluster behind TLS that lets in those who name the right user, or key."""

import asyncio
import ssl
import threading
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD, API_KEY = "editor", "correct-horse-battery", "a2V5OnNlY3JldA=="
_ALLOWED = frozenset(
    {f"basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}".lower(), f"apikey {API_KEY}".lower()}
)
_REFUSAL = b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_BODY = b"content-length: "


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that issues certificates; `file` holds its own."""

    file: Path
    _key: ec.EllipticCurvePrivateKey
    _name: x509.Name

    @classmethod
    def new(cls, folder: Path, name: str) -> "Authority":
        """Make one."""
        key, subject = ec.generate_private_key(ec.SECP256R1()), _named(name)
        of_authority = x509.BasicConstraints(ca=True, path_length=None)
        own = _certificate(subject, subject, key.public_key()).add_extension(of_authority, critical=True)
        file = folder / f"{name}.pem"
        file.write_bytes(own.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return cls(file, key, subject)

    def issue(self, folder: Path, host: str) -> Path:
        """A file with a certificate for a host, by its name or address, and the key to it."""
        key = ec.generate_private_key(ec.SECP256R1())
        with suppress(ValueError):
            return self._written(folder, host, key, x509.IPAddress(ip_address(host)))
        return self._written(folder, host, key, x509.DNSName(host))

    def _written(self, folder: Path, host: str, key: ec.EllipticCurvePrivateKey, name: x509.GeneralName) -> Path:
        names = x509.SubjectAlternativeName([name])
        certificate = _certificate(self._name, _named(host), key.public_key()).add_extension(names, critical=False)
        file = folder / f"{host}.pem"
        plain = serialization.NoEncryption()
        written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        signed = certificate.sign(self._key, hashes.SHA256())
        file.write_bytes(written + signed.public_bytes(serialization.Encoding.PEM))
        return file


@contextmanager
def secured(node: str, certificate: Path) -> Iterator[str]:
    """The host of a front of the node, `host:port`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()
    host, port = node.split(":")

    async def front(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_node, to_node = await asyncio.open_connection(host, int(port))
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await _pass_on(reader, writer, from_node, to_node)
        finally:
            to_node.close()
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(front, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_ended(asyncio.all_tasks(loop)))
        loop.close()


async def _ended(tasks: Collection["asyncio.Task[object]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.1)  # in which connections close


async def _pass_on(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    from_node: asyncio.StreamReader,
    to_node: asyncio.StreamWriter,
) -> None:
    """Pass requests on to the node, and its answers back, one after the other."""
    while request := await _message(reader):
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1").lower().split("\r\n")
        if _ALLOWED.isdisjoint(line.removeprefix("authorization: ") for line in head):
            writer.write(_REFUSAL)
        else:
            to_node.write(request)
            writer.write(await _message(from_node, is_head=head[0].startswith("head ")))
        await writer.drain()


async def _message(reader: asyncio.StreamReader, *, is_head: bool = False) -> bytes:
    """One request or answer with its body; empty at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lines = head.lower().split(b"\r\n")
    length = next((int(line.removeprefix(_BODY)) for line in lines if line.startswith(_BODY)), 0)
    return head if is_head else head + await reader.readexactly(length)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().issuer_name(issuer).subject_name(subject).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
