"""A member of the family as a Promela model, state for state what the transition function does.

One transition of the model is one step of the engine: an instruction, an exit, the write of the
register, a statement or condition of kvm_toggle_cache, a line of the walk, the return, a fill or
an eviction. Where a vCPU is, in the guest or in KVM, is where its process is; a version is its
number. What a vCPU is entitled to is kept per word that it loads; what it acquires with the 1 of
a word is known beforehand, since each word has one writer and is written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

import attrs

from benchmarks.entitlement import acquired
from benchmarks.family import Await, Enable, Guest, Load, Member, Operation, Store, Unless

_TOGGLES: Final = {
    "upstream": ("{now} != {was}",),
    "vcpu0-only": ("{now} != {was}", "{vcpu} == 0"),
    "never": (),
}
"""Per policy, the conditions that lead to its flush, outermost first."""

POLICIES: Final = tuple(_TOGGLES)
"""The policies that there is a model of."""


@unique
class Vcpus(Enum):
    """Where SCTLR_EL1 and HCR_EL2 of a vCPU are declared; the states are the same."""

    SHARED = "shared"
    """Globally, as KVM has them: in `struct kvm_vcpu`, in reach of every vCPU's thread."""
    PRIVATE = "private"
    """In the vCPU's process: in this family no other touches them, and Spin can tell."""


def promela(member: Member, policy: str, vcpus: Vcpus) -> str:
    """Return the Promela text; the same arguments, the same bytes.

    Raises:
        ValueError: what a vCPU knows when it writes a word is not known beforehand.
    """
    known = acquired(member)
    guests = [
        _Vcpu(member, policy, index, guest, known) for index, guest in enumerate(member.guests)
    ]
    parts = [
        f"/* {member.name} under {policy}, {vcpus.value} vCPUs */\n",
        *_memory(member),
        *(guest.registers for guest in guests if vcpus is Vcpus.SHARED),
        *_lines(member),
        _walk(member),
        *(guest.text(private=vcpus is Vcpus.PRIVATE) for guest in guests),
        _hardware(member),
    ]
    return "\n".join(parts)


def _memory(member: Member) -> Iterator[str]:
    """Per line and per word: what RAM and the coherent cached copy hold."""
    yield "bit mmu_lock;"
    for line in range(len(member.lines)):
        yield f"bit cached{line}, dirty{line};"
    for word in range(len(member.names)):
        yield f"bit ram{word}, copy{word};    /* {member.names[word]} */"


def _lines(member: Member) -> Iterator[str]:
    """What happens to a whole line; an absent copy is all 0."""
    for line, words in enumerate(member.lines):
        fill = " ".join(f"copy{word} = ram{word};" for word in words)
        write_back = " ".join(f"ram{word} = copy{word};" for word in words)
        drop = " ".join(f"copy{word} = 0;" for word in words)
        yield f"inline fill{line}() {{ cached{line} = 1; {fill} }}"
        yield (
            f"inline leave{line}() {{\n"
            f"    if :: dirty{line} -> {write_back} dirty{line} = 0 :: else fi;\n"
            f"    cached{line} = 0; {drop}\n}}"
        )


def _walk(member: Member) -> str:
    """stage2_flush_vm: take the mmu_lock, clean and invalidate each line, release it."""
    steps = "".join(
        f"    d_step {{ if :: cached{line} -> leave{line}() :: else fi }};\n"
        for line in range(len(member.lines))
    )
    return (
        "inline stage2_flush_vm() {\n"
        "    d_step { mmu_lock == 0 -> mmu_lock = 1 };\n"
        f"{steps}"
        "    mmu_lock = 0\n}"
    )


def _hardware(member: Member) -> str:
    """Speculative fills and evictions, whichever pCPU it is."""
    options = "".join(
        f"    :: d_step {{ !cached{line} -> fill{line}() }}\n"
        f"    :: d_step {{ cached{line} -> leave{line}() }}\n"
        for line in range(len(member.lines))
    )
    return f"active proctype hardware() {{\nend_hardware:\n    do\n{options}    od\n}}\n"


@attrs.frozen
class _Vcpu:
    """The process of one vCPU, with what KVM does for it."""

    member: Member
    policy: str
    index: int
    guest: Guest
    known: dict[int, frozenset[int]]

    @property
    def loaded(self) -> frozenset[int]:
        """The words it loads."""
        return frozenset(each.word for each in self.guest if isinstance(each, Load | Await))

    @property
    def registers(self) -> str:
        """SCTLR_EL1, as far as caches are on, and HCR_EL2.TVM."""
        return f"bit {self.name('on')}, {self.name('tvm')} = 1;"

    @property
    def locals(self) -> str:
        """Its general-purpose registers, KVM's locals and its entitlement."""
        variables = {each.variable for each in self.guest if isinstance(each, Load | Await)}
        names = (
            *("was", "now"),
            *(f"x{variable}" for variable in sorted(variables)),
            *(f"entitled{word}" for word in sorted(self.loaded)),
        )
        return f"bit {', '.join(self.name(name) for name in names)};"

    def text(self, *, private: bool) -> str:
        """Return its proctype; one that has come to its end stays there."""
        body = ";\n".join(
            self.statement(operation, number) for number, operation in enumerate(self.guest)
        )
        registers = f"    {self.registers}\n" if private else ""
        return (
            f"active proctype vcpu{self.index}() {{\n{registers}    {self.locals}\n{body};\n"
            "end_done:\n    (false)\n}"
        )

    def name(self, variable: str) -> str:
        """Return the name of one of its variables."""
        return f"vcpu{self.index}_{variable}"

    def statement(self, operation: Operation, number: int) -> str:
        """Return what an operation of the guest is in Promela."""
        match operation:
            case Store(word):
                return self.store(word)
            case Load(word, variable):
                return self.load(word, self.name(f"x{variable}"))
            case Await(word, variable):
                x = self.name(f"x{variable}")
                # Spin lets nothing jump to a d_step, but to an `if` around it.
                return (
                    f"poll{number}:\n    if ::\n{self.load(word, x)} fi;\n"
                    f"    if :: {x} == 0 -> goto poll{number} :: else fi"
                )
            case Unless(variable):
                return f"    if :: {self.name(f'x{variable}')} == 0 -> goto end_done :: else fi"
            case Enable():
                return self.enable()

    def store(self, word: int) -> str:
        """Store into the cache, or around it into RAM."""
        line = self.member.line_of(word)
        entitle = f"; {self.name(f'entitled{word}')} = 1" if word in self.loaded else ""
        return (
            f"    d_step {{ if :: {self.name('on')} -> if :: cached{line} :: else -> "
            f"fill{line}() fi; copy{word} = 1; dirty{line} = 1\n"
            f"             :: else -> ram{word} = 1 fi{entitle} }}"
        )

    def load(self, word: int, x: str) -> str:
        """Load, judge the load, and acquire what the writer was entitled to."""
        line = self.member.line_of(word)
        entitle = "; ".join(
            f"{self.name(f'entitled{other}')} = 1"
            for other in sorted(self.known[word] & self.loaded)
        )
        return (
            f"    d_step {{ if :: {self.name('on')} -> if :: cached{line} :: else -> "
            f"fill{line}() fi; {x} = copy{word}\n"
            f"             :: else -> {x} = ram{word} fi;\n"
            f"             assert({x} >= {self.name(f'entitled{word}')});\n"
            f"             if :: {x} -> {entitle} :: else fi }}"
        )

    def enable(self) -> str:
        """Exit, write SCTLR_EL1, run kvm_toggle_cache and return; or just write it."""
        on, tvm, was = self.name("on"), self.name("tvm"), self.name("was")
        return (
            f"    if\n    :: d_step {{ {tvm} -> {was} = {on} }};\n"
            f"       {on} = 1;\n{self.toggle()};\n       {was} = 0\n"
            f"    :: d_step {{ !{tvm} -> {on} = 1 }}\n    fi"
        )

    def toggle(self) -> str:
        """kvm_toggle_cache, whose local lives until its last statement."""
        now, was = self.name("now"), self.name("was")
        flush = ""
        conditions = _TOGGLES[self.policy]
        if conditions:
            opened = "".join(
                f"if :: ({condition.format(now=now, was=was, vcpu=self.index)}) -> "
                for condition in conditions
            )
            closed = " ".join(":: else fi" for _ in conditions)
            flush = f"       {opened}stage2_flush_vm() {closed};\n"
        return (
            f"       {now} = {self.name('on')};\n{flush}"
            f"       if :: ({now}) -> {self.name('tvm')} = 0 :: else fi;\n       {now} = 0"
        )
