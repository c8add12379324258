"""How long the answer for every guest takes: a guest each, and all of so many vCPUs together."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from benchmarks.pairs import Timed, process, timed
from benchmarks.table import markdown, seconds
from benchmarks.workbench import ROOT
from scenarios.every_guest import general_guests

POLICY: Final = "upstream"
"""Safe on all of them, so that each is searched to its end."""
AIMS: Final = {2: 10.0, 3: 60.0}
"""Seconds for all guests of so many vCPUs together, in `JOBS` processes."""
JOBS: Final = 2
_HEAD: Final = ("general guests", "states", "transitions", "time", "aim", "reached")


@attrs.frozen
class GuestRow:
    """One line of the table: guests that are decided by one process of ours."""

    name: str
    guests: tuple[str, ...]
    aim: float | None = None
    """Seconds to stay below."""


def guest_rows() -> Iterator[GuestRow]:
    """Yield each guest alone, those of the fewest vCPUs first, then all of so many vCPUs."""
    guests = sorted(general_guests(), key=lambda guest: len(guest.vcpus))
    for guest in guests:
        yield GuestRow(guest.name, (guest.name,))
    for vcpus, aim in AIMS.items():
        alike = tuple(guest.name for guest in guests if len(guest.vcpus) == vcpus)
        yield GuestRow(f"all of {vcpus} vCPUs, --jobs {JOBS}", alike, aim)


def measured_guests(times: int) -> str:
    """Return the table: medians of so many runs each.

    Raises:
        CalledProcessError: a guest is not safe.
    """
    return markdown(_HEAD, (_line(row, _timed(row, times)) for row in guest_rows()))


def _timed(row: GuestRow, times: int) -> Timed:
    jobs = ("--jobs", str(JOBS)) if len(row.guests) > 1 else ()
    command = (sys.executable, "-m", "tui", "check", *row.guests, "--policy", POLICY, "--json")
    runs = [timed(process((*command, *jobs), ROOT)) for _ in range(times)]
    return Timed(tuple(taken for _, taken in runs), runs[-1][0])


def _line(row: GuestRow, taken: Timed) -> tuple[str, ...]:
    results = json.loads(taken.output)["results"]
    told = () if row.aim is None else (f"<= {row.aim:g} s", _reached(row.aim, taken))
    return (
        row.name,
        _sum(result["states"] for result in results),
        _sum(result["transitions"] for result in results),
        seconds(taken.median),
        *(told or ("", "")),
    )


def _reached(aim: float, taken: Timed) -> str:
    return "yes" if taken.median <= aim else "no"


def _sum(counts: Iterable[int]) -> str:
    return f"{sum(counts):,}"
