"""A mail server for the demo and the tests: every mail becomes a file, nothing leaves this machine.

Run as `mailbox.py PORT DIRECTORY`. File names sort by the time of arrival; a file that can be seen is complete.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SIZE_LIMIT = 10 * 1024 * 1024


class Mailbox:
    """Keeps what arrives."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store one mail."""
        keep(self.directory, envelope.content if isinstance(envelope.content, bytes) else b"")
        return "250 OK"


def keep(directory: Path, mail: bytes) -> Path:
    """Write a mail under a name that says when it came, and make it visible at once and whole."""
    name = f"{time.time_ns():020d}-{os.urandom(4).hex()}"
    partial, final = directory / f".{name}", directory / f"{name}.eml"
    partial.write_bytes(mail)
    partial.replace(final)
    return final


async def serve(port: int, directory: Path) -> None:
    """Receive mail on this machine's own address until the process ends."""
    mailbox = Mailbox(directory)
    server = await asyncio.get_running_loop().create_server(
        # Named, because looking up this machine's own name can take seconds.
        lambda: SMTP(mailbox, hostname="localhost", data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
