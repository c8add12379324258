"""Macro expansion, against gcc's own preprocessor, and the macros that kernel headers define."""

from __future__ import annotations

import re
import subprocess

import pytest

from engine.compiler.preprocess.built_in import BUILT_IN, EACH_VCPU, SCOPED_GUARD
from engine.compiler.preprocess.preprocessor import preprocess
from engine.policy.source import SourceFile

CASES = (
    "#define A1 1 + 2\nA1 * A1",
    "#define F2(x) x * 2\nF2(1 + 1) F2((1)) F2()",
    "#define F3(x, y) y x\nF3(a, b) F3((a, b), c) F3(, c)",
    "#define F4() 4\nF4() F4( ) F4",
    "#define F5(x) #x\nF5(a + b) F5( a ) F5(\"q\\n\") F5('c')",
    "#define F6(x, y) x ## y\nF6(a, b) F6(a, 1) F6(, b) F6(a, )",
    "#define F6b(x, y, z) a x ## y ## z b\nF6b(,,) F6b(1,,) F6b(,2,) F6b(,,3) F6b(1,2,3) F6b(1,,3)",
    "#define F7(x) x##1 2##x\nF7(a)",
    "#define A8 F8(a)\n#define F8(x) x x\nA8",
    "#define F9(x) F9(x + 1)\nF9(F9(2))",
    "#define A10 B10\n#define B10 C10 A10\n#define C10 B10\nA10 B10 C10",
    "#define F11(...) g(__VA_ARGS__)\nF11() F11(1) F11(1, 2) F11((1, 2), 3)",
    "#define F12(f, ...) p(f, ##__VA_ARGS__)\nF12(1) F12(1, 2, 3)",
    "#define F13(f, ...) #__VA_ARGS__\nF13(1, 2, 3)",
    "#define F14(x) x\n#define A14 F14\nA14(3) F14(A14)(4)",
    "#define F14b(x) A14b\n#define A14b F14c\n#define F14c(x) [x]\nF14b(1)(2)(3) A14b (4) A14b",
    "#define F15(x) [x]\nF15\n(\n1\n)",
    "#define X16 y\n#define F16(x) x#x X16\nF16(X16)",
    "#define F17(a, b) a##b\n#define xy 9\nF17(x, y)",
    "#define E18\n#define F18(x) x E18 x\nF18(1)",
    "#define F19(x) f({ x; }, [x])\nF19(a) F19((b, c))",
    "#define F20(a, b) (a < b ? a : b)\nF20(F20(1, 2), F20(3, 4))",
    "#define A21 (1)\n#define F21 (x) x\nA21 F21",
    "#define A22 3\n#undef A22\n#define A22 4\nA22",
    "#define F23(x) #x[x]\nF23(1)",
)


def _tokens(text: str) -> list[str]:
    return re.findall(r'"(?:\\.|[^"])*"|\'(?:\\.|[^\'])*\'|\w+|\S', text)


def test_macros_expand_as_gcc_expands_them() -> None:
    """Needs gcc; a machine without it fails here rather than pass unchecked."""
    text = "\n@\n".join(CASES) + "\n"
    run = subprocess.run(
        ["gcc", "-w", "-E", "-P", "-"], input=text, check=True, capture_output=True, text=True
    )
    ours = preprocess(SourceFile("p.c", text), {})
    assert ours.failures == ()
    given = [_tokens(part) for part in ours.text.split("@")]
    wanted = [_tokens(part) for part in run.stdout.split("@")]
    assert dict(zip(CASES, given, strict=True)) == dict(zip(CASES, wanted, strict=True))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("#define F(x) x\nF(1, 2)", "macro F with 2 arguments; expected 1"),
        ("#define F(x, y) x\nF(1)", "macro F with 1 arguments; expected 2"),
        ("#define F() x\nF(1)", "macro F with 1 arguments; expected 0"),
        ("#define F(x, y, ...) x\nF(1)", "macro F with 1 arguments; expected 2"),
    ],
)
def test_a_call_with_other_arguments_is_told_and_left_as_it_is(source: str, message: str) -> None:
    code = preprocess(SourceFile("p.c", source), {})
    assert [str(failure).partition("found ")[2] for failure in code.failures] == [message]
    assert "".join(code.text.split()) == source.partition("\n")[2].replace(" ", "")


def test_many_calls_of_a_large_macro_are_no_growth() -> None:
    body = " + ".join("1" for _ in range(300))
    calls = "\n".join("BIG;" for _ in range(100))
    assert preprocess(SourceFile("p.c", f"#define BIG {body}\n{calls}"), {}).failures == ()


EMPTY = (
    *("__init", "__maybe_unused", "__always_unused", "__always_inline", "inline", "__inline"),
    *("noinline", "__read_mostly", "__ro_after_init", "__must_check", "__user", "asmlinkage"),
    *("notrace", "__cold", "__hot", "__hyp_text", "__percpu", "__rcu", "__force", "__cpuinit"),
    *("__section", "__initdata", "__pure", "__noreturn", "__used", "__unused", "__refdata"),
    *("__always_used", "__cacheline_aligned", "____cacheline_aligned_in_smp", "__weak"),
    *("EXPORT_SYMBOL(x)", "EXPORT_SYMBOL_GPL(x)", "__acquires(x)", "__releases(x)"),
    *("__must_hold(x)", "__guarded_by(x)"),
)
FULL = {
    "DEFINE_SPINLOCK(l)": "spinlock_t l",
    "DEFINE_RAW_SPINLOCK(l)": "raw_spinlock_t l",
    "DEFINE_MUTEX(l)": "struct mutex l",
    "DEFINE_RWLOCK(l)": "rwlock_t l",
    "DECLARE_RWSEM(l)": "struct rw_semaphore l",
    "DECLARE_BITMAP(b, 65)": "unsigned long b [ ( ( 65 ) + 63 ) / 64 ]",
    "kvm_for_each_vcpu(i, v, kvm)": f"for ( {EACH_VCPU} ( i , v , kvm ) ; ; )",
    "scoped_guard(mutex, &l)": f"for ( {SCOPED_GUARD} ( mutex , &l ) ; ; )",
}


def test_every_macro_of_the_headers_has_a_line_of_c() -> None:
    assert {line.partition("(")[0] for line in (*EMPTY, *FULL)} == set(BUILT_IN)
    for line in EMPTY:
        assert preprocess(SourceFile("p.c", line), {}).text.split() == []
    for line, text in FULL.items():
        assert " ".join(preprocess(SourceFile("p.c", line), {}).text.split()) == text
