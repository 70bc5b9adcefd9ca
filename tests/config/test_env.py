"""What the environment says, and what production refuses to start without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.env import Profile


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "profile", lambda: Profile.PRODUCTION)
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "MASTER_KEY_FILE", "MASTER_KEY_HOOK"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("ask", [env.database_url, env.broker_url, env.cache_url, env.secret_key, env.master_key])
@pytest.mark.usefixtures("production")
def test_production_has_no_defaults(ask: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="production has no default"):
        ask()  # type: ignore[operator]


@pytest.mark.parametrize(("key", "words"), [(b"short", "exactly 32 bytes"), (env.DEVELOPMENT_MASTER_KEY, "refuses it")])
@pytest.mark.usefixtures("production")
def test_production_refuses_a_bad_master_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: bytes, words: str
) -> None:
    file = tmp_path / "key"
    file.write_bytes(key)
    monkeypatch.setenv("MASTER_KEY_FILE", str(file))

    with pytest.raises(ImproperlyConfigured, match=words):
        env.master_key()


@pytest.mark.usefixtures("production")
def test_production_takes_the_key_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_bytes(bytes(range(32)))
    monkeypatch.setenv("MASTER_KEY_FILE", str(file))

    assert env.master_key() == bytes(range(32))


@pytest.mark.parametrize("name", ["MASTER_KEY_FILE", "PREVIOUS_MASTER_KEY_FILE"])
@pytest.mark.usefixtures("production")
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match=f"{name} names .* can't be read"):
        env.master_key() if name == "MASTER_KEY_FILE" else env.previous_master_key()


@pytest.mark.usefixtures("production")
def test_a_key_service_stands_in_for_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTER_KEY_HOOK", "operators.kms.MasterKey")

    assert env.master_key() == b""
    assert env.previous_master_key() == b""


def test_numbers_and_lists_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "7")
    monkeypatch.setenv("SOME_NAMES", "a.example.org, b.example.org,")

    assert (env.number("SOME_NUMBER", 1), env.number("NO_NUMBER", 1)) == (7, 1)
    assert env.names("SOME_NAMES", []) == ["a.example.org", "b.example.org"]
    assert env.names("NO_NAMES", ["c"]) == ["c"]


def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "many")

    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("SOME_NUMBER", 1)


def test_data_lies_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIRECTORY", str(tmp_path))

    assert env.data_directory() == tmp_path


def test_a_list_of_stolen_passwords_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BREACHED_PASSWORDS_FILE", str(tmp_path / "stolen.txt"))
    with pytest.raises(ImproperlyConfigured, match=r"stolen\.txt, which can't be read"):
        env.breached_passwords_file()

    (tmp_path / "stolen.txt").touch()
    assert env.breached_passwords_file().endswith("stolen.txt")


def test_a_secret_can_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "database-url"
    secret.write_text("postgres://practices_app:secret@db/practices\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(secret))

    assert env.app_database_url() == env.owner_database_url() == "postgres://practices_app:secret@db/practices"
    monkeypatch.setenv("DATABASE_URL", "postgres://other@db/practices")
    assert env.app_database_url() == "postgres://other@db/practices"


def test_a_file_with_a_secret_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE names .* can't be read"):
        env.secret_key()


@pytest.mark.parametrize(
    ("name", "value", "ask"),
    [
        ("LOG_FORMAT", "xml", env.log_format),
        ("PROCESS_TYPE", "web_1/..", env.process_type),
    ],
)
def test_a_word_that_nobody_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, ask: Callable[[], str]
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        ask()


def test_files_lie_in_a_bucket_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S3_BUCKET", raising=False)
    assert env.object_store() == {}

    monkeypatch.setenv("S3_BUCKET", "practices")
    monkeypatch.setenv("S3_ENDPOINT", "https://store.example.org")
    found = env.object_store()
    assert (found["bucket_name"], found["default_acl"], found["addressing_style"]) == ("practices", None, "path")


def test_nginx_cannot_send_what_lies_in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_BUCKET", "practices")
    monkeypatch.setenv("MEDIA_ACCEL", "/private-media/")

    with pytest.raises(ImproperlyConfigured, match="leave it unset"):
        env.media_accel()
