"""Browsers that never stop asking one clinic, in a process of their own: until its input ends, then says what they got."""

import sys
import threading

from config.bench.wire import Wire


class Browsers:
    """So many at once; asked to come again in a second, a browser does."""

    def __init__(self, port: int, request: bytes) -> None:
        self.port, self.request = port, request
        self.over = threading.Event()
        self.answers: list[int] = []

    def ask(self) -> None:
        wire = Wire(self.port)
        while not self.over.is_set():
            self.answers.append(wire.ask(self.request).status)
            if self.answers[-1] != 200:
                self.over.wait(1.0)
        wire.close()


def main(port: int, browsers: int, request: bytes) -> None:
    made = Browsers(port, request)
    threads = [threading.Thread(target=made.ask) for _ in range(browsers)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    made.over.set()
    for thread in threads:
        thread.join()
    answered = made.answers.count(200)
    print(answered, len(made.answers) - answered)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3]))
