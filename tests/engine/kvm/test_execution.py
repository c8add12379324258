from __future__ import annotations

import pytest

from engine.kvm.statement import can_execute, execute_statement
from engine.machine.effects import (
    FlushSkipped,
    StatementExecuted,
)
from tests.engine.build import machine, policy
from tests.engine.kvm.toggling import frame, machine_of, run, static, toggle, waits_at


def test_a_policy_that_never_flushes_says_so_at_once() -> None:
    _, effects = execute_statement(toggle(machine("nop", runs=policy("never")), 0), 0)
    assert [type(effect) for effect in effects] == [FlushSkipped, StatementExecuted]
    assert isinstance(effects[0], FlushSkipped)
    assert effects[0].text is None


def test_no_flush_is_skipped_once_one_was_made() -> None:
    body = "do { stage2_flush_vm(vcpu->kvm); } while (was_enabled);"
    _, effects = run(toggle(machine_of(body), 0), 0)
    assert not any(isinstance(effect, FlushSkipped) for effect in effects)


def test_a_flush_that_the_caller_still_makes_is_not_skipped() -> None:
    helper = "static void h(struct kvm_vcpu *v) { if (v->vcpu_id) stage2_flush_vm(v->kvm); }"
    _, effects = run(toggle(machine_of("h(vcpu); stage2_flush_vm(vcpu->kvm);", helper), 0), 0)
    assert not any(isinstance(effect, FlushSkipped) for effect in effects)


def test_a_result_comes_back_to_the_caller_in_the_step_that_gives_it() -> None:
    helper = "static int twice(int n) { int m = n + n; return m + 0; }"
    state = toggle(machine_of("int x = twice(4);\nx++;", helper), 0)
    depths = []
    while len(state.vcpus[0].stack) and frame(state, 0).slots[-1] != 9:
        depths.append(len(state.vcpus[0].stack))
        state, _ = execute_statement(state, 0)
        if not state.vcpus[0].stack:
            break
    assert depths[:4] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("return inner(n);", ["x = outer(4);"]),
        (
            "int m = inner(n); return m + 1;",
            ["int m = inner(n);", "return m + 1;", "x = outer(4);"],
        ),
    ],
)
def test_a_caller_is_left_in_the_same_step_where_nothing_is_left_to_do(
    body: str, left: list[str]
) -> None:
    inner = "static int inner(int n) { int m; m = n + n; return m; }"
    outer = f"static int outer(int n) {{ {body} }}"
    state = toggle(machine_of("x = outer(4);", f"static int x; {inner} {outer}"), 0)
    steps = list[str]()
    while state.vcpus[0].stack:
        steps.append(state.setup.policy.operation(frame(state, 0)).text)
        state, _ = execute_statement(state, 0)
    assert steps == ["outer(4)", "inner(n)", "m = n + n;", "return m;", *left]


def test_a_lock_that_is_held_has_to_be_waited_for() -> None:
    state = machine_of(
        "spin_lock(&l); was_enabled = 1; spin_unlock(&l);", "static DEFINE_SPINLOCK(l);"
    )
    state, _ = execute_statement(toggle(toggle(state, 0), 1), 0)
    assert static(state, "l") == 2
    assert waits_at(state, 1) == "spin_lock(&l);"
    state, _ = run(state, 0)
    assert static(state, "l") == 0
    assert can_execute(state, 1)


def test_readers_share_a_lock_and_writers_do_not() -> None:
    outside = "static DEFINE_RWLOCK(l);"
    body = "read_lock(&l); write_lock(&l);"
    state = toggle(toggle(machine_of(body, outside), 0), 1)
    state, _ = execute_statement(state, 0)
    state, _ = execute_statement(state, 1)
    assert static(state, "l") == -2
    assert waits_at(state, 0) == waits_at(state, 1) == "write_lock(&l);"


def test_a_trylock_never_waits() -> None:
    outside = "static DEFINE_MUTEX(l); static int failed;"
    state = toggle(toggle(machine_of("if (!mutex_trylock(&l)) failed++;", outside), 0), 1)
    state, _ = run(state, 0)
    state, _ = run(state, 1)
    assert (static(state, "l"), static(state, "failed")) == (2, 1)


def test_recursion_without_end_stops_where_the_stack_does() -> None:
    helper = "static int f(int n) { return f(n + 1) + 1; }"
    state, _ = run(toggle(machine_of("f(0);", helper), 0), 0)
    assert len(state.vcpus[0].stack) == 32
    assert not can_execute(state, 0)


def test_an_oops_stops_the_vcpu_for_ever() -> None:
    for body in (
        "vcpu = NULL; vcpu->arch.x = 1;",
        "int a[2]; int i = 2; a[i] = 1;",
        "BUG_ON(vcpu->vcpu_id == 0);",
        "struct kvm *kvm = NULL; stage2_flush_vm(kvm);",
        "struct kvm_vcpu *v = kvm_get_vcpu(vcpu->kvm, 7); v->arch.x = 1;",
    ):
        state, _ = run(toggle(machine_of(body), 0), 0)
        assert not can_execute(state, 0)
