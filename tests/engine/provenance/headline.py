"""The run on which the tests of provenance ask, and reasons that several of them are told."""

from __future__ import annotations

from engine.arm.memory_type import MemoryType
from engine.arm.registers import Hcr, Sctlr
from engine.machine.effects import (
    Copy,
    Filled,
    FlushSkipped,
    OperandValue,
    Stored,
)
from engine.machine.hardware import LineFilled
from engine.memory.line import Version
from engine.policy.source import Place
from engine.provenance.reasons import (
    BitsSet,
    ControlRegister,
    Fetched,
    FlushNotDone,
    RegisterBits,
    SetBy,
    Written,
)
from tests.engine.build import ON, machine, policy
from tests.engine.provenance.played import through

X = 0


SCTLR, HCR = ControlRegister.SCTLR, ControlRegister.HCR


OLD = Version(0, 0)


HEADLINE = through(
    machine("nop", "str x0, [x1]\nmsr sctlr_el1, x0\nldr x5, [x1]", runs=policy("vcpu0-only")),
    *(LineFilled(0, 0), 1, 1, 1),
)


MMU_OFF = BitsSet(
    None,
    ((RegisterBits(1, SCTLR, Sctlr.M), 0), (RegisterBits(1, HCR, Hcr.DC), 0)),
    SetBy.START,
    MemoryType.DEVICE,
)


FETCHED = Fetched(1, X, OLD, Filled(0, 0, speculative=True))


STORED = Written(2, Stored(1, X, Version(1, ON), MemoryType.DEVICE, Copy.RAM))


SKIPPED = FlushNotDone(
    7,
    FlushSkipped(
        1,
        Place("vcpu0-only.c", 12, 7, 12, 25),
        "vcpu->vcpu_id == 0",
        (OperandValue("vcpu->vcpu_id", 1),),
        outcome=False,
        at_toggle=True,
    ),
)


CACHES_ON = BitsSet(
    4,
    ((RegisterBits(1, SCTLR, Sctlr.M), 1), (RegisterBits(1, SCTLR, Sctlr.C), 1)),
    SetBy.TRAP,
    MemoryType.WRITE_BACK,
)
