"""What a query can read, declared once: parser, help and completion go by this."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, unique
from typing import Final

import attrs

from engine.arm.registers import SystemRegister
from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.setup import Setup


@unique
class Index(Enum):
    """What stands in brackets behind a name."""

    ACTOR = "ACTOR"
    VCPU = "VCPU"
    WORD = "WORD"
    REGISTER = "N"


@attrs.frozen
class ReadableName:
    """A name that a query can read."""

    name: str
    indices: tuple[Index, ...]
    meaning: str

    @property
    def shape(self) -> str:
        """The name with what stands in brackets behind it."""
        return self.name + "".join(f"[{index.value}]" for index in self.indices)


READINGS: Final = (
    ReadableName("ram", (Index.WORD,), "the word in RAM; .version is the number of its version"),
    ReadableName("cache", (Index.WORD,), "the cached copy, none where no cache has it; .version"),
    ReadableName(
        "sees", (Index.ACTOR, Index.WORD), "what a load by the actor returns now; .version"
    ),
    ReadableName(
        "due", (Index.ACTOR, Index.WORD), "the oldest version it is entitled to; .version"
    ),
    ReadableName("newest", (Index.WORD,), "the newest version, wherever it is; .version"),
    ReadableName(
        "stale", (Index.ACTOR, Index.WORD), "the actor can load, and sees less than is due"
    ),
    ReadableName("dirty", (Index.WORD,), "the line's cached copy is dirty"),
    ReadableName("holders", (Index.WORD,), "the pCPUs that hold the line, bit n for pcpu n"),
    ReadableName("mapped", (Index.WORD,), "stage 2 maps the word's page"),
    ReadableName("sctlr", (Index.VCPU,), "SCTLR_EL1; .M, .C and .I are its bits"),
    ReadableName("hcr", (Index.VCPU,), "HCR_EL2; .TVM, .DC, .FWB and so on are its bits"),
    *(
        ReadableName(register.value, (Index.VCPU,), f"{register.value.upper()}")
        for register in SystemRegister
        if register is not SystemRegister.MPIDR_EL1
    ),
    ReadableName("x", (Index.ACTOR, Index.REGISTER), "a general-purpose register"),
    ReadableName("pc", (Index.ACTOR,), "the next instruction, counted from 0"),
    ReadableName("at", (Index.ACTOR,), "the next instruction's place: compare it with a label"),
    ReadableName("in_kvm", (Index.ACTOR,), "KVM runs on behalf of the actor"),
    ReadableName("power", (Index.VCPU,), "on or off"),
    ReadableName("line", (), "the line of the policy's C that the step executed, or none"),
    ReadableName("step", (), "the number of the step"),
    ReadableName(
        "local", (Index.VCPU,), ".NAME is a local of the policy's function that runs for it"
    ),
    ReadableName("policy", (), ".NAME is what the policy keeps; its name alone will do, too"),
)

BY_NAME: Final = {reading.name: reading for reading in READINGS}
CONSTANTS: Final = ("none", "true", "false")
WORDS: Final = ("and", "or", "not", "old")


@attrs.frozen
class QueryNames:
    """The names that a machine gives to actors, words, labels and the policy's state."""

    setup: Setup

    @property
    def actors(self) -> dict[str, Actor]:
        """Every actor by name, the VMM too."""
        vcpus = {actor_name(index): index for index in range(len(self.setup.programs))}
        return {**vcpus, actor_name(VMM): VMM}

    @property
    def words(self) -> dict[str, int]:
        """The words of guest RAM by name."""
        return {word.name: index for index, word in enumerate(self.setup.layout.words)}

    def labels(self, actor: Actor) -> dict[str, int]:
        """Return the places of an actor's program: its labels, and `start` and `end`."""
        program = self.setup.vmm if actor == VMM else self.setup.programs[actor]
        if program is None:
            return {}
        return {"start": 0, "end": len(program.instructions), **dict(program.labels)}

    def length(self, actor: Actor) -> int:
        """Return how many instructions an actor's program has."""
        program = self.setup.vmm if actor == VMM else self.setup.programs[actor]
        return 0 if program is None else len(program.instructions)

    @property
    def statics(self) -> dict[str, int]:
        """The policy's statics, globals and fields of `kvm->arch`, as its source spells them."""
        return _slots(variable.name for variable in self.setup.policy.statics)

    @property
    def fields(self) -> dict[str, tuple[int, int]]:
        """The policy's fields of `vcpu->arch`, such as `vcpu1->arch.x`: vCPU and slot."""
        return {
            f"{actor_name(vcpu)}{variable.name.removeprefix('vcpu')}": (vcpu, slot)
            for vcpu in range(len(self.setup.programs))
            for slot, variable in enumerate(self.setup.policy.fields)
        }

    @property
    def locals(self) -> tuple[str, ...]:
        """The locals of the policy's functions, each name once."""
        names = (
            variable.name
            for function in self.setup.policy.functions
            for variable in function.variables
        )
        return tuple(dict.fromkeys(name for name in names if not name.startswith(".")))

    @property
    def policy_state(self) -> tuple[str, ...]:
        """All that the policy keeps, by name."""
        return (*self.statics, *self.fields)


def _slots(names: Iterable[str]) -> dict[str, int]:
    return {name: slot for slot, name in enumerate(names)}
