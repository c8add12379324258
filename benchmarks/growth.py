"""How the time to a verdict grows with vCPUs, lines and program length, ours and pan's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Final

import attrs

from benchmarks.family import Member, Variant, member
from benchmarks.pairs import process, timed
from benchmarks.plot import Panel, Series
from benchmarks.promela import Vcpus
from benchmarks.spin import Search
from benchmarks.workbench import Workbench

_PATIENCE: Final = 20.0
"""Seconds after which a larger member is not asked for any more."""


@attrs.frozen
class Axis:
    """What grows, and the members by how far it has grown."""

    title: str
    x_label: str
    members: tuple[tuple[int, Member], ...]


AXES: Final = (
    Axis(
        "vCPUs (5 lines)",
        "vCPUs",
        tuple((n, member(Variant.SAFE, n, 5)) for n in range(2, 9)),
    ),
    Axis(
        "lines (3 vCPUs)",
        "lines",
        tuple((n, member(Variant.SAFE, 3, n)) for n in (3, 4, 5, 6, 7, 8, 10, 12, 16)),
    ),
    Axis(
        "program length (3 vCPUs, 5 lines)",
        "times each word is read back",
        tuple((n, member(Variant.SAFE, 3, 5, length=n)) for n in (1, 2, 4, 8, 16, 32)),
    ),
)


def panels(bench: Workbench, axes: tuple[Axis, ...], times: int) -> Iterator[Panel]:
    """Time every member of every axis under upstream, for as long as it is worth waiting."""
    runs: dict[str, Callable[[Member], Callable[[], str]]] = {"explorer": partial(_ours, bench)}
    for vcpus in Vcpus:
        name = f"pan with partial-order reduction, vCPUs {vcpus.value}"
        runs[name] = partial(_pan, bench, vcpus)
    for axis in axes:
        series = (Series(name, _points(axis, run, times)) for name, run in runs.items())
        yield Panel(axis.title, axis.x_label, tuple(series))


def _points(
    axis: Axis, run: Callable[[Member], Callable[[], str]], times: int
) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = []
    for x, each in axis.members:
        asked = run(each)
        try:
            seconds = [timed(asked)[1] for _ in range(times)]
        except subprocess.TimeoutExpired:
            break
        points.append((x, median(seconds)))
    return tuple(points)


def _ours(bench: Workbench, each: Member) -> Callable[[], str]:
    return bench.ours(each, "upstream", exhaustive=False, timeout=_PATIENCE)


def _pan(bench: Workbench, vcpus: Vcpus, each: Member) -> Callable[[], str]:
    pan = bench.pan(each, "upstream", Search.REDUCED, vcpus)
    return process(pan.command, bench.directory, timeout=_PATIENCE)
