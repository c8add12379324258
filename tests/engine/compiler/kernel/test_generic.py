"""What any code of the kernel uses: accesses, hints, warnings, options, what has no effect."""

from __future__ import annotations

import re

import pytest

from engine.compiler.headers import HINTS
from engine.compiler.kernel.generic import (
    has_vhe,
    is_protected_kvm_enabled,
    no_effect,
    read_once,
    warn_on,
)
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
