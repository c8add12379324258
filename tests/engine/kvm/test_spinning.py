"""Loops that wait for what others do, and loops that do not."""

from __future__ import annotations

import pytest

from engine.kvm.statement import can_execute, execute_statement
from tests.engine.kvm.toggling import frame, machine_of, run, static, toggle, waits_at


def test_a_spinning_vcpu_moves_only_when_what_it_waits_for_has_come() -> None:
    outside = "static int go;"
    body = "if (vcpu->vcpu_id) go = 1;\nelse while (!READ_ONCE(go)) cpu_relax();"
    state, _ = run(toggle(toggle(machine_of(body, outside), 0), 1), 0)
    assert waits_at(state, 0) == "!READ_ONCE(go)"
    state, _ = run(state, 1)
    state, _ = run(state, 0)
    assert state.vcpus[0].stack == ()


def test_a_function_that_another_calls_waits_by_its_own_variables() -> None:
    outside = "static int go; static void await(int value) { while (go != value) cpu_relax(); }"
    state = toggle(machine_of("int other = 5; await(1); other = go;", outside), 0)
    for _ in range(4):
        if can_execute(state, 0):
            state, _ = execute_statement(state, 0)
    assert waits_at(state, 0) == "go != value"


def test_a_spin_inside_of_a_lock_does_not_count_as_moving() -> None:
    outside = "static DEFINE_SPINLOCK(l); static bool go;"
    body = "for (;;) { spin_lock(&l); if (go) break; spin_unlock(&l); }"
    state = toggle(machine_of(body, outside), 0)
    for _ in range(3):
        state, _ = execute_statement(state, 0)
    assert waits_at(state, 0) == "spin_lock(&l);"
    assert static(state, "l") == 0


def test_a_spinning_vcpu_waits_where_it_holds_no_lock() -> None:
    outside = "static DEFINE_SPINLOCK(l); static bool go;"
    body = "spin_lock(&l); while (!go) { spin_unlock(&l); cpu_relax(); spin_lock(&l); }"
    state, _ = run(toggle(machine_of(body, outside), 0), 0)
    assert waits_at(state, 0) == "cpu_relax();"
    assert static(state, "l") == 0


def test_a_loop_that_others_can_see_is_no_waiting() -> None:
    outside = "static bool mine; static bool go;"
    body = """
	if (vcpu->vcpu_id)
		go = mine;
	else
		for (;;) { mine = true; if (go) break; mine = false; }
	"""
    state = toggle(machine_of(body, outside), 0)
    for _ in range(30):
        assert can_execute(state, 0)
        state, _ = execute_statement(state, 0)


def test_a_count_that_nothing_depends_on_is_no_going_on() -> None:
    state = toggle(machine_of("u64 n = 0; while (!READ_ONCE(vcpu->arch.x)) n++;"), 0)
    state, _ = run(state, 0)
    assert waits_at(state, 0) == "!READ_ONCE(vcpu->arch.x)"


@pytest.mark.parametrize(
    "body",
    [
        "int n; for (n = 0; n < 7000; n++) barrier();",
        "int n; for (n = 0; n < 300; n++) was_enabled ^= 1;",
        "int n = 900; do { n -= 2; if (was_enabled) continue; } while (n > 0);",
        "int i, n; for (n = 0; n < 50; n++) for (i = n; i < 50; i++) barrier();",
    ],
)
def test_a_loop_with_a_bound_of_its_own_comes_to_its_end(body: str) -> None:
    state, _ = run(toggle(machine_of(body), 0), 0)
    assert state.vcpus[0].stack == ()


def test_patience_ends_though_what_is_waited_for_never_comes() -> None:
    outside = "static int flag;"
    body = "int i; for (i = 0; i < 700 && !READ_ONCE(flag); i++) cpu_relax(); flag = i > 9;"
    state, _ = run(toggle(machine_of(body, outside), 0), 0)
    assert (state.vcpus[0].stack, static(state, "flag")) == ((), 1)


def test_patience_that_begins_anew_for_ever_is_waiting() -> None:
    outside = "static int flag;"
    body = "int i; while (!READ_ONCE(flag)) for (i = 0; i < 20; i++) cpu_relax();"
    state, _ = run(toggle(machine_of(body, outside), 0), 0)
    assert waits_at(state, 0) == "!READ_ONCE(flag)"


def test_a_circle_that_is_too_long_to_be_found_is_no_waiting() -> None:
    outside = "static int flag;"
    body = "int i; while (!READ_ONCE(flag)) for (i = 0; i < 2000; i++) cpu_relax();"
    state = toggle(machine_of(body, outside), 0)
    for _ in range(900):
        assert can_execute(state, 0)
        state, _ = execute_statement(state, 0)


def test_a_loop_inside_that_waits_does_not_hold_back_the_one_around_it() -> None:
    outside = "static int told[2];"
    body = """
	int i;

	for (i = 0; i < 2; i++) {
		told[vcpu->vcpu_id]++;
		while (READ_ONCE(told[!vcpu->vcpu_id]) <= i)
			cpu_relax();
	}
	"""
    state = toggle(toggle(machine_of(body, outside), 0), 1)
    state, _ = run(state, 0)
    assert waits_at(state, 0) == "READ_ONCE(told[!vcpu->vcpu_id]) <= i"
    state, _ = run(state, 1)
    assert state.vm.statics == (1, 2)
    state, _ = run(state, 0)
    state, _ = run(state, 1)
    assert (state.vm.statics, state.vcpus[0].stack, state.vcpus[1].stack) == ((2, 2), (), ())


def test_a_loop_in_a_helper_is_no_waiting_of_its_caller() -> None:
    outside = """
static bool go;

static bool ready(void)
{
	int i;

	for (i = 0; i < 3; i++)
		barrier();
	return go;
}
"""
    body = "if (vcpu->vcpu_id) go = true;\nelse while (!ready()) cpu_relax();"
    state, _ = run(toggle(toggle(machine_of(body, outside), 0), 1), 0)
    assert waits_at(state, 0) == "ready()"
    state, _ = run(state, 1)
    state, _ = run(state, 0)
    assert state.vcpus[0].stack == ()


def test_a_way_into_an_endless_loop_is_taken_to_its_end() -> None:
    body = "int n = 0; for (;;) { if (n < 20) n++; if (READ_ONCE(vcpu->arch.go)) break; }"
    state, _ = run(toggle(machine_of(body), 0), 0)
    assert frame(state, 0).slots[-1] == 20


def test_a_loop_that_waited_goes_on_as_soon_as_what_it_reads_has_changed() -> None:
    outside = "static int turn;"
    body = "while (READ_ONCE(turn) != vcpu->vcpu_id) cpu_relax();\nturn = !vcpu->vcpu_id;"
    state = toggle(machine_of(body, outside), 1)
    for _ in range(3):
        state, _ = run(state, 1)
        assert waits_at(state, 1) == "READ_ONCE(turn) != vcpu->vcpu_id"
        state, _ = run(toggle(state, 0), 0)
        assert static(state, "turn") == 1
        state, _ = run(state, 1)
        assert (state.vcpus[1].stack, static(state, "turn")) == ((), 0)
        state = toggle(state, 1)


def test_a_loop_of_thousands_of_turns_comes_to_its_end() -> None:
    body = "int n; for (n = 0; n < 2000; n++) vcpu->arch.turns++;"
    state, _ = run(toggle(machine_of(body), 0), 0)
    assert (state.vcpus[0].stack, state.vcpus[0].fields) == ((), (2000,))
