"""The tables of a scenario file, key by key as TOML has them, from which `schema.json` is made.

What the schema says of a key is its field's type, default, docstring, and metadata: keywords of
JSON Schema for what a type does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from engine.arm.implementors import IMPLEMENTORS
from engine.arm.registers import MASK
from engine.findings import Kind
from engine.memory.layout import WORD_BYTES, WORD_SIZES
from scenarios.scenario import Blame
from scenarios.schedule_entries import MOST_STEPS

Noncacheable: TypeAlias = Literal["bypasses", "snoops", "may-hit"]
PowerState: TypeAlias = Literal["on", "off"]
Attribute: TypeAlias = Literal["write-back", "non-cacheable", "device"]

MOST_PCPUS: Final = 64
MOST_VCPUS: Final = 16
MOST_WORDS: Final = 64
MOST_ENTRIES: Final = 1_000
LARGEST_IMPLEMENTOR: Final = 0xFF
WORD_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]{0,39}"

IMPLEMENTOR_CODES: Final = {known.name: known.code for known in IMPLEMENTORS}
"""MIDR_EL1.Implementer by name."""

_Keywords: TypeAlias = Mapping[str, Any]

_UNSIGNED: Final[_Keywords] = {"minimum": 0, "maximum": MASK}
_VALUE: Final[_Keywords] = {"type": "integer", **_UNSIGNED}
_WORD: Final[_Keywords] = {"type": "string", "pattern": f"^{WORD_NAME}$"}
_REGISTER: Final[_Keywords] = {"pattern": "^(x([0-9]|[12][0-9]|30)|sp|[a-z][a-z0-9]*_el[12])$"}
_MOVE: Final[_Keywords] = {
    "type": "string",
    "pattern": (
        r"^\s*(((vcpu[0-9]+|vmm)(\s+(hits|misses|step(\s+[0-9]+)?|to\s+\S+|finish|chooses\s+\S+))?)"
        r"|fill\s+\S+\s+on\s+pcpu[0-9]+|evict\s+\S+(\s+from\s+pcpu[0-9]+)?)\s*$"
    ),
}
_KINDS: Final[_Keywords] = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"enum": [kind.value for kind in Kind]},
}


@attrs.frozen
class SpeculationTable:
    """What the hardware may do by itself."""

    fills: bool = True
    """Any pCPU may fetch any line at any time."""
    evictions: bool = True
    """Any line may leave a cache at any time."""


@attrs.frozen
class HardwareTable:
    """The host."""

    pcpus: int = attrs.field(metadata={"minimum": 1, "maximum": MOST_PCPUS})
    """The number of physical CPUs, pcpu0 and up."""
    noncacheable: Noncacheable = "bypasses"
    """What a Device or Non-cacheable access does about a cached copy: nothing, or read and
    update it; 'may-hit': a Normal Non-cacheable load returns the copy or RAM, either."""
    fwb: bool = False
    """FEAT_S2FWB: stage 2 forces Normal Write-Back."""
    implementor: str | int = attrs.field(
        default="arm",
        metadata={
            "anyOf": [
                {"enum": [*IMPLEMENTOR_CODES]},
                {"type": "integer", "minimum": 0, "maximum": LARGEST_IMPLEMENTOR},
            ]
        },
    )
    """MIDR_EL1.Implementer, by name or number."""
    speculation: SpeculationTable = SpeculationTable()


@attrs.frozen
class WordTable:
    """A word of guest RAM."""

    address: int = attrs.field(metadata=_UNSIGNED)
    """Its intermediate physical address, a multiple of its size."""
    value: int = attrs.field(default=0, metadata=_UNSIGNED)
    """What RAM holds."""
    bytes: int = attrs.field(default=WORD_BYTES, metadata={"enum": list(WORD_SIZES)})
    """Its size: 8 is loaded and stored by x registers, 4 by w registers."""


@attrs.frozen
class AliasTable:
    """Another address for the page of a word, once stage 1 is on."""

    of: str = attrs.field(metadata=_WORD)
    """The word."""
    address: int = attrs.field(metadata=_UNSIGNED)
    """Where the word is there: at the same place of a page."""


@attrs.frozen
class CachedTable:
    """A line in a cache."""

    line: str = attrs.field(metadata=_WORD)
    """A word on the line."""
    on: tuple[str, ...] = attrs.field(
        metadata={"minItems": 1, "items": {"type": "string", "pattern": "^pcpu[0-9]+$"}}
    )
    """The pCPUs that hold it."""
    dirty: bool = False
    """It may differ from RAM, and one pCPU alone holds it."""
    values: dict[str, int] = attrs.field(
        factory=dict, metadata={"propertyNames": _WORD, "additionalProperties": _VALUE}
    )
    """What the copy holds where that is newer than RAM."""


@attrs.frozen
class MemoryTable:
    """Guest RAM at the start."""

    words: dict[str, WordTable] = attrs.field(
        metadata={"minProperties": 1, "maxProperties": MOST_WORDS, "propertyNames": _WORD}
    )
    """The words that matter, by name."""
    line_bytes: int = attrs.field(default=64, metadata={"minimum": WORD_BYTES})
    """The size of a cache line, a power of two."""
    page_bytes: int = attrs.field(default=4096, metadata={"minimum": WORD_BYTES})
    """The size of a stage-2 page, a power of two."""
    mapped: str | tuple[str, ...] = attrs.field(
        default="all",
        metadata={"anyOf": [{"enum": ["all", "none"]}, {"type": "array", "items": _WORD}]},
    )
    """What stage 2 maps: 'all', 'none', or the pages of these words."""
    aliases: dict[str, AliasTable] = attrs.field(factory=dict, metadata={"propertyNames": _WORD})
    """Other addresses for words and their pages, by name: where a vCPU has its MMU on, an access
    there is one of the word, with the attribute that the vCPU gives the alias."""
    cached: tuple[CachedTable, ...] = ()
    """The lines that are in a cache."""


@attrs.frozen
class VcpuTable:
    """A vCPU."""

    program: str
    """A64 assembly as GNU as takes it, plus psci_cpu_on, psci_cpu_off and kick_vmm."""
    power: PowerState = "on"
    """Its PSCI power state."""
    pcpu: int = attrs.field(default=0, metadata={"minimum": 0})
    """The physical CPU it runs on."""
    registers: dict[str, int | str] = attrs.field(
        factory=dict,
        metadata={
            "propertyNames": _REGISTER,
            "additionalProperties": {"anyOf": [_VALUE, _WORD]},
        },
    )
    """x0 to x30, sp, EL1 registers and hcr_el2 where they differ from KVM's reset values: a
    number, or the name of a word for its address."""
    attributes: dict[str, Attribute] = attrs.field(factory=dict, metadata={"propertyNames": _WORD})
    """What its stage 1 maps the page of a word, or an alias, as: what is not named is Normal
    Write-Back. It counts once the vCPU's MMU is on, and not with FWB."""


@attrs.frozen
class VmmTable:
    """The host's VMM, with a cacheable mapping of guest RAM."""

    program: str
    """A64 assembly, plus vcpu_init, set_one_reg, set_mp_state, inject_irq and wait_kick."""
    pcpu: int = attrs.field(default=0, metadata={"minimum": 0})
    """The physical CPU it runs on."""


@attrs.frozen
class RepeatTable:
    """An entry that is done several times."""

    do: str = attrs.field(metadata=_MOVE)
    """The entry."""
    times: int = attrs.field(default=1, metadata={"minimum": 1, "maximum": MOST_STEPS})
    """How often."""


@attrs.frozen
class NoteTable:
    """A remark."""

    entry: int = attrs.field(metadata={"minimum": 1})
    """The entry of the schedule at whose first step it stands, from 1."""
    text: str
    """What it says."""


@attrs.frozen
class ScenarioTable:
    """A guest, its host and its VMM at their start, their schedule, and what is expected."""

    title: str = attrs.field(metadata={"pattern": r"^[^\n]*\S[^\n]*$"})
    """One line that says what happens."""
    teaches: str
    """A paragraph: what one learns from it."""
    hardware: HardwareTable
    memory: MemoryTable
    vcpu: tuple[VcpuTable, ...] = attrs.field(metadata={"minItems": 1, "maxItems": MOST_VCPUS})
    """The vCPUs: the n-th is vcpu n, from 0."""
    schedule: tuple[str | RepeatTable, ...] = attrs.field(
        metadata={
            "maxItems": MOST_ENTRIES,
            "items": {"anyOf": [_MOVE, {"$ref": "#/$defs/repeat"}]},
        }
    )
    """Who moves next. 'vcpu0': its next instruction with all that KVM does for it. 'vcpu0 step
    3': three single steps. 'vcpu0 to LABEL': instructions until the one at the label comes next.
    'vcpu0 finish': all it can do. 'vcpu0 chooses LABEL': at a choice, which label it goes on at.
    The same for 'vmm'. 'fill x on pcpu0', 'evict x from pcpu0', 'evict x': what the
    hardware does to the line of word x."""
    blame: Blame = "nobody"
    """Who is to blame if it breaks."""
    vmm: VmmTable | None = None
    note: tuple[NoteTable, ...] = ()
    """Remarks along the schedule."""
    expect: dict[str, str | tuple[str, ...]] = attrs.field(
        factory=dict,
        metadata={"additionalProperties": {"anyOf": [{"const": "safe"}, _KINDS]}},
    )
    """Per policy, what can happen over all interleavings: 'safe', or the kinds of finding."""
