"""Other hardware than a scenario's own: what a policy asks about, and what the user wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

import attrs

from engine.arm.registers import Hcr
from engine.machine.state import VCpu
from engine.policy.expressions import MachineQuery
from engine.policy.policy import AsksFwb, AsksImplementor, Policy
from engine.refusal import RefusedError, quote
from scenarios.errors import unknown
from scenarios.file.tables import IMPLEMENTOR_CODES
from scenarios.scenario import Scenario

_LARGEST_IMPLEMENTOR: Final = 0xFF
_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]{1,4}|[0-9]{1,4}")


@attrs.frozen
class HardwareChoice:
    """What replaces a scenario's own hardware; None leaves it as it is."""

    fwb: bool | None = None
    implementor: int | None = None
    """MIDR_EL1.Implementer."""

    @property
    def answers(self) -> dict[MachineQuery, int]:
        """What the hardware answers on every scenario."""
        given = {MachineQuery.HAS_FWB: self.fwb, MachineQuery.IMPLEMENTOR: self.implementor}
        return {query: int(value) for query, value in given.items() if value is not None}


OWN_HARDWARE: Final = HardwareChoice()


def read_implementor(text: str) -> int:
    """Return the implementor that a name or a number stands for.

    Raises:
        RefusedError: nobody knows the name, or the number has more than eight bits.
    """
    if _NUMBER.fullmatch(text):
        value = int(text, 0 if text[1:2] in ("x", "X") else 10)
        if value <= _LARGEST_IMPLEMENTOR:
            return value
        raise RefusedError(quote(text), f"0 to {_LARGEST_IMPLEMENTOR:#x}")
    if text.lower() in IMPLEMENTOR_CODES:
        return IMPLEMENTOR_CODES[text.lower()]
    kind = "an implementor, or its number"
    raise unknown(quote(text), text.lower(), IMPLEMENTOR_CODES, kind)


def implementor_name(value: int) -> str:
    """Return an implementor's name, its number where it has none."""
    return next(
        (name for name, known in IMPLEMENTOR_CODES.items() if known == value), f"{value:#x}"
    )


def fit(scenario: Scenario, choice: HardwareChoice) -> Scenario:
    """Return a scenario on other hardware, with HCR_EL2 as KVM would set it there.

    What the file expects is of its own hardware: nothing is on other.
    """
    own = scenario.hardware
    fwb = own.fwb if choice.fwb is None else choice.fwb
    implementor = own.implementor if choice.implementor is None else choice.implementor
    hardware = attrs.evolve(own, fwb=fwb, implementor=implementor)
    if hardware == own:
        return scenario
    vcpus = scenario.vcpus
    if fwb != own.fwb:
        vcpus = tuple(_with_fwb(vcpu, fwb) for vcpu in vcpus)
    return attrs.evolve(scenario, hardware=hardware, vcpus=vcpus, expect=())


def choices_for(policy: Policy, given: HardwareChoice = OWN_HARDWARE) -> tuple[HardwareChoice, ...]:
    """Return the hardware to judge a policy on, so that no question of it hides an answer.

    Where it asks for FEAT_S2FWB: without and with. Where it asks for the implementor: each that
    it names, and one that it does not. What the user gave is not asked again.
    """
    asked = sorted({q.value for q in policy.questions if isinstance(q, AsksImplementor)})
    asks_fwb = any(isinstance(question, AsksFwb) for question in policy.questions)
    fwbs = (given.fwb,) if given.fwb is not None or not asks_fwb else (False, True)
    implementors: tuple[int | None, ...] = (None,)
    if asked:
        every = (*asked, *any_other(asked))
        implementors = every if given.implementor is None else (given.implementor,)
    return tuple(HardwareChoice(fwb, value) for fwb, value in product(fwbs, implementors))


def any_other(asked: Sequence[int]) -> tuple[int, ...]:
    """Return an implementor to stand for all that are not asked about, if there is one."""
    known = (*IMPLEMENTOR_CODES.values(), *range(_LARGEST_IMPLEMENTOR + 1))
    return tuple(value for value in known if value not in asked)[:1]


def _with_fwb(vcpu: VCpu, fwb: bool) -> VCpu:
    """Return a vCPU as `vcpu_reset_hcr()` would make it: FEAT_S2FWB instead of TVM, or TVM."""
    on, off = (Hcr.FWB, Hcr.TVM) if fwb else (Hcr.TVM, Hcr.FWB)
    return attrs.evolve(vcpu, hcr_el2=vcpu.hcr_el2 & ~off.mask | on.mask)
