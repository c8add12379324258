"""Whatever the text, the reader gives a policy or a RefusedError, and soon."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiler.compiler import compile_policy
from engine.kvm.statement import call, can_execute, execute_statement, vcpu_pointer
from engine.kvm.walk import advance
from engine.machine.state import Walk
from engine.policy.policy import Policy
from engine.policy.source import SourceFile
from engine.refusal import RefusedError
from tests.engine.build import machine

POLICIES = Path(__file__).parents[2] / "policies"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(POLICIES.glob("**/*.c"))]
TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled) {"

WORDS = (
    *("if", "else", "while", "for", "do", "switch", "case", "default", "goto", "return", "break"),
    *("(", ")", "{", "}", "[", "]", ";", ",", "->", ".", "*", "&", "&&", "||", "!", "~", "-", "+"),
    *("=", "==", "<<", ">>", "?", ":", "++", "--", "#if", "#endif", "#define", "\n", "\\\n"),
    *("vcpu", "kvm", "arch", "vcpu->kvm", "vcpu->arch.x", "was_enabled", "0", "1UL", "x", "sizeof"),
    *("int", "bool", "static", "struct", "enum", "u64", "atomic_t", "unsigned long", "x:", "const"),
    *("stage2_flush_vm", "atomic_inc", "test_and_set_bit", "spin_lock", "guard", "scoped_guard"),
    *("kvm_for_each_vcpu", "cmpxchg", "READ_ONCE", "HCR_TVM", "BIT", '"text"', "'c'", "/*", "*/"),
)


def _read(text: str) -> Policy | None:
    try:
        return compile_policy(SourceFile("hostile.c", text), name="hostile")
    except RefusedError:
        return None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    _read(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_words_in_a_function_are_read_or_refused(words: str) -> None:
    _read(f"{TOGGLE}\n{words}\n}}\n")


@st.composite
def _mutations(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from(("", *WORDS))) + text[end:]
    return text


@settings(max_examples=150, deadline=None)
@given(_mutations())
def test_a_mutated_policy_is_refused_or_runs(text: str) -> None:
    policy = _read(text)
    if policy is not None and policy.toggle is not None:
        _run(policy, policy.toggle)


def _run(policy: Policy, toggle: int) -> None:
    """Run the toggle on one vCPU and then on the other, for a while."""
    state = machine("nop", "nop", runs=policy)
    for vcpu in (1, 0):
        state = call(state, vcpu, toggle, (vcpu_pointer(vcpu), vcpu))
        for _ in range(100):
            stack = state.vcpus[vcpu].stack
            if not stack:
                break
            if isinstance(stack[-1], Walk):
                state, _ = advance(state, vcpu, stack[-1])
            elif can_execute(state, vcpu):
                state, _ = execute_statement(state, vcpu)
            else:
                break


@pytest.mark.parametrize(
    "body",
    [
        "if (was_enabled) " * 5_000 + ";",
        "x = " + "!" * 5_000 + "1;",
        "x = " + "1 + " * 5_000 + "1;",
        "x = " + "(" * 5_000 + "1" + ")" * 5_000 + ";",
        "{" * 5_000 + "}" * 5_000,
        "x = " + "1 ? 2 : " * 5_000 + "3;",
        "was_enabled = 0;" * 20_000,
        "l: " * 5_000 + ";",
        "int a[512]; " * 100,
        "vcpu->arch.a" + ".b" * 5_000 + " = 1;",
        "was_enabled = " * 5_000 + "1;",
        "/*" * 5_000,
        '"' * 5_001,
        "#if " + "(" * 100 + "1" + ")" * 100 + "\n#endif\n",
        "#if " + "!" * 1_000 + "1\n#endif\n",
    ],
    ids=range(15),
)
def test_deep_and_long_code_is_refused_without_a_crash(body: str) -> None:
    _read(f"{TOGGLE}\n{body}\n}}\n")


@pytest.mark.parametrize(
    "text",
    [
        "#define A A A\n" + TOGGLE + "A; }",
        "#define A(x) B(x)\n#define B(x) A(x)\n" + TOGGLE + "A(1); }",
        "#define A(x) x x\n" + TOGGLE + "A(" * 30 + "1" + ")" * 30 + "; }",
        "enum { A = B, B = A };\n" + TOGGLE + "was_enabled = A; }",
        "typedef t t;\n" + TOGGLE + "t x = 1; }",
        "typedef a b; typedef b a;\n" + TOGGLE + "a x = 1; }",
        "static int a[a];\n" + TOGGLE + "a[0] = 1; }",
        "static int a = a;\n" + TOGGLE + "a = 1; }",
        TOGGLE + "kvm_toggle_cache(vcpu, was_enabled); }",
        "x" * (5 << 20),
    ],
    ids=range(10),
)
def test_what_refers_to_itself_ends(text: str) -> None:
    _read(text)
