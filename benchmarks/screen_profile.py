"""Where the debugger's time goes: the stages of opening it, and functions per start and key."""

from __future__ import annotations

import json
import pstats
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from benchmarks.pairs import process, timed
from benchmarks.sitting import (
    JUMPS,
    MIDDLE,
    NEAR,
    Key,
    debugger,
    every_key,
    middle_of,
    opened_debugger,
    sit_down,
    whole_run,
)
from benchmarks.table import markdown, seconds
from benchmarks.workbench import ROOT

_TOP: Final = 40
_NOTHING: Final = (sys.executable, "-c", "pass")

Function: TypeAlias = tuple[str, int, str]
"""File, line and name."""


@attrs.frozen
class Cost:
    """What a function cost, in calls and in seconds, which the profiler itself makes longer."""

    calls: float
    own: float
    whole: float
    """With all that it called."""

    def since(self, before: Cost, times: int) -> Cost:
        """Return the part that came after `before`, for one of `times`."""
        return Cost(
            (self.calls - before.calls) / times,
            (self.own - before.own) / times,
            (self.whole - before.whole) / times,
        )


Costs: TypeAlias = Mapping[Function, Cost]

_NO_COST: Final = Cost(0, 0, 0)


def profile(file: Path, steps: int) -> Iterator[str]:
    """Yield what there is to say: the stages of a start, and the costliest functions.

    `file` is a scenario that plays to `steps` steps; profiles are written beside it.
    """
    yield f"opening the debugger\n\n{_stages(file)}"
    start = _costs(file, steps, 0, ())
    yield f"up to the first paint, by function\n\n{_functions(start)}"
    for opened, where in ((0, NEAR), (0, JUMPS), (middle_of(steps), MIDDLE)):
        keys = tuple(key for key in every_key(steps) if key.where == where)
        per_key = _per_key(start, _costs(file, steps, opened, keys), len(keys))
        yield f"per key, {where}, by function\n\n{_functions(per_key)}"


def _stages(file: Path) -> str:
    """Return the stages as a table; the rest is what the first paint takes beyond them."""
    _, interpreter = timed(process(_NOTHING, ROOT))
    told = process((sys.executable, "-m", "benchmarks.stages", str(file)), ROOT)()
    stages = {"start Python": interpreter, **json.loads(told)}
    whole = sit_down(debugger(file), opened_debugger(0), ()).first.shown
    stages["the rest, to the first paint"] = whole - sum(stages.values())
    stages["first paint"] = whole
    return markdown(("stage", "time"), ((stage, seconds(taken)) for stage, taken in stages.items()))


def _costs(file: Path, steps: int, opened: int, keys: Sequence[Key]) -> Costs:
    """Return what each function cost when a run was opened at a step and these keys pressed."""
    profiled = file.parent / "profile"
    python, *rest = debugger(file, opened)
    command = (python, "-m", "cProfile", "-o", str(profiled), *rest)
    sit_down(command, opened_debugger(opened), keys, whole_run(steps))
    # The attribute is what the module's documentation points to; its stub leaves it out.
    stats: Mapping[Function, tuple[int, int, float, float, Any]]
    stats = vars(pstats.Stats(str(profiled)))["stats"]
    return {
        function: Cost(calls, own, whole) for function, (_, calls, own, whole, _) in stats.items()
    }


def _per_key(before: Costs, after: Costs, keys: int) -> Costs:
    """Return what was called for keys alone, per key."""
    return {
        function: cost.since(before.get(function, _NO_COST), keys)
        for function, cost in after.items()
        if cost.calls > before.get(function, _NO_COST).calls
    }


def _functions(costs: Costs) -> str:
    """Return the functions that cost most with all they call, and those that do by themselves."""
    by_whole = sorted(costs, key=lambda function: costs[function].whole, reverse=True)
    by_own = sorted(costs, key=lambda function: costs[function].own, reverse=True)
    return "\n".join(
        markdown(
            ("function", "calls", "own time", "with what it calls"),
            (
                (
                    _name(function),
                    f"{costs[function].calls:.4g}",
                    seconds(costs[function].own),
                    seconds(costs[function].whole),
                )
                for function in chosen[:_TOP]
            ),
        )
        for chosen in (by_whole, by_own)
    )


def _name(function: Function) -> str:
    file, line, name = function
    path = Path(file)
    if not path.is_absolute():
        return f"{file} {name}".removeprefix("~ ")
    inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:])
    return f"{inside}:{line} {name}"
