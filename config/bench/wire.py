"""A keep-alive connection with as little between us and the server as can be, so that what is timed is the server."""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

END_OF_HEAD = b"\r\n\r\n"
END_OF_CHUNKS = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """The header's value, or nothing."""
        wanted = name.lower()
        lines = (line.partition(":") for line in self.head.decode("latin-1").split("\r\n")[1:])
        return next((value.strip() for key, _, value in lines if key.lower() == wanted), "")


def request_bytes(
    path: str, *, host: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """One request, ready to be sent."""
    given = {"Host": host, "User-Agent": "bench", "Accept": "*/*", **(headers or {})}
    if body:
        given["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode() + END_OF_HEAD + body


class Wire:
    """One connection; made anew when the server has closed it, which is not part of the time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        try:
            return self._ask(request)
        except ConnectionError:
            self.close()
            return self._ask(request)

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.perf_counter()
        self._socket.sendall(request)
        received = self._receive(b"", until=lambda data: END_OF_HEAD in data)
        head, _, body = received.partition(END_OF_HEAD)
        status = int(head[9:12])
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            body = self._receive(body, until=lambda data: data.endswith(END_OF_CHUNKS))
        elif status != 304 and b"content-length:" in lowered:
            length = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0])
            body = self._receive(body, until=lambda data: len(data) >= length)
        seconds = time.perf_counter() - begun
        if b"connection: close" in lowered:
            self.close()
        return Answer(status, head, body, seconds)

    def _receive(self, data: bytes, *, until: Callable[[bytes], bool]) -> bytes:
        assert self._socket is not None
        while not until(data):
            part = self._socket.recv(1 << 16)
            if not part:
                raise ConnectionResetError("the server closed the connection")
            data += part
        return data
