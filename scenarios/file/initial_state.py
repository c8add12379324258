"""The format's tables made into the engine's values: hardware, memory and vCPUs at step 0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from engine.arm.a64.named_operations import PsciCpuOn, SetMpState, VcpuInit
from engine.arm.a64.system import HypervisorCall
from engine.arm.core import REGISTERS, SP, Core
from engine.arm.program import Instruction, Program
from engine.arm.registers import MASK, WRITABLE, Hcr, SystemRegisters
from engine.machine.setup import Hardware, NonCacheable
from engine.machine.state import Power, VCpu
from engine.memory.layout import WORD_BYTES, WORD_SIZES, Layout, LayoutError, Word
from engine.memory.line import Line, Version
from engine.refusal import KeyPath, RefusedError, quote
from scenarios.errors import describe, key_path, unknown
from scenarios.file.tables import (
    IMPLEMENTOR_CODES,
    LARGEST_IMPLEMENTOR,
    MOST_PCPUS,
    MOST_WORDS,
    WORD_NAME,
    CachedTable,
    HardwareTable,
    MemoryTable,
    VcpuTable,
)
from scenarios.schedule_entries import read_pcpu

_WORD: Final = re.compile(WORD_NAME)
_GENERAL: Final = tuple(f"x{number}" for number in range(REGISTERS))
_SYSTEM: Final = {register.value: register for register in WRITABLE}
_HCR: Final = "hcr_el2"
_STACK: Final = "sp"


def read_hardware(table: HardwareTable) -> Hardware:
    """Return the host that the `hardware` table describes.

    Raises:
        RefusedError: too few or too many pCPUs, or an implementor nobody knows.
    """
    within(table.pcpus, 1, MOST_PCPUS, "hardware.pcpus")
    return Hardware(
        pcpus=table.pcpus,
        noncacheable=NonCacheable(table.noncacheable),
        fwb=table.fwb,
        implementor=_implementor(table.implementor),
        fills=table.speculation.fills,
        evictions=table.speculation.evictions,
    )


def read_layout(table: MemoryTable) -> Layout:
    """Return the words, lines and pages of the `memory` table.

    Raises:
        RefusedError: the words cannot be laid out so.
    """
    if len(table.words) > MOST_WORDS:
        raise RefusedError(
            f"{len(table.words)} words", f"at most {MOST_WORDS}", KeyPath("memory.words")
        )
    for name, word in table.words.items():
        path = key_path("memory.words", name)
        if not _WORD.fullmatch(name):
            expected = "a name of up to 40 letters, digits and '_', a digit not first"
            raise RefusedError(quote(name), expected, KeyPath(path))
        within(word.address, 0, MASK, f"{path}.address")
        if word.bytes not in WORD_SIZES:
            expected = " or ".join(map(str, WORD_SIZES))
            raise RefusedError(describe(word.bytes), expected, KeyPath(f"{path}.bytes"))
        if word.address % word.bytes:
            expected = f"a multiple of {word.bytes}"
            raise RefusedError(f"{word.address:#x}", expected, KeyPath(f"{path}.address"))
        within(word.value, 0, _most(word.bytes), f"{path}.value")
    _size(table.line_bytes, WORD_BYTES, "memory.line_bytes")
    _size(table.page_bytes, table.line_bytes, "memory.page_bytes")
    words = tuple(
        Word(name, word.address, word.value, word.bytes) for name, word in table.words.items()
    )
    try:
        return Layout.of(words, line_bytes=table.line_bytes, page_bytes=table.page_bytes)
    except LayoutError as error:
        found, _, expected = str(error).partition(": expected ")
        overlap = "words that do not overlap"
        raise RefusedError(found, expected or overlap, KeyPath("memory.words")) from None


def read_mapped(table: MemoryTable, layout: Layout) -> tuple[bool, ...]:
    """Return, per page, whether stage 2 maps it at the start.

    Raises:
        RefusedError: neither "all" nor "none" nor an array of words.
    """
    match table.mapped:
        case "all":
            return tuple(True for _ in layout.pages)
        case "none":
            return tuple(False for _ in layout.pages)
        case str(other):
            expected = "'all', 'none' or an array of words"
            raise RefusedError(quote(other), expected, KeyPath("memory.mapped"))
        case names:
            lines = (
                _line(name, layout, f"memory.mapped[{index}]") for index, name in enumerate(names)
            )
            pages = {layout.page_of[line] for line in lines}
            return tuple(page in pages for page in range(len(layout.pages)))


def read_lines(table: MemoryTable, layout: Layout, hardware: Hardware) -> tuple[Line, ...]:
    """Return the lines at the start, the cached ones with what the caches hold.

    Raises:
        RefusedError: a cached line is not as hardware coherence has it.
    """
    lines = [
        Line.initial(tuple(layout.words[word].initial for word in members))
        for members in layout.lines
    ]
    for index, cached in enumerate(table.cached):
        path = f"memory.cached[{index}]"
        line = _line(cached.line, layout, f"{path}.line")
        if lines[line].cached is not None:
            name = layout.line_name(line)
            raise RefusedError(
                f"the line of {name!r} twice", "each line once", KeyPath(f"{path}.line")
            )
        lines[line] = _cached(cached, lines[line], layout.lines[line], layout, hardware, path)
    return tuple(lines)


def read_vcpu(
    table: VcpuTable,
    index: int,
    hardware: Hardware,
    layout: Layout,
    aliases: Mapping[str, int],
) -> VCpu:
    """Return a vCPU at the start: KVM's reset values, then what the file says.

    Raises:
        RefusedError: an unknown pCPU or register, or a value that KVM would never have there.
    """
    path = f"vcpu[{index}]"
    within(table.pcpu, 0, hardware.pcpus - 1, f"{path}.pcpu")
    core, registers = Core.reset(), SystemRegisters.reset()
    hcr_el2 = Hcr.reset(fwb=hardware.fwb)
    for name, given in table.registers.items():
        key = key_path(f"{path}.registers", name)
        value = _register_value(given, layout, aliases, key)
        if name in _SYSTEM:
            registers = registers.write(_SYSTEM[name], value)
        elif name == _HCR:
            hcr_el2 = _hcr(value, hardware, key)
        elif name in _GENERAL:
            core = core.write(int(name[1:]), value)
        elif name == _STACK:
            core = core.write(SP, value)
        else:
            known = (*_SYSTEM, _HCR, *_GENERAL, _STACK)
            found = f"the unknown register {quote(name)}"
            raise unknown(found, name, known, "a register", KeyPath(key))
    return VCpu(Power(table.power), table.pcpu, core, registers, hcr_el2)


def _register_value(given: int | str, layout: Layout, aliases: Mapping[str, int], path: str) -> int:
    """Return what a register holds: a number, or the address of a word or an alias."""
    if isinstance(given, str) and given in aliases:
        return aliases[given]
    if isinstance(given, int):
        within(given, 0, MASK, path)
        return given
    return layout.words[word_named(given, layout, path, "a number, or a word of guest RAM")].address


def refuse_lost_registers(
    tables: Sequence[VcpuTable],
    vcpus: Sequence[VCpu],
    layout: Layout,
    programs: Sequence[Program],
    vmm: Program | None,
) -> None:
    """Refuse registers of a vCPU that is off and loses them, whoever starts it.

    PSCI CPU_ON and KVM_ARM_VCPU_INIT reset x0 to x30 and the EL1 registers; KVM_SET_MP_STATE
    keeps them. CPU_ON leaves HCR_EL2 as it is, and a vCPU that nobody starts loses nothing.

    Raises:
        RefusedError: there are such registers.
    """
    for index, (table, vcpu) in enumerate(zip(tables, vcpus, strict=True)):
        resets = tuple(dict.fromkeys(_resets(index, programs, vmm)))
        kept = any(
            isinstance(one, SetMpState) and one.vcpu == index and one.runnable
            for one in _instructions(vmm)
        )
        if vcpu.power is Power.ON or kept or not resets:
            continue
        lost = [
            name
            for name, value in table.registers.items()
            if name != _HCR and value != _reset_value(name)
        ]
        if lost:
            path = f"vcpu[{index}].registers"
            raise RefusedError(
                f"{_listed(lost)} of a vCPU that is off until {' or '.join(resets)}, which "
                "resets what the file gives there",
                f'{_load(table, lost, layout)} in its program, or power = "on"',
                KeyPath(key_path(path, lost[0]) if len(lost) == 1 else path),
            )


def _resets(index: int, programs: Sequence[Program], vmm: Program | None) -> Iterator[str]:
    """Yield what starts a vCPU and resets its registers."""
    for caller, program in enumerate(programs):
        for one in _instructions(program):
            called = isinstance(one, PsciCpuOn) and one.vcpu == index
            # By number it is a call for whichever vCPU the registers say.
            if caller != index and (called or isinstance(one, HypervisorCall)):
                yield "PSCI CPU_ON"
    for one in _instructions(vmm):
        if isinstance(one, VcpuInit) and one.vcpu == index and not one.power_off:
            yield "KVM_ARM_VCPU_INIT"


def _instructions(program: Program | None) -> Iterator[Instruction]:
    for located in () if program is None else program.instructions:
        yield located.instruction


def _reset_value(name: str) -> int:
    return SystemRegisters.reset().read(_SYSTEM[name]) if name in _SYSTEM else 0


def _load(table: VcpuTable, lost: Sequence[str], layout: Layout) -> str:
    """Return how a program gives itself one of the registers that are lost, a pointer if any is."""
    words = {word.address: word.name for word in layout.words}
    general = [name for name in lost if name in _GENERAL]
    pointers = [
        name
        for name in general
        if isinstance(table.registers[name], str) or table.registers[name] in words
    ]
    for name in (*pointers, *general):
        value = table.registers[name]
        shown = value if isinstance(value, str) else words.get(value, hex(value))
        return quote(f"ldr {name}, ={shown}")
    return quote("mov sp, x0" if lost[0] == _STACK else f"msr {lost[0]}, x0")


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _implementor(value: str | int) -> int:
    if isinstance(value, str):
        if value not in IMPLEMENTOR_CODES:
            place = KeyPath("hardware.implementor")
            raise unknown(quote(value), value, IMPLEMENTOR_CODES, "an implementor", place)
        return IMPLEMENTOR_CODES[value]
    within(value, 0, LARGEST_IMPLEMENTOR, "hardware.implementor")
    return value


def _line(name: str, layout: Layout, path: str) -> int:
    return layout.line_of[word_named(name, layout, path)]


def word_named(name: str, layout: Layout, path: str, kind: str = "a word of guest RAM") -> int:
    """Return the word of a name.

    Raises:
        RefusedError: there is none.
    """
    word = layout.word_named(name)
    if word is None:
        words = tuple(each.name for each in layout.words)
        raise unknown(quote(name), name, words, kind, KeyPath(path))
    return word


def _cached(
    table: CachedTable,
    line: Line,
    members: tuple[int, ...],
    layout: Layout,
    hardware: Hardware,
    path: str,
) -> Line:
    holders = 0
    for index, name in enumerate(table.on):
        try:
            holders |= 1 << read_pcpu(name, hardware.pcpus)
        except RefusedError as error:
            raise error.at(KeyPath(f"{path}.on[{index}]")) from None
    if not holders or (table.dirty and holders.bit_count() > 1):
        expected = "exactly one pCPU for a dirty line" if table.dirty else "at least one pCPU"
        raise RefusedError(f"{holders.bit_count()} pCPUs", expected, KeyPath(f"{path}.on"))
    names = tuple(layout.words[word].name for word in members)
    for name, value in table.values.items():
        key = key_path(f"{path}.values", name)
        if name not in names:
            kind = f"a word on the line of {names[0]!r}"
            raise unknown(quote(name), name, names, kind, KeyPath(key))
        within(value, 0, _most(layout.words[members[names.index(name)]].size), key)
        if value != line.ram[names.index(name)].value and not table.dirty:
            expected = "the value in RAM, or dirty = true"
            raise RefusedError(f"{value} in a clean line", expected, KeyPath(key))
    copy = tuple(
        version if table.values.get(name, version.value) == version.value
        else Version(1, table.values[name])
        for name, version in zip(names, line.ram, strict=True)
    )  # fmt: skip
    return attrs.evolve(
        line,
        cached=copy,
        holders=holders,
        dirty=table.dirty,
        newest=tuple(version.number for version in copy),
    )


def _hcr(value: int, hardware: Hardware, path: str) -> int:
    for field, why in ((Hcr.VM, "stage 2 is on"), (Hcr.TSW, "KVM traps set/way operations")):
        if not field.get(value):
            expected = f"{field.name} (bit {field.bit}) set: {why}"
            raise RefusedError(f"{value:#x}", expected, KeyPath(path))
    if Hcr.FWB.get(value) != hardware.fwb:
        state = "set" if hardware.fwb else "clear"
        expected = f"FWB (bit {Hcr.FWB.bit}) {state}, as hardware.fwb says"
        raise RefusedError(f"{value:#x}", expected, KeyPath(path))
    return value


def _size(value: int, least: int, path: str) -> None:
    if value < least or value & (value - 1):
        raise RefusedError(describe(value), f"a power of two, at least {least}", KeyPath(path))


def _most(size: int) -> int:
    return (1 << 8 * size) - 1


def within(value: int, least: int, most: int, path: str) -> None:
    """Require that a number is in a range.

    Raises:
        RefusedError: it is not.
    """
    if not least <= value <= most:
        bits = most.bit_length()
        whole = most == _most(bits // 8) and bits in (32, 64)
        shown = f"a {bits}-bit unsigned integer" if whole else f"{least} to {most}"
        raise RefusedError(describe(value), shown, KeyPath(path))
