"""The parts of the bench that decide what is printed: the wire, the rounds, the report."""

import socket
import threading
from collections.abc import Iterator

import pytest

from config.bench.report import LIMITS, Listed, query_lines, timing_lines
from config.bench.rounds import Target, UnexpectedAnswerError, measure, ratio
from config.bench.wire import Wire, request_bytes

WITH_LENGTH = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "a"\r\n\r\nhello'
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n\r\n"
CLOSING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Server:
    """Answers each request with the next of these, and hangs up after one that says so."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                while request := connection.recv(10_000):
                    self.requests.append(request)
                    answer = self.answers.pop(0)
                    connection.sendall(answer)
                    if answer == CLOSING:
                        break


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.listener.shutdown(socket.SHUT_RDWR)
    server.listener.close()
    server.thread.join(5)


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    wire = Wire(server.port)
    yield wire
    wire.close()


def test_an_answer_is_read_whole_whichever_way_its_end_is_told(server, wire):
    server.answers = [WITH_LENGTH, IN_CHUNKS, UNCHANGED]

    first, second, third = (wire.ask(request_bytes("/", host="a.example")) for _ in range(3))

    assert (first.status, first.body, first.header("etag")) == (200, b"hello", '"a"')
    assert b"hello" in second.body
    assert (third.status, third.body) == (304, b"")


def test_a_connection_that_was_closed_is_made_anew(server, wire):
    server.answers = [CLOSING, WITH_LENGTH]

    statuses = [wire.ask(request_bytes("/", host="a.example")).status for _ in range(2)]

    assert statuses == [200, 200]


def test_a_request_says_where_it_goes_and_how_long_it_is():
    request = request_bytes("/a/", host="a.example", method="POST", headers={"Cookie": "c=1"}, body=b"{}")

    assert request.startswith(b"POST /a/ HTTP/1.1\r\nHost: a.example\r\n")
    assert request.endswith(b"Cookie: c=1\r\nContent-Length: 2\r\n\r\n{}")


def test_a_page_that_does_not_answer_as_it_should_is_not_measured(server, wire):
    server.answers = [UNCHANGED]
    target = Target("article", wire, lambda: request_bytes("/", host="a.example"))

    with pytest.raises(UnexpectedAnswerError, match="article answered 304 instead of 200"):
        target.once()


def test_every_target_is_asked_equally_often_and_each_round_gives_one_time(server, wire):
    server.answers = [WITH_LENGTH] * 200
    targets = [Target(name, wire, lambda: request_bytes("/", host="a.example")) for name in ("one", "two")]

    measure(targets, rounds=3, each=2)

    assert [len(target.rounds) for target in targets] == [3, 3]


def timed(name: str, *rounds: float) -> Target:
    return Target(name, Wire(0), bytes, rounds=list(rounds))


def test_a_ratio_compares_what_was_measured_in_the_same_round():
    slow, base = timed("slow", 2.0, 30.0, 4.0), timed("base", 1.0, 10.0, 2.0)

    assert ratio(slow, base).median == 2.0


def test_the_report_says_pass_or_over_for_each_target():
    targets = {limit.target: timed(limit.target, 1.9, 1.9, 1.9) for limit in LIMITS}
    targets |= {base: timed(base, 1.0, 1.0, 1.0) for base in ("bare", "plain", "kept")}

    lines = list(timing_lines(targets))

    assert [line.split()[-1] for line in lines if "≤" in line] == ["PASS", "over", "PASS", "PASS"]


def test_a_list_passes_if_its_length_changes_nothing():
    _, constant, growing = query_lines([Listed("queue", 6, 6), Listed("mine", 4, 53)])

    assert constant.endswith("PASS")
    assert growing.endswith("over")
