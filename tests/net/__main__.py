"""A net under changes that are to leave behaviour alone: digests of what the product does.

    python -m tests.net [--write] [--only policies|verdicts|steps] [--jobs N]
    python -m tests.net --show steps secondary-stale-line/never/mail

Compiled policies and refusals, what `check` says of every shipped scenario under every policy,
and all that is told, shared and answered of the steps of every schedule are compared with
committed digests. What differs is named, and the exit code is 1. `--show` prints the text behind a
row, or behind all rows of an input, so that it can be compared with another checkout's. `--write`
is for changes that are meant to change behaviour.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from tempfile import TemporaryDirectory

from tests.net.digests import Digests, belongs, committed, differences, made, write
from tests.net.kinds import KINDS


def _main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the digests, do not compare")
    parser.add_argument("--only", choices=tuple(KINDS), action="append", help="repeatable")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--show", nargs=2, metavar=("KIND", "NAME"), help="print what is held")
    given = parser.parse_args()
    if given.show:
        return _show(*given.show)
    held = committed()
    wrong = 0
    for kind in given.only or KINDS:
        begun = time.perf_counter()
        now = _all(kind, given.jobs)
        found = () if given.write else tuple(differences(now, held.get(kind, {})))
        wrong += len(found)
        seconds = time.perf_counter() - begun
        sys.stdout.write("".join(f"{kind} {line}\n" for line in found))
        sys.stdout.write(f"{kind}: {len(now)} rows, {len(found)} differ, {seconds:.0f} s\n")
        held[kind] = now
    if given.write:
        write(held)
    return 1 if wrong else 0


def _all(kind: str, jobs: int) -> Digests:
    """Return the digests of all rows of a kind."""
    inputs = KINDS[kind].inputs()
    digests: Digests = {}
    for each in _each(kind, inputs, jobs):
        twice = digests.keys() & each.keys()
        assert not twice, f"two rows have one name: {twice}"
        digests |= each
    return digests


def _each(kind: str, inputs: tuple[str, ...], jobs: int) -> Iterator[Digests]:
    make = partial(made, kind)
    if jobs == 1:
        yield from map(make, inputs)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(make, inputs)


def _show(kind: str, name: str) -> int:
    if kind not in KINDS:
        sys.stderr.write(f"found {kind}; expected one of {', '.join(KINDS)}\n")
        return 2
    owners = [each for each in KINDS[kind].inputs() if belongs(name, each) or belongs(each, name)]
    for owner in owners:
        for row, text in KINDS[kind].rows(owner):
            if belongs(row, name):
                sys.stdout.write(f"=== {row}\n{text}")
    return 0 if owners else 2


if __name__ == "__main__":
    with TemporaryDirectory() as own:
        os.environ |= {"XDG_CONFIG_HOME": own, "XDG_STATE_HOME": own}
        sys.exit(_main())
