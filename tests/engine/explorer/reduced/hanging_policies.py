"""Policies under which vCPUs wait for one another in KVM, some of them for what may never come."""

from __future__ import annotations

from functools import cache
from typing import Final

from engine.policy.policy import Policy
from tests.engine.build import policy_of

_BODIES: Final = {
    "forgotten-unlock": (
        "static DEFINE_MUTEX(m);",
        """
	mutex_lock(&m);
	if (vcpu_has_cache_enabled(vcpu)) { *vcpu_hcr(vcpu) &= ~HCR_TVM; return; }
	mutex_unlock(&m);
""",
    ),
    "bit-lock-with-a-statistic": (
        "static unsigned long busy; static bool contended;",
        """
	while (test_and_set_bit(0, &busy))
		contended = !contended;
	if (vcpu->vcpu_id)
		busy = 0;
	*vcpu_hcr(vcpu) &= ~HCR_TVM;
""",
    ),
    "bit-lock-with-a-counted-statistic": (
        "static unsigned long busy, waits;",
        """
	while (test_and_set_bit(0, &busy)) { waits++; vcpu->arch.waits++; }
	if (!vcpu_has_cache_enabled(vcpu))
		clear_bit(0, &busy);
""",
    ),
    "flips-what-another-reads": (
        "static bool mine; static int go;",
        """
	if (vcpu->vcpu_id == 0) {
		while (READ_ONCE(go) == 0)
			mine = !mine;
	} else if (READ_ONCE(mine)) {
		go = 1;
	}
""",
    ),
    "waits-for-vcpu0": (
        "static bool done;",
        """
	if (vcpu->vcpu_id == 0) { stage2_flush_vm(vcpu->kvm); done = true; }
	else while (!READ_ONCE(done)) cpu_relax();
	*vcpu_hcr(vcpu) &= ~HCR_TVM;
""",
    ),
    "waits-for-another's-caches": (
        "",
        """
	if (vcpu->vcpu_id)
		while (!vcpu_has_cache_enabled(kvm_get_vcpu(vcpu->kvm, 0)))
			cpu_relax();
	*vcpu_hcr(vcpu) &= ~HCR_TVM;
""",
    ),
    "waits-while-another's-caches-are-on": (
        "",
        """
	if (vcpu->vcpu_id == 0 && kvm_get_vcpu(vcpu->kvm, 1))
		while (vcpu_has_cache_enabled(kvm_get_vcpu(vcpu->kvm, 1)))
			vcpu->arch.turns++;
""",
    ),
    "patience": (
        "static int flag;",
        """
	int i;

	flag = !flag;
	for (i = 0; i < 3 && READ_ONCE(flag); i++)
		cpu_relax();
	if (flag && vcpu->vcpu_id)
		flag = 0;
""",
    ),
    "trylock": (
        "static DEFINE_SPINLOCK(l); static unsigned long missed;",
        """
	while (!spin_trylock(&l))
		missed++;
	if (was_enabled)
		return;
	spin_unlock(&l);
""",
    ),
    "turns": (
        "static int turn;",
        """
	while (READ_ONCE(turn) != vcpu->vcpu_id)
		cpu_relax();
	turn = (turn + 1) % 2;
""",
    ),
    "rendezvous": (
        "static atomic_t here = ATOMIC_INIT(0);",
        """
	atomic_inc(&here);
	while (atomic_read(&here) % 2)
		cpu_relax();
""",
    ),
    "visible-rounds": (
        "static int a, b;",
        """
	while (a != 2) {
		a = !a;
		if (b == vcpu->vcpu_id && a)
			b = 1;
		else if (b && vcpu->vcpu_id)
			a = 2;
	}
""",
    ),
    "out-of-bounds": (
        "static int once, seen[1];",
        """
	if (once++ == vcpu->vcpu_id)
		return;
	seen[vcpu->vcpu_id] = 1;
""",
    ),
    "crossed": (
        "static DEFINE_MUTEX(p); static DEFINE_MUTEX(q);",
        """
	if (vcpu->vcpu_id) { mutex_lock(&p); mutex_lock(&q); }
	else { mutex_lock(&q); mutex_lock(&p); }
	mutex_unlock(&p);
	mutex_unlock(&q);
""",
    ),
}


@cache
def hanging_policies() -> tuple[Policy, ...]:
    """Return these policies."""
    toggle = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"
    return tuple(
        policy_of(f"{outside}\n{toggle}\n{{{body}}}\n", name)
        for name, (outside, body) in _BODIES.items()
    )
