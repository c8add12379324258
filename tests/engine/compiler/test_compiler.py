"""What the reader makes of each construct: the steps, their texts and where they lead."""

from __future__ import annotations

import pytest

from engine.compiler.compiler import compile_policy
from engine.policy.operations import Acquire, Decide, Flush, Release, Return, Select
from engine.policy.policy import AsksFwb, AsksImplementor, Function, Options, Policy
from engine.policy.source import Place, PolicyError, SourceFile
from tests.engine.build import policy_of

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n"


def _toggle(body: str, outside: str = "") -> Function:
    policy = _policy(body, outside)
    assert policy.toggle is not None
    return policy.functions[policy.toggle]


def _policy(body: str, outside: str = "") -> Policy:
    return policy_of(f"{outside}\n{TOGGLE}{{\n{body}\n}}\n")


def _shape(function: Function) -> list[tuple[str, ...]]:
    """Return each operation as its kind, its text and the texts of where it leads."""
    return [
        (
            type(operation).__name__,
            operation.text,
            *(function.operations[n].text for n in _targets(operation)),
        )
        for operation in function.operations
    ]


def _targets(operation: object) -> tuple[int, ...]:
    match operation:
        case Decide():
            return (operation.then, operation.otherwise)
        case Select():
            return (*(target for _, _, target in operation.cases), operation.default)
        case Return():
            return ()
        case _:
            return (operation.next,)  # type: ignore[attr-defined]


def test_a_declaration_is_a_step_only_with_an_initialiser() -> None:
    assert _shape(_toggle("int a; int b = 1, c = 2; a = b;")) == [
        ("Execute", "int b = 1, c = 2;", "int b = 1, c = 2;"),
        ("Execute", "int b = 1, c = 2;", "a = b;"),
        ("Execute", "a = b;", "}"),
        ("Return", "}"),
    ]


def test_a_compound_condition_is_one_step() -> None:
    assert _shape(
        _toggle("if (was_enabled && vcpu->vcpu_id == 0)\nstage2_flush_vm(vcpu->kvm);")
    ) == [
        (
            *("Decide", "was_enabled && vcpu->vcpu_id == 0"),
            *("stage2_flush_vm(vcpu->kvm);", "}"),
        ),
        ("Flush", "stage2_flush_vm(vcpu->kvm);", "}"),
        ("Return", "}"),
    ]


def test_a_step_has_the_place_of_its_statement() -> None:
    operation = _toggle("\tif (was_enabled)\n\t\tstage2_flush_vm(vcpu->kvm);").operations[1]
    assert operation.place == Place("test.c", 5, 3, 5, 30)


def test_a_call_in_a_condition_splits_it_where_c_may_stop() -> None:
    helper = "static bool first(struct kvm_vcpu *v) { return v->vcpu_id == 0; }"
    assert _shape(_toggle("if (was_enabled && first(vcpu)) was_enabled = 0;", helper)) == [
        ("Decide", "was_enabled", "first(vcpu)", "}"),
        ("Call", "first(vcpu)", "first(vcpu)"),
        ("Decide", "first(vcpu)", "was_enabled = 0;", "}"),
        ("Execute", "was_enabled = 0;", "}"),
        ("Return", "}"),
    ]


def test_a_loop_goes_round_by_its_condition() -> None:
    assert _shape(_toggle("int i; for (i = 0; i < 2; i++) { if (i) continue; break; }")) == [
        ("Execute", "i = 0", "i < 2"),
        ("Decide", "i < 2", "i", "}"),
        ("Decide", "i", "i++", "}"),
        ("Execute", "i++", "i < 2"),
        ("Return", "}"),
    ]


def test_an_endless_loop_without_steps_gets_one() -> None:
    function = _toggle("for (;;)\n;")
    assert [type(operation).__name__ for operation in function.operations] == ["Execute", "Execute"]
    assert function.may_spin == (False, True)


def test_a_switch_falls_through_to_the_next_case() -> None:
    body = """switch (vcpu->vcpu_id) {
	case 0: was_enabled = 1;
	case 1 ... 3: break;
	default: was_enabled = 0; }"""
    select = _toggle(body).operations[0]
    assert isinstance(select, Select)
    assert [(low, high) for low, high, _ in select.cases] == [(0, 0), (1, 3)]
    assert _shape(_toggle(body))[1] == ("Execute", "was_enabled = 1;", "}")


def test_a_goto_costs_no_step() -> None:
    assert _shape(
        _toggle("if (was_enabled) goto out; stage2_flush_vm(vcpu->kvm); out: return;")
    ) == [
        ("Decide", "was_enabled", "return;", "stage2_flush_vm(vcpu->kvm);"),
        ("Flush", "stage2_flush_vm(vcpu->kvm);", "return;"),
        ("Return", "return;"),
    ]


def test_a_guard_is_released_on_every_way_out() -> None:
    lock = "static DEFINE_MUTEX(m);"
    body = "guard(mutex)(&m); if (was_enabled) return; stage2_flush_vm(vcpu->kvm);"
    kinds = [type(operation) for operation in _toggle(body, lock).operations]
    assert kinds == [Acquire, Decide, Release, Return, Flush, Release, Return]


def test_a_scoped_guard_is_left_by_break_and_return() -> None:
    lock = "static DEFINE_SPINLOCK(l);"
    body = """scoped_guard(spinlock, &l) {
		if (was_enabled)
			break;
		if (vcpu->cpu)
			return;
	}
	was_enabled = 1;"""
    kinds = [type(operation).__name__ for operation in _toggle(body, lock).operations]
    assert kinds == [
        *("Acquire", "Decide", "Decide", "Release", "Return", "Release", "Execute", "Return")
    ]


def test_a_function_without_steps_gets_one_for_its_end() -> None:
    assert _shape(_toggle("")) == [("Execute", "}", "}"), ("Return", "}")]


def test_code_that_is_never_reached_is_not_read() -> None:
    assert len(_toggle("if (IS_ENABLED(CONFIG_ODD)) frobnicate(vcpu); return; ").operations) == 2


def test_macros_show_as_they_are_called() -> None:
    macro = "#define STOP(v) (*vcpu_hcr(v) &= ~HCR_TVM)"
    assert _shape(_toggle("STOP(vcpu);", macro)) == [
        ("Execute", "STOP(vcpu);", "}"),
        ("Return", "}"),
    ]


def test_members_of_arch_have_the_type_of_their_use() -> None:
    body = """
	vcpu->arch.seen = true;
	atomic64_inc(&vcpu->kvm->arch.count);
	set_bit(3, &vcpu->kvm->arch.mask);
	vcpu->kvm->arch.last = vcpu;
	vcpu->arch.nested.deep = vcpu->kvm->arch.mask;
	"""
    policy = _policy(body)
    assert [(v.name, v.type.name) for v in policy.fields] == [  # type: ignore[union-attr]
        ("vcpu->arch.seen", "bool"),
        ("vcpu->arch.nested.deep", "unsigned long"),
    ]
    assert [v.name for v in policy.statics] == [
        *("kvm->arch.count", "kvm->arch.mask", "kvm->arch.last")
    ]


def test_members_that_the_source_declares_have_the_declared_type() -> None:
    policy = _policy("vcpu->arch.n = 300;", "struct kvm_vcpu_arch { u8 n; };")
    assert [v.type.name for v in policy.fields] == ["unsigned char"]  # type: ignore[union-attr]


def test_a_policy_records_what_it_asks_the_hardware() -> None:
    body = """
	if (cpus_have_final_cap(ARM64_HAS_STAGE2_FWB) || read_cpuid_implementor() == 0x48)
		return;
	switch (read_cpuid_implementor()) {
	case ARM_CPU_IMP_AMPERE:
		stage2_flush_vm(vcpu->kvm);
	}
	"""
    assert _policy(body).questions == (
        *(AsksFwb(), AsksImplementor("ARM_CPU_IMP_HISI", 0x48)),
        AsksImplementor("ARM_CPU_IMP_AMPERE", 0xC0),
    )


def test_an_implementor_that_is_kept_may_be_compared_with_any_constant() -> None:
    body = "u32 who = read_cpuid_implementor();\nif (who == 0x99) stage2_flush_vm(vcpu->kvm);"
    questions = _policy(body).questions
    assert questions[0] == AsksImplementor("0x99", 0x99)
    assert AsksImplementor("ARM_CPU_IMP_APM", 0x50) in questions


def test_an_implementor_is_one_byte_and_neither_a_truth_nor_a_flag() -> None:
    body = "u32 who = read_cpuid_implementor();\nif ({}) stage2_flush_vm(vcpu->kvm);"
    tests = " || ".join(f"who == {value}" for value in (0, 1, 2, 0xFF, 0x100))
    asked = [q.value for q in _policy(body.format(tests)).questions if "0x" in q.name]
    assert asked == [2, 0xFF]


def test_equal_text_makes_an_equal_policy() -> None:
    one, other = _policy("stage2_flush_vm(vcpu->kvm);"), _policy("stage2_flush_vm(vcpu->kvm);")
    assert one == other
    assert hash(one) == hash(other)
    assert one != _policy("return;")


def test_a_config_decides_what_is_read() -> None:
    source = SourceFile(
        "p.c", f"#ifdef CONFIG_A\n{TOGGLE}{{ }}\n#else\n{TOGGLE}{{ return; }}\n#endif\n"
    )
    on = compile_policy(source, name="p", options=Options(configs=(("CONFIG_A", 1),)))
    off = compile_policy(source, name="p")
    assert [p.functions[0].place.line for p in (on, off)] == [2, 5]


def test_a_function_the_user_vouches_for_is_named() -> None:
    source = SourceFile("p.c", f"{TOGGLE}{{ my_hook(vcpu); }}\n")
    options = Options(assume_no_effect=("my_hook", "never_called"))
    assert compile_policy(source, name="p", options=options).assumed == ("my_hook",)


def test_what_lies_outside_of_reachable_functions_is_ignored() -> None:
    junk = 'int f(void) { asm("nop"); }\n@@ -1,2 +3,4 @@ not C at all\n'
    assert len(_policy("return;", junk).functions) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("int a[3]; a = 0;", "int where int[3] stands"),
        ("was_enabled++ ++;", "found `was_enabled++"),
        ("5 = 3;", "found `5 =`"),
        ("return 1;", "found `return 1;`"),
        ("break;", "outside of a loop"),
        ("int x = stage2_flush_vm(vcpu->kvm);", "of type void"),
        ("vcpu->run->exit_reason = 0;", "found `vcpu->run`"),
        ("({ int x; x; });", "({ int x; x; })"),
        ("stage2_flush_vm(vcpu);", "a struct kvm_vcpu *"),
        ("switch (1) { case 1: case 1: ; }", "twice"),
        ("int was_enabled[0];", "this array size"),
        ("atomic_inc(&vcpu->kvm->online_vcpus);", "online_vcpus"),
        ("*vcpu_pc(vcpu) = 0;", "vcpu_pc"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(body: str, message: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        _policy(body)
    assert message in str(refusal.value)
    assert (refusal.value.source, refusal.value.line) == ("test.c", 4)
