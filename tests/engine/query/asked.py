"""A machine whose names the tests of the query language ask for."""

from __future__ import annotations

from tests.engine.build import machine, policy_of

POLICY = """
static int count;
static int seen[2];
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	count = count + 1;
	vcpu->kvm->arch.flushed = 1;
	vcpu->arch.toggled = 1;
	seen[1] = 1;
}
"""


SETUP = machine(
    "begin: nop\nload: ldr x5, [x1]", "nop", vmm="wait: wait_kick", runs=policy_of(POLICY)
).setup
