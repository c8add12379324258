"""A scenario file's bytes read into a scenario; every mistake is an error that names its key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from os.path import normpath
from typing import Final

from engine.arm.core import Core
from engine.findings import Kind
from engine.machine.state import Vm, Vmm
from engine.refusal import KeyPath, RefusedError, quote
from scenarios.errors import describe, key_path, unknown
from scenarios.file.initial_state import (
    read_hardware,
    read_layout,
    read_lines,
    read_mapped,
    read_vcpu,
    refuse_lost_registers,
)
from scenarios.file.programs import read_programs
from scenarios.file.stage1 import alias_addresses, read_stage1
from scenarios.file.structuring import structure
from scenarios.file.tables import MOST_ENTRIES, MOST_VCPUS, RepeatTable, ScenarioTable
from scenarios.file.toml import decode, parse
from scenarios.policy_library import check_word
from scenarios.scenario import Expectation, Note, Scenario
from scenarios.schedule_entries import MOST_STEPS, ScheduleEntry, Vocabulary, read_move

_KINDS: Final = {kind.value: kind for kind in Kind}


def read_scenario(data: bytes, *, name: str, file: str) -> Scenario:
    """Return the scenario that a file's bytes hold; `file` is what errors call it.

    Raises:
        RefusedError: if they hold none, and nothing else whatever they hold.
    """
    text = decode(data, file)
    table = structure(parse(text, file, "a scenario"), ScenarioTable, file)
    try:
        return _read(table, text, data, name, file)
    except RefusedError as refused:
        raise refused.in_file(file) from None


def _read(table: ScenarioTable, text: str, data: bytes, name: str, file: str) -> Scenario:
    if "\n" in table.title or not table.title.strip():
        raise RefusedError(describe(table.title), "a title of one line", KeyPath("title"))
    if not 1 <= len(table.vcpu) <= MOST_VCPUS:
        raise RefusedError(f"{len(table.vcpu)} vCPUs", f"1 to {MOST_VCPUS}", KeyPath("vcpu"))
    hardware = read_hardware(table.hardware)
    layout = read_layout(table.memory)
    mapped = read_mapped(table.memory, layout)
    lines = read_lines(table.memory, layout, hardware)
    stage1 = read_stage1(table.memory, table.vcpu, layout)
    aliases = alias_addresses(table.memory)
    vcpus = tuple(
        read_vcpu(vcpu, index, hardware, layout, aliases) for index, vcpu in enumerate(table.vcpu)
    )
    vmm_pcpu = table.vmm.pcpu if table.vmm else 0
    if not 0 <= vmm_pcpu < hardware.pcpus:
        raise RefusedError(describe(vmm_pcpu), f"0 to {hardware.pcpus - 1}", KeyPath("vmm.pcpu"))
    programs, vmm_program = read_programs(table, layout, file, text)
    refuse_lost_registers(table.vcpu, vcpus, layout, programs, vmm_program)
    names = Vocabulary(layout, hardware.pcpus, programs, vmm_program)
    return Scenario(
        name=name,
        title=table.title.strip(),
        teaches=table.teaches.strip(),
        blame=table.blame,
        digest=hashlib.sha256(data).hexdigest(),
        text=data.decode("utf-8"),
        hardware=hardware,
        layout=layout,
        stage1=stage1,
        programs=programs,
        vmm_program=vmm_program,
        lines=lines,
        vcpus=vcpus,
        vmm=Vmm(Core.reset(), vmm_pcpu, kicks=tuple(False for _ in vcpus)),
        # Stage 2 maps a page only when a vCPU that ran has touched it.
        vm=Vm(mapped, has_run=any(mapped)),
        schedule=tuple(_schedule(table, names)),
        notes=tuple(_notes(table)),
        expect=tuple(_expectations(table)),
    )


def _schedule(table: ScenarioTable, names: Vocabulary) -> Iterator[ScheduleEntry]:
    if len(table.schedule) > MOST_ENTRIES:
        found = f"{len(table.schedule)} entries"
        raise RefusedError(found, f"at most {MOST_ENTRIES}", KeyPath("schedule"))
    for index, written in enumerate(table.schedule):
        path = f"schedule[{index}]"
        entry = RepeatTable(written) if isinstance(written, str) else written
        if not 1 <= entry.times <= MOST_STEPS:
            raise RefusedError(
                describe(entry.times), f"1 to {MOST_STEPS}", KeyPath(f"{path}.times")
            )
        try:
            yield ScheduleEntry(entry.do, read_move(entry.do, names), entry.times)
        except RefusedError as refused:
            where = path if isinstance(written, str) else f"{path}.do"
            raise refused.at(KeyPath(where)) from None


def _notes(table: ScenarioTable) -> Iterator[Note]:
    for index, note in enumerate(table.note):
        if not 1 <= note.entry <= len(table.schedule):
            expected = f"an entry of the schedule, 1 to {len(table.schedule)}"
            raise RefusedError(describe(note.entry), expected, KeyPath(f"note[{index}].entry"))
        yield Note(note.entry, note.text.strip())


def _expectations(table: ScenarioTable) -> Iterator[Expectation]:
    seen: dict[str, str] = {}
    for policy, expected in table.expect.items():
        path = key_path("expect", policy)
        check_word(policy, path)
        former = seen.setdefault(normpath(policy), policy)
        if former != policy:
            raise RefusedError(f"{quote(former)} as well", "a policy once", KeyPath(path))
        if isinstance(expected, str):
            if expected != "safe":
                kinds = ", ".join(_KINDS)
                raise RefusedError(
                    quote(expected), f"'safe' or an array of: {kinds}", KeyPath(path)
                )
            yield Expectation(policy, ())
            continue
        if not expected or len(set(expected)) < len(expected):
            found = "an empty array" if not expected else "a kind twice"
            raise RefusedError(found, "'safe' or an array of kinds", KeyPath(path))
        for index, kind in enumerate(expected):
            if kind not in _KINDS:
                place = KeyPath(f"{path}[{index}]")
                raise unknown(quote(kind), kind, _KINDS, "a kind of finding", place)
        yield Expectation(policy, tuple(kind for kind in Kind if kind.value in expected))
