"""Small machines for the engine's tests, each built from programs and a policy's C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

import scenarios.policies
from engine.arm.assembler import assemble, label_names, link
from engine.arm.assembly.code_range import code_base
from engine.arm.core import Core
from engine.arm.registers import Hcr, Sctlr, SystemRegister, SystemRegisters
from engine.compiler.compiler import compile_policy
from engine.machine.setup import Hardware, Setup
from engine.machine.state import Machine, Power, VCpu, Vm, Vmm
from engine.memory.layout import Layout, Word
from engine.memory.line import Line
from engine.policy.policy import Policy
from engine.policy.source import SourceFile

OFF = Sctlr.RESET
ON = Sctlr.RESET | Sctlr.CACHES_ON

X, Y, Z = 0x1000, 0x1008, 0x2000
"""x and y share a line; z is on a line and a page of its own."""

BUILT_IN = Path(scenarios.policies.__path__[0])


def policy(name: str) -> Policy:
    """Compile a built-in policy."""
    return policy_of((BUILT_IN / f"{name}.c").read_text(), name)


def policy_of(text: str, name: str = "test") -> Policy:
    """Compile a policy's text, with the built-in set/way function where it has none."""
    fallback = SourceFile("set-way.c", (BUILT_IN / "set-way.c").read_text())
    return compile_policy(SourceFile(f"{name}.c", text), fallback, name=name)


def machine(
    *programs: str,
    vmm: str | None = None,
    runs: Policy | None = None,
    hardware: Hardware | None = None,
    sctlr: Sequence[int] = (),
    words: Mapping[str, int] | None = None,
    mapped: bool = True,
    off: Sequence[int] = (),
) -> Machine:
    """Build a machine with one vCPU a program; x1, x2 and x3 point to x, y and z, x0 turns on.

    `sctlr` gives SCTLR_EL1 per vCPU, off where it is missing; `off` lists vCPUs powered off.
    """
    addresses = {"x": X, "y": Y, "z": Z} if words is None else dict(words)
    layout = Layout.of(tuple(Word(name, address) for name, address in addresses.items()))
    read = [
        assemble(
            text,
            source=f"vcpu{n}",
            words=addresses,
            vcpus=len(programs),
            vmm=False,
            base=code_base(programs.index(text)),
            elsewhere=[label for n, each in enumerate(programs) for label in label_names(each, "")],
        )
        for n, text in enumerate(programs)
    ]
    host = None
    if vmm is not None:
        host = assemble(
            vmm, source="vmm", words=addresses, vcpus=len(programs), vmm=True, base=code_base(-1)
        )
    guests, host = link(read, host)
    chosen = policy("upstream") if runs is None else runs
    hardware = Hardware(pcpus=len(programs)) if hardware is None else hardware
    core = Core.reset().write(0, ON).write(1, X).write(2, Y).write(3, Z)
    vcpus = tuple(
        VCpu(
            power=Power.OFF if index in off else Power.ON,
            pcpu=index,
            core=core,
            registers=SystemRegisters.reset().write(
                SystemRegister.SCTLR_EL1, sctlr[index] if index < len(sctlr) else OFF
            ),
            hcr_el2=Hcr.reset(fwb=hardware.fwb),
            fields=chosen.initial_fields,
        )
        for index in range(len(programs))
    )
    return Machine(
        setup=Setup(hardware, layout, guests, host, chosen),
        lines=tuple(Line.initial(tuple(0 for _ in line)) for line in layout.lines),
        vcpus=vcpus,
        vmm=Vmm(core=core, kicks=tuple(False for _ in programs)),
        vm=Vm(
            mapped=tuple(mapped for _ in layout.pages),
            statics=chosen.initial_statics,
        ),
    )


def with_tvm(built: Machine, index: int, on: bool) -> Machine:
    """Arm or clear a vCPU's TVM."""
    vcpu = built.vcpus[index]
    return built.with_vcpu(index, attrs.evolve(vcpu, hcr_el2=Hcr.TVM.put(vcpu.hcr_el2, on)))
