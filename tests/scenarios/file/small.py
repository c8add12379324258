"""A scenario's file with no more in it than has to be."""

from __future__ import annotations

from scenarios.file.reader import read_scenario
from scenarios.scenario import Scenario

SMALL = """
title = "t"
teaches = "t"
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
vcpu = [{ program = "nop" }]
"""


def read(text: str) -> Scenario:
    return read_scenario(text.encode(), name="made", file="made.toml")
