"""The measuring itself, beside servers that `manage.py bench` has started: the ports of bare, plain and kept, plain's session."""

import sys
import time
from statistics import median

import django

ROUNDS, EACH = 60, 5


def argon_line() -> str:
    """What hashing one password takes: the median of nine, and the memory that was asked for."""
    from practices.accounts.passwords import ArgonHasher

    hasher, times = ArgonHasher(), []
    for _ in range(9):
        begun = time.perf_counter()
        hasher.encode("a quiet river runs by", hasher.salt())
        times.append(time.perf_counter() - begun)
    memory, passes = hasher.memory_cost // 1024, hasher.time_cost
    return f"A password (Argon2id): {1000 * median(times):.0f} ms, {memory} MiB, {passes} pass"


def main(bare: int, plain: int, kept: int, session: str) -> None:
    """Fill, measure, print."""
    from django.conf import settings
    from django.utils import timezone

    from config.bench.audit import audit_lines
    from config.bench.importing import importing_lines
    from config.bench.lists import count_queries
    from config.bench.noisy import NOISY_BROWSERS, noisy_lines
    from config.bench.opening import opening_lines
    from config.bench.pages import fill_practice, open_demo_clinic, page_targets
    from config.bench.reading import reading_lines
    from config.bench.report import query_lines, timing_lines
    from config.bench.rounds import Target, measure
    from config.bench.sealed import sealed_lines
    from config.bench.wire import Wire, request_bytes

    at = timezone.now()
    clinic = open_demo_clinic()
    practice = fill_practice(clinic, at=at)
    hello = request_bytes("/", host="localhost")
    signed_in = request_bytes("/", host="localhost", headers={"Cookie": f"sessionid={session}"})
    targets = {
        "bare": Target("bare", Wire(bare), lambda: hello),
        "plain": Target("plain", Wire(plain), lambda: signed_in),
        "kept": Target("plain, connections kept", Wire(kept), lambda: signed_in),
        **page_targets(practice, settings.PORT),
    }
    measure(list(targets.values()), rounds=ROUNDS, each=EACH)
    print("Times, as ratios")
    print(*timing_lines(targets), sep="\n")
    print("Sealed, as a ratio to the same in clear")
    for line in sealed_lines(practice):
        print(line)
    print("Audit")
    for line in audit_lines(at=at):
        print(line)
    print(argon_line())
    print("Opening a clinic")
    for line in opening_lines():
        print(line)
    print("The public site, rendered anew, with ten thousand articles against ten")
    for line in reading_lines(settings.PORT, at=at):
        print(line)
    print("Taking in a WordPress site")
    for line in importing_lines(at=at):
        print(line)
    print(f"Ten clinics, one of them noisy: {NOISY_BROWSERS} browsers that never stop")
    for line in noisy_lines(settings.PORT, at=at):
        print(line)
    print("Queries per page")
    print(*query_lines(count_queries(at=at)), sep="\n")


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
