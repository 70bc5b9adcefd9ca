"""nginx with our own configuration, in front of the whole site: who gets files, what is hidden, and which process answers."""

import shutil
import socket
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from practices.pictures import Format
from practices.tenancy import inside
from tests import factories
from tests.deploy.manifests import DEPLOY
from tests.harness.mail import free_port
from tests.harness.site import Site

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed.")


def make_certificate(folder: Path) -> None:
    folder.mkdir(parents=True)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, kind, serialization.NoEncryption()))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


class Proxy:
    """nginx in a directory of its own, in front of these servers; as it is in deploy/ but for ports and paths."""

    def __init__(self, directory: Path, media: Path, servers: list[str]) -> None:
        self.directory, self.port = directory, free_port()
        beside = directory / "practices"
        make_certificate(beside / "tls")
        (beside / "servers.conf").write_text("".join(f"server {server};\n" for server in servers))
        locations = (DEPLOY / "nginx" / "locations.conf").read_text()
        locations = locations.replace("/var/lib/practices/media/", f"{media}/").replace("/dev/stderr", "stderr")
        (beside / "locations.conf").write_text(locations)
        ours = (DEPLOY / "nginx" / "practices.conf").read_text()
        ours = ours.replace("listen 443", f"listen {self.port}").replace("listen [::]:443", f"listen [::1]:{self.port}")
        ours = ours.replace("listen 80 ", f"listen {free_port()} ").replace("    listen [::]:80 default_server;\n", "")
        places = "".join(
            f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (directory / "nginx.conf").write_text(
            f"user root; pid {directory}/pid; daemon off; error_log stderr crit; events {{}} http {{ {places} {ours} }}"
        )
        command = ["nginx", "-p", str(directory), "-c", str(directory / "nginx.conf")]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self.process = subprocess.Popen(command)
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        pytest.fail("nginx ended by itself.")

    def get(self, host: str, path: str) -> Answer:
        trusting = ssl._create_unverified_context()  # our own certificate, on loopback
        with closing(HTTPSConnection("127.0.0.1", self.port, context=trusting, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": host})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def proxy(site: Site, settings: Settings, media: Path, tmp_path: Path) -> Iterator[Proxy]:
    settings.MEDIA_ACCEL = "/private-media/"
    (tmp_path / "nginx").mkdir()
    with Proxy(tmp_path / "nginx", media, [f"127.0.0.1:{site.port}"]) as proxy:
        yield proxy


def test_nginx_sends_what_the_application_names_and_nothing_else(proxy: Proxy, site: Site, media: Path) -> None:
    with inside(site.database.north):
        seen, unseen = (factories.picture(size=(400, 300)) for _ in range(2))
        factories.article(cover=seen)
        addresses = [picture.file_url(320, Format.AVIF) for picture in (seen, unseen)]

    shown, hidden = (proxy.get("north.localhost", address) for address in addresses)

    [file] = media.rglob("320.avif")
    assert (shown.status, shown.body) == (200, file.read_bytes())
    assert shown.headers["Content-Type"] == "image/avif"
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Accel-Redirect" not in shown.headers
    assert hidden.status == 404
    assert proxy.get("north.localhost", f"/private-media/{file.relative_to(media)}").status == 404


def test_the_outside_sees_pages_but_not_how_we_are(proxy: Proxy) -> None:
    assert proxy.get("north.localhost", "/").status == 200
    assert [proxy.get("north.localhost", path).status for path in ("/healthz", "/readyz", "/metrics")] == [404] * 3


class Numbered(BaseHTTPRequestHandler):
    """Says which server it is, and whom it was asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        said = (
            self.server.server_port,
            self.headers["Host"],
            self.headers["X-Forwarded-For"],
            self.headers["X-Forwarded-Proto"],
        )
        self.wfile.write(" ".join(map(str, said)).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def backends() -> Iterator[list[ThreadingHTTPServer]]:
    made = [ThreadingHTTPServer(("127.0.0.1", 0), Numbered) for _ in range(3)]
    for backend in made:
        Thread(target=backend.serve_forever, daemon=True).start()
    yield made
    for backend in made:
        backend.shutdown()
        backend.server_close()


def test_each_clinic_is_always_answered_by_the_same_server(tmp_path: Path, backends: list[ThreadingHTTPServer]) -> None:
    (tmp_path / "nginx").mkdir()
    clinics = [f"clinic{number}.example.org" for number in range(30)]
    with Proxy(tmp_path / "nginx", tmp_path, [f"127.0.0.1:{backend.server_port}" for backend in backends]) as proxy:

        def answered_by(host: str) -> str:
            server, asked, address, scheme = proxy.get(host, "/").body.decode().split()
            assert (asked, address, scheme) == (host.lower(), "127.0.0.1", "https")
            return str(server)

        first = {host: answered_by(host) for host in clinics}
        again = {host: answered_by(host.upper()) for host in clinics}
        gone = backends[0]
        gone.socket.close()
        without_one = {host: answered_by(host) for host in clinics}

    left = {host: server for host, server in first.items() if server != str(gone.server_port)}
    assert again == first
    assert min(Counter(first.values()).values()) >= 3  # of thirty, on three servers
    assert {host: without_one[host] for host in left} == left
    assert str(gone.server_port) not in without_one.values()
