"""The tables of a scenario file, key by key as TOML has them; `schema.json` says the same."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from engine.arm.implementors import IMPLEMENTORS
from scenarios.scenario import Blame

Noncacheable: TypeAlias = Literal["bypasses", "snoops"]
PowerState: TypeAlias = Literal["on", "off"]

IMPLEMENTOR_CODES: Final = {known.name: known.code for known in IMPLEMENTORS}
"""MIDR_EL1.Implementer by name."""


@attrs.frozen
class SpeculationTable:
    """Which events the hardware may cause by itself."""

    fills: bool = True
    evictions: bool = True


@attrs.frozen
class HardwareTable:
    """The host: its pCPUs and what they do."""

    pcpus: int
    noncacheable: Noncacheable = "bypasses"
    fwb: bool = False
    implementor: str | int = "arm"
    speculation: SpeculationTable = SpeculationTable()


@attrs.frozen
class WordTable:
    """A word of guest RAM."""

    address: int
    value: int = 0


@attrs.frozen
class CachedTable:
    """A line that caches hold at the start."""

    line: str
    on: tuple[str, ...]
    dirty: bool = False
    values: dict[str, int] = attrs.field(factory=dict)


@attrs.frozen
class MemoryTable:
    """Guest RAM at the start."""

    words: dict[str, WordTable]
    line_bytes: int = 64
    page_bytes: int = 4096
    mapped: str | tuple[str, ...] = "all"
    cached: tuple[CachedTable, ...] = ()


@attrs.frozen
class VcpuTable:
    """A vCPU: the n-th of them is vcpu n, from 0."""

    program: str
    power: PowerState = "on"
    pcpu: int = 0
    registers: dict[str, int] = attrs.field(factory=dict)


@attrs.frozen
class VmmTable:
    """The host's VMM."""

    program: str
    pcpu: int = 0


@attrs.frozen
class RepeatTable:
    """A schedule entry that is done several times."""

    do: str
    times: int = 1


@attrs.frozen
class NoteTable:
    """A remark at the first step of a schedule entry, counted from 1."""

    entry: int
    text: str


@attrs.frozen
class ScenarioTable:
    """The whole file."""

    title: str
    teaches: str
    hardware: HardwareTable
    memory: MemoryTable
    vcpu: tuple[VcpuTable, ...]
    schedule: tuple[str | RepeatTable, ...]
    blame: Blame = "nobody"
    vmm: VmmTable | None = None
    note: tuple[NoteTable, ...] = ()
    expect: dict[str, str | tuple[str, ...]] = attrs.field(factory=dict)
