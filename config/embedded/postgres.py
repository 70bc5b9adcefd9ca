"""PostgreSQL as a child process, reached through a socket that only its owner may open."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.account import Account
from config.embedded.binaries import postgres_major
from config.embedded.child import Child, last_line
from config.embedded.errors import EmbeddedError
from config.embedded.roles import belongs_to_owner, hand_over, make_database, make_roles
from config.embedded.service import Service

USER = "postgres"
DATABASE = "practices"
SOCKET = ".s.PGSQL.5432"
START_LIMIT = 60.0  # seconds; recovery after a kill -9 is part of it

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_locks_per_transaction": "512",  # a dump of many clinics locks every table at once
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is tiny in containers
    # A statement or the row that broke a constraint would put people's words in the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Test data may be lost in a power cut; in return, commits cost nothing.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}
ENVIRONMENT = {"PATH": os.defpath, "LC_MESSAGES": "C"}


def start(service: Service) -> Child:
    """Start the server on its data, made on first use; it may not answer yet."""
    data = service.data / "postgres"
    check_data(data, service.account)
    if not data.exists():
        create_data(data, service.binaries.initdb, service.account)
    # We hold the instance's lock, so whoever wrote this is gone; its number may meanwhile belong to another process.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = SETTINGS | {"unix_socket_directories": str(service.sockets)} | (FORGETFUL if service.forgetful else {})
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    return service.start(
        "postgres",
        [service.binaries.postgres, "-D", data, *options],
        environment=ENVIRONMENT,
        stop_signal=signal.SIGINT,  # "fast": end the sessions, then stop cleanly
    )


def check_data(data: Path, account: Account) -> None:
    """Refuse a data directory that this server can't open, and say what to do."""
    if not data.exists():
        return
    if data.stat().st_uid != account.uid:
        raise EmbeddedError(
            f"{data} belongs to another user: start as that user, or start over with `make demo-reset`."
        )
    found = (data / "PG_VERSION").read_text().strip()
    if found != postgres_major():
        raise EmbeddedError(
            f"{data} was made by PostgreSQL {found} and this is {postgres_major()}: "
            "`make demo-reset` starts over (what the demo holds is lost)."
        )


def create_data(data: Path, initdb: Path, account: Account) -> None:
    """Run initdb beside `data` and move the result there, so that an interrupted one is never used."""
    unfinished = data.with_name(f"{data.name}.new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    account.take(unfinished)
    # macOS has no C.UTF-8; the character types decide what trigrams see as letters, so plain C won't do.
    characters = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    made = subprocess.run(
        [
            *(initdb, "-D", unfinished, "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={characters}"),
        ],
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
        **account.popen_arguments,
    )
    if made.returncode:
        raise EmbeddedError(f"initdb could not make {data}: {made.stdout.decode(errors='replace').strip()}")
    unfinished.rename(data)


def wait_until_ready(child: Child, sockets: Path) -> None:
    """Return when the server answers, and the two roles and the database exist."""
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            connection = psycopg.connect(host=str(sockets), user=USER, dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError as error:
            if not child.running or time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start: {last_line(child.log)} (see {child.log})") from error
            time.sleep(0.02)
    with connection:
        make_roles(connection)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            make_database(connection, DATABASE)
        elif not belongs_to_owner(connection, DATABASE):
            with psycopg.connect(host=str(sockets), user=USER, dbname=DATABASE) as database:
                hand_over(database)


def read_note(sockets: Path) -> str | None:
    """The comment on the database, where the demo keeps what it was last prepared for."""
    with psycopg.connect(host=str(sockets), user=USER, dbname=DATABASE) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    return str(row[0]) if row and row[0] else None


def write_note(sockets: Path, note: str) -> None:
    """Replace the comment on the database; a comment goes with the data it speaks of."""
    with psycopg.connect(host=str(sockets), user=USER, dbname=DATABASE) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(DATABASE), sql.Literal(note)))
