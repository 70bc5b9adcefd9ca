"""What the environment says: the one place that reads it.

Without DATABASE_URL, BROKER_URL and CACHE_URL the embedded servers are meant: those of the tests under pytest, else the demo's.
What must not stand in an environment can lie in a file: DATABASE_URL_FILE names one that holds DATABASE_URL, and so with others.
"""

import os
import re
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.embedded import Instance, find_pg_dump, instance


class Profile(StrEnum):
    """What this process is part of."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


DEVELOPMENT_SECRET = "development-only-secret-key-that-production-refuses-to-start-with"
DEVELOPMENT_MASTER_KEY = bytes.fromhex("de" * 32)


def profile() -> Profile:
    if "pytest" in sys.modules:
        return Profile.TEST
    return Profile(os.environ.get("PRACTICES_PROFILE", Profile.DEMO))


def embedded() -> Instance:
    """The embedded servers that stand in where no address is given."""
    return instance("test" if profile() == Profile.TEST else "demo")


def value_of(name: str) -> str:
    """The variable, or the text in the file that the variable of that name and _FILE names; empty if there is neither."""
    value, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value or not file:
        return value
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which can't be read: {type(error).__name__}.") from None


def text(name: str, default: str) -> str:
    """The variable, or a default that production must not rely on."""
    value = value_of(name)
    if not value and profile() == Profile.PRODUCTION:
        raise ImproperlyConfigured(f"Set {name}: production has no default for it.")
    return value or default


def optional(name: str, default: str = "") -> str:
    return value_of(name) or default


def number(name: str, default: int) -> int:
    value = value_of(name)
    if value and not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value) if value else default


def web_threads() -> int:
    """How many requests a web process has in hand at once."""
    return number("WEB_THREADS", 8)


def switch(name: str) -> bool:
    """On or off; off if it is not set."""
    value = optional(name, "off")
    if value not in ("on", "off"):
        raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")
    return value == "on"


def clinics_domain() -> str:
    """Below which new clinics are found. Production has no default: without one, clinics are opened by command alone."""
    domain = optional("CLINICS_DOMAIN", "" if profile() == Profile.PRODUCTION else "localhost")
    if domain and not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", domain):
        raise ImproperlyConfigured(f"CLINICS_DOMAIN must be a domain such as example.org, not {domain!r}.")
    if switch("SIGN_UP") and not domain:
        raise ImproperlyConfigured("SIGN_UP is on: set CLINICS_DOMAIN, below which new practices are found.")
    return domain


def names(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    value = value_of(name)
    return [part.strip() for part in value.split(",") if part.strip()] or default


def acts_as_owner() -> bool:
    """Whether this process makes tables: manage.py says so of itself. Whatever serves people has the app's rights."""
    return os.environ.get("DATABASE_ROLE") == "owner"


def app_database_url() -> str:
    return text("DATABASE_URL", embedded().database_url)


def owner_database_url() -> str:
    """Without a second address, a given database is used with one role for everything."""
    alone = embedded().owner_url if not optional("DATABASE_URL") else ""
    return optional("DATABASE_OWNER_URL") or text("DATABASE_URL", alone)


def database_url() -> str:
    return owner_database_url() if acts_as_owner() else app_database_url()


def broker_url() -> str:
    return text("BROKER_URL", embedded().broker_url)


def cache_url() -> str:
    return text("CACHE_URL", embedded().cache_url)


def pg_dump() -> str:
    """The program that takes a snapshot of a schema; empty if there is none. It must not be older than the server."""
    return optional("PG_DUMP") or find_pg_dump() or shutil.which("pg_dump") or ""


def process_type() -> str:
    """What kind of process this is, in what it counts; a name for files, so a plain one."""
    name = optional("PROCESS_TYPE", "web")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ImproperlyConfigured(f"PROCESS_TYPE must be of small letters, digits and -, not {name!r}.")
    return name


def log_format() -> str:
    name = optional("LOG_FORMAT", "text")
    if name not in ("text", "json"):
        raise ImproperlyConfigured(f"LOG_FORMAT must be text or json, not {name!r}.")
    return name


def metrics_directory() -> str:
    """Where the processes of this machine count; a variable of the Prometheus client's own."""
    return optional("PROMETHEUS_MULTIPROC_DIR")


def secret_key() -> str:
    return text("SECRET_KEY", DEVELOPMENT_SECRET)


def master_key() -> bytes:
    """The 32 bytes that wrap every clinic's data keys, from the file named by MASTER_KEY_FILE.

    Nothing, if a key service stands in for the file: MASTER_KEY_HOOK names its class.
    """
    if master_key_hook() and not optional("MASTER_KEY_FILE"):
        return b""
    path = text("MASTER_KEY_FILE", "")
    return key_file("MASTER_KEY_FILE", path) if path else DEVELOPMENT_MASTER_KEY


def master_key_hook() -> str:
    return optional("MASTER_KEY_HOOK")


def previous_master_key() -> bytes:
    """The one before, while it is being changed; nothing at other times."""
    path = optional("PREVIOUS_MASTER_KEY_FILE")
    return key_file("PREVIOUS_MASTER_KEY_FILE", path) if path else b""


def breached_passwords_file() -> str:
    """The list of stolen passwords, if the operator has fetched one. A list that is named and not there would let all through."""
    path = optional("BREACHED_PASSWORDS_FILE")
    if path and not os.access(path, os.R_OK):
        raise ImproperlyConfigured(f"BREACHED_PASSWORDS_FILE names {path}, which can't be read.")
    return path


def key_file(name: str, path: str) -> bytes:
    try:
        key = Path(path).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{name} names {path}, which can't be read: {error.strerror}.") from None
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must hold exactly 32 bytes.")
    if key == DEVELOPMENT_MASTER_KEY and profile() == Profile.PRODUCTION:
        raise ImproperlyConfigured(f"{name} holds the development key; production refuses it.")
    return key


def media_accel() -> str:
    """Where the proxy in front finds private files when an answer names one to it; empty if we send them ourselves."""
    prefix = optional("MEDIA_ACCEL")
    if prefix and not re.fullmatch(r"/[\w/-]*/", prefix):
        raise ImproperlyConfigured(f"MEDIA_ACCEL must begin and end with /, not {prefix!r}.")
    if prefix and object_store():
        raise ImproperlyConfigured("MEDIA_ACCEL is for files on a disk that nginx sees; with S3_BUCKET leave it unset.")
    return prefix


def object_store() -> dict[str, Any]:
    """What django-storages must know to keep files in a bucket, which nobody but us can read; nothing for a disk."""
    if not optional("S3_BUCKET"):
        return {}
    return {
        "bucket_name": optional("S3_BUCKET"),
        "endpoint_url": optional("S3_ENDPOINT") or None,
        "region_name": optional("S3_REGION") or None,
        "access_key": optional("S3_ACCESS_KEY") or None,
        "secret_key": optional("S3_SECRET_KEY") or None,
        "default_acl": None,
        "signature_version": "s3v4",
        "addressing_style": "path" if optional("S3_ENDPOINT") else "auto",
        # What is kept under a name takes the place of what was there, as a restore needs it.
        "file_overwrite": True,
    }


def data_directory() -> Path:
    """Where pictures and the demo's mails lie."""
    value = optional("DATA_DIRECTORY")
    return Path(value) if value else embedded().directory
