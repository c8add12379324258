"""Measure: `python -m benchmarks.run [--quick] [--save]`, from the root of a checkout."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Final

from benchmarks.answer import Answer
from benchmarks.counts import DifferenceError, compare, count_table, counted
from benchmarks.family import Member
from benchmarks.growth import AXES, Axis, panels
from benchmarks.guests import measured_guests
from benchmarks.pairs import Pairs, paired, process
from benchmarks.peer import protocol
from benchmarks.plot import svg
from benchmarks.promela import Vcpus, promela
from benchmarks.rows import (
    COUNTED,
    COUNTED_QUICK,
    MATRIX_AIM,
    ROWS,
    SMALL,
    SMALL_AIM,
    SMALL_QUICK,
    Row,
)
from benchmarks.scenario_text import scenario_text
from benchmarks.spin import Search, available, compiled, said, version
from benchmarks.table import Measured, markdown, ratios, seconds
from benchmarks.workbench import ROOT, Workbench
from engine.explorer.explore import explore
from scenarios.file.reader import read_scenario
from scenarios.policy_library import load_policy

_HERE: Final = ROOT / "benchmarks"
_BEGIN: Final = "<!-- results -->\n"
_END: Final = "<!-- end of results -->\n"


def main() -> int:
    """Measure everything and print it; 1 where something is missing or differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("--quick", action="store_true", help="small members, two pairs each")
    parser.add_argument("--pairs", type=int, default=5, help="pairs per row (default: 5)")
    parser.add_argument(
        "--save", action="store_true", help="write README.md's table and growth.svg"
    )
    asked = parser.parse_args()
    if not available():
        print("spin and gcc are needed: Debian's packages spin and gcc", file=sys.stderr)
        return 1
    times = 2 if asked.quick else asked.pairs
    with tempfile.TemporaryDirectory() as directory:
        bench = Workbench(Path(directory))
        try:
            text = "".join(_report(bench, quick=asked.quick, times=times))
        except DifferenceError as difference:
            print(difference, file=sys.stderr)
            return 1
        plot = svg(tuple(panels(bench, _axes(quick=asked.quick), 1 if asked.quick else 3)))
    if asked.save:
        (_HERE / "growth.svg").write_text(plot, encoding="utf-8")
        readme = _HERE / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(_BEGIN)
        after = rest.split(_END)[1]
        readme.write_text(before + _BEGIN + text + _END + after, encoding="utf-8")
    return 0


def _report(bench: Workbench, *, quick: bool, times: int) -> Iterator[str]:
    """Yield the parts of the report, each printed once it is known."""
    parts: tuple[Callable[[], str], ...] = (
        lambda: _head(times),
        lambda: count_table(counted(bench, COUNTED_QUICK if quick else COUNTED)),
        lambda: ratios(_measured(bench, quick=quick, times=times)),
        lambda: _made(bench),
        lambda: measured_guests(times),
    )
    for part in parts:
        text = part() + "\n"
        print(text, end="", flush=True)
        yield text


def _head(times: int) -> str:
    return (
        f"{times} pairs a row; {version()}; Python {platform.python_version()}; "
        f"minicheck {_minicheck_version()}.\n"
    )


def _measured(bench: Workbench, *, quick: bool, times: int) -> Iterator[Measured]:
    for row in ROWS:
        yield from _against_pan(bench, row, row.quick if quick else row.member, times)
    yield _matrix(bench, times)
    yield from _small(SMALL_QUICK if quick else SMALL, times)


def _against_pan(bench: Workbench, row: Row, member: Member, times: int) -> Iterator[Measured]:
    whole = bench.counted(member, row.policy)
    ours = bench.ours(member, row.policy, exhaustive=row.exhaustive)
    for vcpus in Vcpus if row.search is not Search.PLAIN else (Vcpus.PRIVATE,):
        pan = bench.pan(member, row.policy, row.search, vcpus)
        pairs = paired(ours, process(pan.command, bench.directory), times)
        _check(bench, row, member, pairs)
        yield Measured(
            row.question if member == row.member else f"{row.question} (small stand-in)",
            member.name,
            whole.states,
            f"{_AGAINST[row.search]}, vCPUs {vcpus.value}",
            pairs,
            row.aim if member == row.member else None,
        )


_AGAINST: Final = {
    Search.COUNT: "pan, counting",
    Search.PLAIN: "pan, no reduction",
    Search.REDUCED: "pan, reduction",
    Search.BREADTH_FIRST: "pan -DBFS, reduction",
    Search.SHORTEST: "pan -DBFS, no reduction",
}


def _check(bench: Workbench, row: Row, member: Member, pairs: Pairs) -> None:
    """Hold what a row's two processes said against each other.

    Raises:
        DifferenceError: they differ.
    """
    answer = Answer.only(pairs.ours.output)
    if row.exhaustive:
        compare(member, row.policy, answer, bench.counted(member, row.policy))
    errors = said(pairs.theirs.output).errors
    expected = "unsafe" if errors else "safe"
    if answer.verdict != expected:
        raise DifferenceError(f"{member.name} {row.policy}: {answer.verdict}, pan {errors} errors")
    if errors and answer.lengths.get("stale") != bench.shortest(member, row.policy):
        raise DifferenceError(f"{member.name} {row.policy}: {answer.lengths} is not the shortest")


def _matrix(bench: Workbench, times: int) -> Measured:
    row = next(row for row in ROWS if row.search is Search.REDUCED)
    text = promela(row.quick, row.policy, Vcpus.PRIVATE)
    numbers = count()

    def make() -> str:
        compiled(text, row.search, bench.directory / f"again{next(numbers)}")
        return ""

    pairs = paired(bench.matrix(), make, times)
    assert Answer.all(pairs.ours.output)
    return Measured(
        "the whole matrix of shipped scenarios and policies",
        "every cell",
        None,
        "spin -a and gcc -O2 of one model",
        pairs,
        MATRIX_AIM,
    )


def _small(member: Member, times: int) -> Iterator[Measured]:
    """In process: explore against check_safety, models made beforehand."""
    minicheck = _minicheck()
    if minicheck is None:
        print("minicheck cannot be imported: pip install minicheck; its row is left out\n")
        return
    scenario = read_scenario(scenario_text(member).encode(), name=member.name, file=member.name)
    policy = load_policy("upstream")
    theirs = protocol(member, minicheck)

    def explored() -> str:
        return explore(scenario.machine(policy)).verdict.value

    def checked() -> str:
        return str(minicheck.check_safety(theirs, max_states=10_000_000)["reachable_states"])

    states = explore(scenario.machine(policy), exhaustive=True).states
    pairs = paired(explored, checked, times)
    if (pairs.ours.output, int(pairs.theirs.output)) != ("safe", states):
        raise DifferenceError(f"{member.name}: {states} states, minicheck {pairs.theirs.output}")
    yield Measured(
        "small scenario, in process",
        member.name,
        states,
        "minicheck",
        pairs,
        SMALL_AIM if member == SMALL else None,
    )


def _made(bench: Workbench) -> str:
    """What Spin and gcc took to make the verifiers, which no ratio counts."""
    made = [*bench.pans.values()]
    return markdown(
        ("verifiers made", "spin -a, each", "gcc -O2, each"),
        [
            (
                str(len(made)),
                _span([pan.spin_seconds for pan in made]),
                _span([pan.gcc_seconds for pan in made]),
            )
        ],
    )


def _span(values: list[float]) -> str:
    return f"{seconds(min(values))} - {seconds(max(values))}"


def _axes(*, quick: bool) -> tuple[Axis, ...]:
    if not quick:
        return AXES
    return tuple(Axis(axis.title, axis.x_label, axis.members[:3]) for axis in AXES)


def _minicheck() -> ModuleType | None:
    return import_module("minicheck") if find_spec("minicheck") else None


def _minicheck_version() -> str:
    try:
        return metadata.version("minicheck")
    except metadata.PackageNotFoundError:
        return "not there"


if __name__ == "__main__":
    sys.exit(main())
