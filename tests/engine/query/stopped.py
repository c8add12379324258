"""The run through which the tests of triggers, places and kinds of events go."""

from __future__ import annotations

from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.timeline import Timeline
from tests.engine.build import machine, policy_of

POLICY = """void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->vcpu_id == 0)
		stage2_flush_vm(vcpu->kvm);
}
"""


EVENTS: list[Event] = [
    GuestExecutes(0),
    *[KvmExecutes(0)] * 7,
    LineFilled(0, 0),
    VmmExecutes(),
    *[GuestExecutes(1)] * 2,
    *[KvmExecutes(1)] * 3,
    *[GuestExecutes(1)] * 3,
    LineEvicted(0),
]


RUN = Timeline.replay(
    machine(
        "enable: msr sctlr_el1, x0",
        "store: str x0, [x1]\nenable: msr sctlr_el1, x0\nspin: ldr x5, [x1]\nb spin",
        vmm="host: nop",
        runs=policy_of(POLICY),
    ),
    EVENTS,
)
"""vcpu0 enables and flushes 2 lines; x is filled, vcpu1 stores around it, enables, polls."""


SETUP = RUN.initial.setup
