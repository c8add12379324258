"""Runs to ask about: whole instructions of vCPUs, and other events between them."""

from __future__ import annotations

from engine.machine.events import Event, GuestExecutes
from engine.machine.state import Machine
from engine.timeline import Timeline
from engine.transition import actor_event


def through(built: Machine, *moves: int | Event) -> Timeline:
    """Play whole instructions of vCPUs, given by number, and other events."""
    run = Timeline.start(built)
    for move in moves:
        run = run.extend([GuestExecutes(move) if isinstance(move, int) else move])
        while isinstance(move, int) and run.machine.vcpus[move].stack:
            event = actor_event(run.machine, move)
            if event is None:
                break
            run = run.extend([event])
    return run
