"""Calls of what the kernel has everywhere: warnings, accesses, locks, and what does nothing."""

from __future__ import annotations

import re

import pytest

from engine.compiler.headers import HINTS, KVM_LOCKS, LOCK_TYPES
from engine.compiler.kernel.generic import (
    has_vhe,
    is_protected_kvm_enabled,
    no_effect,
    read_once,
    warn_on,
)
from engine.policy.c_types import LockKind
from engine.policy.locks import GUARDS, UNCHECKED_GUARDS, LockCall, lock_call
from tests.engine.compiler.lines import ended, kernel_names, left, refusal, values

CONSTANT = {
    "has_vhe": 1,
    "is_kernel_in_hyp_mode": 1,
    "is_protected_kvm_enabled": 0,
    "srcu_read_lock": 0,
    "vcpu_mode_is_32bit": 0,
    "vcpu_el1_is_32bit": 0,
    "kvm_vm_is_protected": 0,
    "vcpu_has_nv": 0,
}
"""The host runs at EL2 (VHE), without pKVM; the guest is 64-bit and has no EL2."""


def test_what_never_changes_on_the_machine_modelled_is_a_constant() -> None:
    assert set(CONSTANT) == kernel_names(has_vhe) | kernel_names(is_protected_kvm_enabled)
    expected = {f"{name}(vcpu)": value for name, value in CONSTANT.items()}
    assert values(expected) == expected


def test_an_identity_gives_its_first_argument() -> None:
    given = {f"{name}(n)": 3 for name in ("READ_ONCE", "ACCESS_ONCE", "data_race")}
    given["__builtin_expect(n, 1)"] = 3
    assert {line.partition("(")[0] for line in given} == kernel_names(read_once)
    assert values(given, "int n = 3;") == given


def test_a_hint_gives_whether_its_argument_is_true() -> None:
    given = {"likely(n)": 1, "unlikely(n)": 1, "likely(n - 3)": 0, "unlikely(n - 3)": 0}
    assert {line.partition("(")[0] for line in given} == HINTS
    assert values(given, "int n = 3;") == given


WARNED = {
    "WARN_ON(n)": 1,
    "WARN_ON(n - 3)": 0,
    "WARN_ON_ONCE(n)": 1,
    "WARN_ON_ONCE(!n)": 0,
    'WARN(n, "is %d", n)': 1,
    'WARN(!n, "is %d", n)': 0,
    'WARN_ONCE(n > 2, "is %d", n)': 1,
    'WARN_ONCE(n > 3, "is %d", n)': 0,
    "WARN_ON_SMP(n)": 1,
    'WARN_RATELIMIT(n, "now" "%d", n)': 1,
}


def test_a_warning_is_worth_whether_it_was_given() -> None:
    assert {line.partition("(")[0] for line in WARNED} == kernel_names(warn_on)
    assert values(WARNED, "int n = 3;") == WARNED


def test_what_a_warning_says_is_evaluated() -> None:
    assert left('WARN(0, "%d", n++); pr_info("%d %d", n++, 1);', "static int n;") == {"n": 2}


@pytest.mark.parametrize(
    ("line", "stops"),
    [("BUG();", True), ("BUG_ON(1);", True), ("BUG_ON(vcpu->vcpu_id);", False)],
)
def test_a_bug_stops_the_vcpu(line: str, stops: bool) -> None:
    try:
        ended(line)
    except AssertionError:
        assert stops
    else:
        assert not stops


CONFIGURED = {
    "IS_ENABLED(CONFIG_FOO)": 1,
    "IS_BUILTIN(CONFIG_FOO)": 1,
    "IS_REACHABLE(CONFIG_FOO)": 1,
    "IS_MODULE(CONFIG_FOO)": 0,
    "IS_ENABLED(CONFIG_BAR)": 0,
    "IS_BUILTIN(CONFIG_BAR)": 0,
    "IS_REACHABLE(CONFIG_BAR)": 0,
    "IS_MODULE(CONFIG_BAR)": 0,
    "IS_ENABLED(CONFIG_OFF)": 0,
    "IS_ENABLED(CONFIG_ARM64)": 1,
    "IS_ENABLED(CONFIG_NUMBER)": 1,
}


def test_an_option_is_on_built_in_or_off_and_never_a_module() -> None:
    configs = (("CONFIG_FOO", 1), ("CONFIG_OFF", 0), ("CONFIG_NUMBER", 7))
    assert values(CONFIGURED, configs=configs) == CONFIGURED
    preprocessed = "".join(
        f"#if {line}\nstatic int x{n} = 1;\n#else\nstatic int x{n};\n#endif\n"
        for n, line in enumerate(CONFIGURED)
    )
    body = "".join(f"x{n}++;" for n, _ in enumerate(CONFIGURED))
    given = left(body, preprocessed, configs=configs)
    found = {line: given[f"x{n}"] - 1 for n, line in enumerate(CONFIGURED)}
    assert found == CONFIGURED


def test_an_option_is_asked_for_by_one_config_name() -> None:
    assert "expected a CONFIG_ name" in refusal("int x = IS_ENABLED(FOO);")
    assert "expected 1 arguments" in refusal("int x = IS_ENABLED(CONFIG_A, CONFIG_B);")


def test_accesses_that_happen_once_read_and_write() -> None:
    outside = "static int a = 5;\nstatic int b;\nstatic int c;\nstatic int d;\nstatic int e;"
    body = """
	WRITE_ONCE(b, a + 1);
	smp_store_release(&c, b + 1);
	smp_store_mb(d, c + 1);
	e = smp_load_acquire(&d) + READ_ONCE(a);
	"""
    assert left(body, outside) == {"a": 5, "b": 6, "c": 7, "d": 8, "e": 13}
    for line in ("WRITE_ONCE(b);", "smp_store_release(&b);", "smp_store_mb(b, 1, 2);"):
        assert "expected 2 arguments" in refusal(line, outside)
    assert left("READ_ONCE(a) = 7;", "static int a;") == {"a": 7}


def test_an_array_has_as_many_elements_as_it_was_declared_with() -> None:
    expected = {"ARRAY_SIZE(four)": 4, "sizeof(ARRAY_SIZE(four))": 8, "sizeof(four)": 8}
    assert values(expected, "", "static u16 four[4];") == expected
    assert "found a call of ARRAY_SIZE()" in refusal("int n; int x = ARRAY_SIZE(n);")
    assert "expected 1 arguments" in refusal("int n[2]; int x = ARRAY_SIZE(n, n);")


IDLE = (
    *(
        "trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, 1)",
        'pr_debug("x")',
        "pr_err(KERN_ERR)",
    ),
    *("lockdep_assert_held(&vcpu->kvm->mmu_lock)", 'kvm_err("x")', 'kvm_info("x")'),
    *('kvm_debug("x")', 'kvm_pr_unimpl("x")', 'vcpu_unimpl(vcpu, "x")', 'vcpu_debug(vcpu, "x")'),
    *('vcpu_err(vcpu, "x")', 'printk("x")', 'printk_once("x")', 'printk_ratelimited("x")'),
    *("dump_stack()", "smp_mb()", "smp_rmb()", "smp_wmb()", "mb()", "rmb()", "wmb()", "barrier()"),
    *("dma_mb()", "dma_rmb()", "dma_wmb()", "smp_mb__before_atomic()", "smp_mb__after_atomic()"),
    *("smp_mb__after_spinlock()", "dsb(ish)", "dsb(sy)", "dmb(ishst)", "isb()", "cpu_relax()"),
    *("cond_resched()", "schedule()", "might_sleep()", "preempt_disable()", "preempt_enable()"),
    *("preempt_enable_no_resched()", "local_irq_disable()", "local_irq_enable()"),
    *("local_irq_save(flags)", "local_irq_restore(flags)", "rcu_read_lock()", "rcu_read_unlock()"),
    *("srcu_read_unlock(0, 0)", "put_cpu()", "migrate_disable()", "migrate_enable()"),
    *("might_lock(&vcpu->kvm->mmu_lock)", "static_assert(1)", "prefetch(vcpu)", "prefetchw(vcpu)"),
    *("yield()", "BUILD_BUG_ON(0)", "kcsan_mb()", "instrumentation_begin()"),
    *("instrumentation_end()", "__acquire(0)", "__release(0)", "__acquired(0)", "smp_cond_mb()"),
    *("cpus_read_lock()", "cpus_read_unlock()", "vcpu_load(vcpu)", "vcpu_put(vcpu)"),
)


def test_what_changes_nothing_that_the_model_knows_does_nothing() -> None:
    names = {line.partition("(")[0] for line in IDLE}
    for alternative in kernel_names(no_effect):
        assert any(re.fullmatch(alternative, name) for name in names), alternative
    body = "unsigned long flags = 3;\n" + "".join(f"{line};\n" for line in IDLE)
    before = ended("unsigned long flags = 3;", "static int n;")
    after = ended(body, "static int n;")
    assert (after.vm, after.vcpus, after.lines) == (before.vm, before.vcpus, before.lines)


def test_a_function_that_nobody_knows_is_refused() -> None:
    for name in ("frob", "kvm_arch_do", "smp_mbx", "spin_lock_frob", "xprintk", "WARN_OFF"):
        assert f"found a call of {name}()" in refusal(f"{name}(vcpu);")


LOCKS = {
    "spin_lock": (LockKind.SPIN, "takes", 1),
    "spin_lock_irq": (LockKind.SPIN, "takes", 1),
    "spin_lock_irqsave": (LockKind.SPIN, "takes", 2),
    "spin_lock_bh": (LockKind.SPIN, "takes", 1),
    "spin_lock_nested": (LockKind.SPIN, "takes", 2),
    "spin_lock_nest_lock": (LockKind.SPIN, "takes", 2),
    "spin_trylock_irq": (LockKind.SPIN, "tries", 1),
    "spin_trylock_bh": (LockKind.SPIN, "tries", 1),
    "spin_unlock": (LockKind.SPIN, "releases", 1),
    "spin_unlock_irq": (LockKind.SPIN, "releases", 1),
    "spin_unlock_irqrestore": (LockKind.SPIN, "releases", 2),
    "spin_unlock_bh": (LockKind.SPIN, "releases", 1),
    "spin_trylock": (LockKind.SPIN, "tries", 1),
    "spin_trylock_irqsave": (LockKind.SPIN, "tries", 2),
    "raw_spin_lock": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_irqsave": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_lock_irq": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_bh": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_nested": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_lock_nest_lock": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_trylock_irq": (LockKind.RAW_SPIN, "tries", 1),
    "raw_spin_trylock_irqsave": (LockKind.RAW_SPIN, "tries", 2),
    "raw_spin_trylock_bh": (LockKind.RAW_SPIN, "tries", 1),
    "raw_spin_unlock_irq": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock_bh": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock_irqrestore": (LockKind.RAW_SPIN, "releases", 2),
    "raw_spin_trylock": (LockKind.RAW_SPIN, "tries", 1),
    "mutex_lock": (LockKind.MUTEX, "takes", 1),
    "mutex_lock_io": (LockKind.MUTEX, "takes", 1),
    "mutex_lock_nested": (LockKind.MUTEX, "takes", 2),
    "mutex_lock_interruptible": (LockKind.MUTEX, "takes and gives", 1),
    "mutex_lock_interruptible_nested": (LockKind.MUTEX, "takes and gives", 2),
    "mutex_lock_killable": (LockKind.MUTEX, "takes and gives", 1),
    "mutex_lock_killable_nested": (LockKind.MUTEX, "takes and gives", 2),
    "mutex_unlock": (LockKind.MUTEX, "releases", 1),
    "mutex_trylock": (LockKind.MUTEX, "tries", 1),
    "read_lock": (LockKind.RWLOCK, "shares", 1),
    "read_lock_irqsave": (LockKind.RWLOCK, "shares", 2),
    "read_lock_irq": (LockKind.RWLOCK, "shares", 1),
    "read_lock_bh": (LockKind.RWLOCK, "shares", 1),
    "read_unlock_irq": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock_bh": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock_irqrestore": (LockKind.RWLOCK, "releases shared", 2),
    "read_trylock": (LockKind.RWLOCK, "tries to share", 1),
    "write_lock": (LockKind.RWLOCK, "takes", 1),
    "write_lock_irq": (LockKind.RWLOCK, "takes", 1),
    "write_lock_irqsave": (LockKind.RWLOCK, "takes", 2),
    "write_lock_bh": (LockKind.RWLOCK, "takes", 1),
    "write_trylock_irqsave": (LockKind.RWLOCK, "tries", 2),
    "write_unlock_irq": (LockKind.RWLOCK, "releases", 1),
    "write_unlock_irqrestore": (LockKind.RWLOCK, "releases", 2),
    "write_unlock_bh": (LockKind.RWLOCK, "releases", 1),
    "write_unlock": (LockKind.RWLOCK, "releases", 1),
    "write_trylock": (LockKind.RWLOCK, "tries", 1),
    "down_read": (LockKind.RWSEM, "shares", 1),
    "down_read_nested": (LockKind.RWSEM, "shares", 2),
    "down_read_interruptible": (LockKind.RWSEM, "shares and gives", 1),
    "down_read_killable_nested": (LockKind.RWSEM, "shares and gives", 2),
    "down_read_killable": (LockKind.RWSEM, "shares and gives", 1),
    "down_read_trylock": (LockKind.RWSEM, "tries to share", 1),
    "up_read": (LockKind.RWSEM, "releases shared", 1),
    "down_write": (LockKind.RWSEM, "takes", 1),
    "down_write_nested": (LockKind.RWSEM, "takes", 2),
    "down_write_killable_nested": (LockKind.RWSEM, "takes and gives", 2),
    "down_write_killable": (LockKind.RWSEM, "takes and gives", 1),
    "down_write_trylock": (LockKind.RWSEM, "tries", 1),
    "up_write": (LockKind.RWSEM, "releases", 1),
}
"""Lock functions: the kind of lock, what is done with it, and how many arguments."""


def test_a_lock_function_does_what_its_name_says() -> None:
    def told(found: LockCall | None) -> tuple[LockKind, str, int]:
        assert found is not None
        does = "releases" if found.releases else "tries" if found.tries else "takes"
        if found.shared:
            does = {"releases": "releases shared", "tries": "tries to share", "takes": "shares"}[
                does
            ]
        return found.kinds[0], f"{does} and gives" if found.gives else does, found.arguments

    assert {name: told(lock_call(name)) for name in LOCKS} == LOCKS


DECLARED = {
    LockKind.SPIN: "static DEFINE_SPINLOCK(l);",
    LockKind.RAW_SPIN: "static DEFINE_RAW_SPINLOCK(l);",
    LockKind.MUTEX: "static DEFINE_MUTEX(l);",
    LockKind.RWLOCK: "static DEFINE_RWLOCK(l);",
    LockKind.RWSEM: "static DECLARE_RWSEM(l);",
}
HELD = {"takes": 2, "shares": -1, "tries": 2, "tries to share": -1}
"""What a lock holds after: 0 free, n + 2 written by vCPU n, less than 0 that many readers."""


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_function_leaves_its_lock_held_or_free(name: str) -> None:
    kind, does, count = LOCKS[name]
    arguments = "&l, flags" if count == 2 else "&l"
    gives = does.endswith(" and gives") or does.startswith("tries")
    call = f"n = {name}({arguments});" if gives else f"{name}({arguments});"
    body = f"unsigned long flags = 0; {call}"
    found = left(body, f"static int n = 9;\n{DECLARED[kind]}")
    held = HELD.get(does.removesuffix(" and gives"), 0)
    given = 1 if does.startswith("tries") else 0 if gives else 9
    assert found == {"l": held, **({"n": given} if gives else {})}
    for other in set(DECLARED) - {kind}:
        assert f"expected {kind.value}" in refusal(body, f"static int n;\n{DECLARED[other]}")
    assert f"expected {count} arguments" in refusal(f"int n; {name}();", DECLARED[kind])


GUARDED = {
    "mutex": (LockKind.MUTEX, 2),
    "spinlock": (LockKind.SPIN, 2),
    "spinlock_irq": (LockKind.SPIN, 2),
    "spinlock_bh": (LockKind.SPIN, 2),
    "spinlock_irqsave": (LockKind.SPIN, 2),
    "raw_spinlock": (LockKind.RAW_SPIN, 2),
    "raw_spinlock_irq": (LockKind.RAW_SPIN, 2),
    "raw_spinlock_irqsave": (LockKind.RAW_SPIN, 2),
    "read_lock": (LockKind.RWLOCK, -1),
    "write_lock": (LockKind.RWLOCK, 2),
    "rwsem_read": (LockKind.RWSEM, -1),
    "rwsem_write": (LockKind.RWSEM, 2),
}
"""The classes of guards: the kind of lock, and what it holds inside."""

TEST = {
    LockKind.SPIN: "spin_is_locked(&l)",
    LockKind.RAW_SPIN: "raw_spin_is_locked(&l)",
    LockKind.MUTEX: "mutex_is_locked(&l)",
    LockKind.RWSEM: "rwsem_is_locked(&l)",
}
TRIED = {
    LockKind.SPIN: "!spin_trylock(&l)",
    LockKind.RAW_SPIN: "!raw_spin_trylock(&l)",
    LockKind.MUTEX: "!mutex_trylock(&l)",
    LockKind.RWLOCK: "!write_trylock(&l)",
    LockKind.RWSEM: "!down_write_trylock(&l)",
}


@pytest.mark.parametrize("guard", GUARDED)
def test_a_guard_holds_its_lock_to_the_end_of_its_block(guard: str) -> None:
    kind, held = GUARDED[guard]
    body = f"{{ guard({guard})(&l); inside = {TRIED[kind]}; }} after = {TRIED[kind]};"
    outside = f"{DECLARED[kind]}\nstatic int inside = 9;\nstatic int after = 9;"
    assert left(body, outside) == {"l": 2, "inside": 1, "after": 0}
    body = f"scoped_guard({guard}, &l) inside = {TRIED[kind]}; after = {TRIED[kind]};"
    assert left(body, outside) == {"l": 2, "inside": 1, "after": 0}
    shared = "read_trylock(&l)" if kind is LockKind.RWLOCK else "down_read_trylock(&l)"
    if kind in (LockKind.RWLOCK, LockKind.RWSEM):
        body = f"scoped_guard({guard}, &l) inside = {shared};"
        assert left(body, outside)["inside"] == (held < 0)
    assert "expected 1 arguments" in refusal(f"guard({guard})();", outside)


def test_every_class_of_guard_has_a_line_of_c() -> None:
    assert set(GUARDED) == set(GUARDS)
    assert {"preempt", "irq", "irqsave", "rcu", "srcu", "migrate"} == UNCHECKED_GUARDS
    assert all(not (g.releases or g.tries or g.gives) for g in GUARDS.values())
    assert {g.arguments for g in GUARDS.values()} == {1}
    lines = "".join(f"guard({name})(); scoped_guard({name}) n++;" for name in UNCHECKED_GUARDS)
    assert left(lines, "static int n;") == {"n": len(UNCHECKED_GUARDS)}
    for line in ("guard()();", "scoped_guard() return;"):
        assert "found a guard of class ''; expected mutex, spinlock," in refusal(line)


@pytest.mark.parametrize("kind", TEST)
def test_a_lock_is_asked_whether_it_is_held(kind: LockKind) -> None:
    take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
    drop = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "releases", 1))
    body = f"a = {TEST[kind]}; {take}(&l); b = {TEST[kind]}; {drop}(&l); c = {TEST[kind]};"
    outside = f"{DECLARED[kind]}\nstatic int a = 9;\nstatic int b = 9;\nstatic int c = 9;"
    assert left(body, outside) == {"l": 0, "a": 0, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("init", "kind"),
    [
        ("spin_lock_init", LockKind.SPIN),
        ("raw_spin_lock_init", LockKind.RAW_SPIN),
        ("mutex_init", LockKind.MUTEX),
        ("rwlock_init", LockKind.RWLOCK),
        ("init_rwsem", LockKind.RWSEM),
    ],
)
def test_a_lock_that_is_initialised_is_free(init: str, kind: LockKind) -> None:
    take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
    assert left(f"{take}(&l); {init}(&l);", DECLARED[kind]) == {"l": 0}
    for other in set(DECLARED) - {kind}:
        assert f"expected {kind.value}" in refusal(f"{init}(&l);", DECLARED[other])


def test_every_type_of_lock_can_be_declared() -> None:
    assert set(LOCK_TYPES) == {"spinlock_t", "raw_spinlock_t", "rwlock_t", "mutex", "rw_semaphore"}
    for name, kind in LOCK_TYPES.items():
        word = name if name.endswith("_t") else f"struct {name}"
        take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
        assert left(f"{take}(&l);", f"static {word} l;") == {"l": 2}


def test_the_vms_own_locks_are_mutexes() -> None:
    names = {"lock", "slots_lock", "irq_lock", "slots_arch_lock"}
    assert set(KVM_LOCKS) == names
    for name in sorted(names):
        assert left(f"mutex_lock(&vcpu->kvm->{name});") == {f"kvm->{name}": 2}
        assert "expected spinlock_t" in refusal(f"spin_lock(&vcpu->kvm->{name});")


def test_the_mmu_lock_is_whatever_kind_the_era_made_it() -> None:
    for line in ("spin_lock", "write_lock", "raw_spin_lock", "mutex_lock"):
        assert ended(f"{line}(&vcpu->kvm->mmu_lock);").vm.mmu_lock == 2
    assert ended("read_lock(&vcpu->kvm->mmu_lock);").vm.mmu_lock == -1
    assert ended("spin_lock(&vcpu->kvm->mmu_lock);", vcpu=1).vm.mmu_lock == 3


def test_a_type_in_brackets_before_brackets_is_a_cast() -> None:
    expected = {"(u8)(0x1ff)": 0xFF, "(byte)(0x2fe)": 0xFE, "(s8)(0xff)": -1}
    assert values(expected, "", "typedef u8 byte;") == expected
