"""The programs of a file assembled and linked; an error says where in the file it is."""

from __future__ import annotations

import re
from typing import Final

import attrs

from engine.arm.assembler import assemble, label_names, link
from engine.arm.assembly.code_range import code_base
from engine.arm.program import Program
from engine.machine.actors import VMM, actor_name
from engine.memory.layout import Layout
from engine.refusal import InFile, RefusedError
from scenarios.file.stage1 import alias_addresses
from scenarios.file.tables import ScenarioTable

_VCPU_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*vcpu[ \t]*\]\]", re.MULTILINE)
_VMM_HEADER: Final = re.compile(r"^[ \t]*\[[ \t]*vmm[ \t]*\]", re.MULTILINE)
_QUOTES: Final = ('"""\n', "'''\n", '"""', "'''", '"', "'")


@attrs.frozen
class _Written:
    """A program as the file has it; `start` is the offset of its text, if it stands there as is."""

    name: str
    text: str
    key_path: str
    start: int | None


def read_programs(
    table: ScenarioTable, layout: Layout, file: str, text: str
) -> tuple[tuple[Program, ...], Program | None]:
    """Return the vCPUs' programs and the VMM's; their lines count from 1 in each program.

    Raises:
        RefusedError: a program is none, or names a label that another one lacks.
    """
    written = _vcpu_programs(table, text)
    vmm = _vmm_program(table, text)
    words = {
        **{word.name: word.address for word in layout.words},
        **alias_addresses(table.memory),
    }
    try:
        elsewhere = [label for each in written for label in label_names(each.text, each.name)]
        # vCPUs with the same text run the same code.
        texts = [program.text for program in written]
        programs = tuple(
            assemble(
                program.text,
                source=program.name,
                words=words,
                vcpus=len(written),
                vmm=False,
                base=code_base(texts.index(program.text)),
                elsewhere=elsewhere,
            )
            for program in written
        )
        if vmm is None:
            return link(programs)
        vmm_program = assemble(
            vmm.text,
            source=vmm.name,
            words=words,
            vcpus=len(written),
            vmm=True,
            base=code_base(VMM),
        )
        return link(programs, vmm_program)
    except RefusedError as error:
        everyone = written if vmm is None else (*written, vmm)
        culprit = next(program for program in everyone if program.name == error.file)
        raise _located(error, culprit, file, text) from error


def _located(error: RefusedError, program: _Written, file: str, text: str) -> RefusedError:
    """Return the error at its place in the file, or else with its place in the program."""
    if program.start is None:
        inside = f"{program.key_path}, line {error.line} of it"
        return error.at(InFile(file, inside))
    column = error.column
    if error.line == 1:
        column += program.start - (text.rfind("\n", 0, program.start) + 1)
    line = text.count("\n", 0, program.start) + error.line
    return error.at(InFile(file, program.key_path, line, column))


def _vcpu_programs(table: ScenarioTable, text: str) -> tuple[_Written, ...]:
    headers = [header.end() for header in _VCPU_HEADER.finditer(text)]
    if len(headers) != len(table.vcpu):
        headers = [0] * len(table.vcpu)
    ends = (*headers[1:], len(text))
    return tuple(
        _Written(
            actor_name(index),
            vcpu.program,
            f"vcpu[{index}].program",
            _find(vcpu.program, text, start, end or len(text)),
        )
        for index, (vcpu, start, end) in enumerate(zip(table.vcpu, headers, ends, strict=True))
    )


def _vmm_program(table: ScenarioTable, text: str) -> _Written | None:
    if table.vmm is None:
        return None
    header = _VMM_HEADER.search(text)
    start = _find(table.vmm.program, text, header.end() if header else 0, len(text))
    return _Written(actor_name(VMM), table.vmm.program, "vmm.program", start)


def _find(program: str, text: str, start: int, end: int) -> int | None:
    """Return where a string's text stands in the file, if it is there as is and only once."""
    for mark in _QUOTES:
        written = mark + program + mark.rstrip("\n")
        if text.count(written, start, end) == 1:
            return text.index(written, start, end) + len(mark)
    return None
