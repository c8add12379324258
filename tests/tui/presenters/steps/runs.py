"""Runs with every kind of step, and what is told of each kind of effect in them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from engine.machine.effects import Effect
from engine.timeline import Timeline
from tui.presenters.steps.account import Account
from tui.presenters.steps.sentence import sentence
from tui.presenters.steps.told import accounts

Run = Callable[..., Timeline]
Golden = Callable[[str, str], None]


def sentences(timeline: Timeline) -> list[str]:
    return [sentence(step) for step in timeline.steps]


BUSY = """
title = "Everything at once"
teaches = "Every kind of step."
schedule = [
  "vcpu0 finish", "vmm finish", "fill x on pcpu0", "evict x", "vcpu2 finish", "vcpu1 finish",
  "vcpu0",
]
[hardware]
pcpus = 3
[memory]
mapped = "none"
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008, value = 7 } }
cached = [ { line = "x", on = ["pcpu0"], dirty = true, values = { x = 5 } } ]
[[vcpu]]
registers = { x0 = 0x00C5_107D }
program = '''
        ldr     x1, =x
        ldr     x2, [x1]
        psci_cpu_on vcpu2
        psci_cpu_on vcpu2
        cbz     x5, on
        nop
on:     cmp     x5, #0
        b.ne    on
        kick_vmm
        wfi
'''
[[vcpu]]
registers = { x0 = 0x00C5_107D }
program = '''
        msr     ttbr0_el1, x0
        dc      cisw, x0
        ldr     x9, [x5]
'''
[[vcpu]]
power = "off"
program = '''
        ldr     x1, =x
        dc      ivac, x1
        psci_cpu_off
'''
[vmm]
program = '''
        wait_kick
        ldr     x1, =y
        mov     x2, #9
        str     x2, [x1]
        dc      civac, x1
        vcpu_init vcpu1
        set_one_reg vcpu1, sctlr_el1, 0xc5107d
        set_mp_state vcpu1, stopped
        set_mp_state vcpu1, runnable
        inject_irq vcpu0
'''
"""


STRAYING = """
title = "Out of three programs"
teaches = "Faults."
schedule = ["vcpu0 finish", "vmm finish"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
program = "psci_cpu_on vcpu1, out; cbz x5, off; nop; off:"
[[vcpu]]
power = "off"
program = "nop; out:"
[vmm]
program = "set_one_reg vcpu1, pc, out; dc civac, x1"
"""


def every_kind(run: Run, module: ModuleType) -> str:
    """Return the first account of each kind of effect that a module tells, a paragraph each."""
    told: dict[str, str] = {}
    runs = (run(BUSY, "upstream"), run("secondary-stale-line"), run(STRAYING, "upstream"))
    for step in (step for timeline in runs for step in timeline.steps):
        for account in accounts(step):
            if type(account).__module__ == module.__name__:
                told.setdefault(type(account.effect).__name__, _all_of(account))
    return "\n".join(f"{name}\n{told[name]}" for name in sorted(told))


def _all_of(account: Account[Effect]) -> str:
    weight = account.weight(frozenset({0}))
    return "".join(
        f"  {what}: {said}\n"
        for what, said in (
            ("label", account.label()),
            ("clause", account.clause(brief=False)),
            ("brief", account.clause(brief=True)),
            *(("message", item) for item in account.messages("the label")),
            ("weight", weight and weight.name),
            ("sign", account.sign.name),
        )
    )
