"""Ten clinics on one server: how long the quiet ones wait while one of them asks for as much as it can."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median, quantiles

from django.urls import reverse

from config.bench.people import host_of
from config.bench.reading import shelf
from config.bench.wire import Wire, request_bytes
from practices.models import Clinic

QUIET, ARTICLES = 9, 10
ROUNDS, REQUESTS = 5, 120
# As many browsers as would fill every thread of the server several times.
NOISY_BROWSERS = 40


def asked(clinic: Clinic) -> bytes:
    """A page that is rendered anew each time."""
    return request_bytes(f"{reverse('search')}?q=rest", host=host_of(clinic))


def slowest_of_twenty(port: int, clinics: list[Clinic]) -> float:
    """The 95th percentile of what the quiet clinics' readers wait, in seconds: one after the other, as one reader each."""
    wire = Wire(port)
    requests = [asked(clinic) for clinic in clinics]
    return quantiles((wire.ask(requests[turn % len(requests)]).seconds for turn in range(REQUESTS)), n=20)[-1]


class Noise:
    """Browsers of one clinic; how often they were answered, and how often asked to come again."""

    def __init__(self, port: int, clinic: Clinic) -> None:
        self.command = [sys.executable, "-m", "config.bench.noise", str(port), str(NOISY_BROWSERS), asked(clinic).hex()]
        self.answered = self.refused = 0

    @contextmanager
    def made(self) -> Iterator[None]:
        with subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as making:
            time.sleep(2)  # until they are all there
            try:
                yield
            finally:
                said, _ = making.communicate()
        answered, refused = map(int, said.split())
        self.answered += answered
        self.refused += refused


def noisy_lines(port: int, *, at: datetime) -> Iterator[str]:
    quiet = [shelf(f"quiet{number}", ARTICLES, at=at) for number in range(QUIET)]
    noise = Noise(port, shelf("noisy", ARTICLES, at=at))
    slowest_of_twenty(port, quiet)
    alone, beside = [], []
    for _ in range(ROUNDS):
        alone.append(slowest_of_twenty(port, quiet))
        with noise.made():
            beside.append(slowest_of_twenty(port, quiet))
    ratio = median(noisy / calm for noisy, calm in zip(beside, alone, strict=True))
    verdict = "PASS" if ratio <= 2 else "over"
    yield f"  95 of 100 wait, alone            {1000 * median(alone):>7.1f} ms"
    yield f"  the same beside a noisy one      {1000 * median(beside):>7.1f} ms, {ratio:.2f}×  ≤ 2.0  {verdict}"
    yield f"  of the noisy one's own           {noise.answered} answered, {noise.refused} asked to come again"
