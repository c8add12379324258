from __future__ import annotations

import copy
import importlib
import pkgutil

import engine
from engine.alignment import aligned_in_kvm
from engine.explorer.explore import explore
from engine.explorer.limits import Limits
from engine.timeline import Timeline
from engine.transition import enabled
from tests.engine.explorer.generate import random_machine
from tests.engine.explorer.policies import all_policies


def module_state() -> dict[str, object]:
    """Return what the engine's modules have that could change."""
    names = [each.name for each in pkgutil.walk_packages(engine.__path__, "engine.")]
    return {
        f"{name}.{variable}": copy.copy(value)
        for name in names
        for variable, value in vars(importlib.import_module(name)).items()
        if isinstance(value, list | dict | set | bytearray) and not variable.startswith("__")
    }


def test_no_module_of_the_engine_remembers_what_it_was_asked() -> None:
    before = module_state()
    for seed in range(5):
        machine = random_machine(seed, all_policies())
        explore(machine, limits=Limits(2_000))
        timeline = Timeline.start(machine)
        while len(timeline.steps) < 30 and (events := enabled(timeline.machine)):
            timeline = timeline.extend(events[:1])
        rows = [(step, step) for step in range(len(timeline.steps) + 1)]
        assert aligned_in_kvm(rows, timeline.steps, timeline.steps) == rows
    assert module_state() == before
