"""What #if decides, against gcc's own preprocessor and for what only the kernel's build decides."""

from __future__ import annotations

import subprocess

import pytest

from engine.compiler.preprocess.preprocessor import preprocess
from engine.policy.source import SourceFile

MACROS = "#define CONFIG_A 1\n#define CONFIG_N 7\n#define TWO 2\n#define ADD(x, y) x + y\n"

DECIDED = (
    *("1", "0", "-1", "+0", "!0", "!5", "~0", "~-1", "1 == 1", "1 != 1", "2 > 1", "1 > 1"),
    *("1 >= 1", "0 >= 1", "1 < 1", "0 < 1", "1 <= 1", "2 <= 1", "1 + 1 == 2", "3 - 1 - 1 == 1"),
    *("2 * 3 == 6", "7 / 2 == 3", "7 % 4 == 3", "1 << 4 == 16", "16 >> 4 == 1", "6 & 3", "6 & 1"),
    *("4 | 1", "5 ^ 5", "5 ^ 4", "1 && 0", "1 && 2", "0 || 0", "0 || 3", "1 || 0 && 0"),
    *("(1 || 0) && 0", "1 | 2 == 2", "6 & 3 == 3", "5 ^ 1 & 1", "4 | 1 ^ 1", "1 + 2 * 3 == 7"),
    *("(1 + 2) * 3 == 9", "2 << 1 + 1 == 8", "1 < 2 == 1", "1 == 0 < 1", "1 ? 0 : 1", "0 ? 0 : 1"),
    *("0 ? 1 : 0 ? 0 : 1", "1 ? 2 ? 0 : 1 : 1", "-1 < 0", "- 1 + 1", "!1 + 1", "0x10 == 16"),
    *("010 == 8", "1UL", "'a' == 97" if False else "2 - 1", "CONFIG_A", "CONFIG_N == 7"),
    *("CONFIG_B", "CONFIG_B == 0", "TWO == 2", "ADD(1, 1) == 2", "TWO * ADD(1, 1) == 3"),
    *("defined(CONFIG_A)", "defined CONFIG_A", "defined(CONFIG_B)", "!defined(CONFIG_B)"),
    *("defined CONFIG_A && defined CONFIG_B", "defined(TWO)", "defined TWO + 0", "(1)", "((0))"),
    *("1 // 0", "1 /* 0 */", "10 - 2 - 3 == 5", "16 / 4 / 2 == 2", "1 << 2 << 3 == 32"),
    *("0 == 0 == 0", "2 - -2 == 4", "!defined CONFIG_A || CONFIG_N > 6"),
)


def test_conditions_are_as_gcc_decides_them() -> None:
    """Needs gcc; a machine without it fails here rather than pass unchecked."""
    text = MACROS + "".join(f"#if {c}\ny{n}\n#else\nn{n}\n#endif\n" for n, c in enumerate(DECIDED))
    run = subprocess.run(
        ["gcc", "-w", "-E", "-P", "-"], input=text, check=True, capture_output=True, text=True
    )
    code = preprocess(SourceFile("p.c", text), {})
    assert code.failures == ()
    assert code.text.split() == run.stdout.split()


def _holds(line: str, **configs: int) -> bool | str:
    """Say whether text below a directive counts, or why nobody can say."""
    code = preprocess(SourceFile("p.c", f"#{line}\nyes\n#else\nno\n#endif"), configs)
    return code.failures[0].found if code.failures else code.text.strip() == "yes"


KERNEL = {
    "ifdef CONFIG_A": True,
    "ifdef CONFIG_OFF": False,
    "ifdef CONFIG_B": False,
    "ifndef CONFIG_B": True,
    "ifndef CONFIG_A": False,
    "if IS_ENABLED(CONFIG_A)": True,
    "if IS_ENABLED(CONFIG_N)": True,
    "if IS_ENABLED(CONFIG_B)": False,
    "if IS_BUILTIN(CONFIG_A)": True,
    "if IS_REACHABLE(CONFIG_A)": True,
    "if IS_MODULE(CONFIG_A)": False,
    "if !IS_MODULE(CONFIG_A) && IS_ENABLED(CONFIG_A)": True,
    "ifdef CONFIG_ARM64": True,
    "ifdef CONFIG_64BIT": True,
    "ifdef CONFIG_KVM": True,
    "ifdef CONFIG_MMU": True,
    "ifdef CONFIG_SMP": True,
    "ifdef CONFIG_ARM": False,
    "ifdef __KERNEL__": True,
    "ifdef __aarch64__": True,
    "ifdef __LP64__": True,
    "ifdef __ASSEMBLY__": False,
    "ifdef __ASSEMBLER__": False,
    "ifdef __arm__": False,
    "ifdef __KVM_NVHE_HYPERVISOR__": False,
    "ifdef MODULE": False,
}


def test_what_the_kernels_build_decides_is_decided() -> None:
    found = {line: _holds(line, CONFIG_A=1, CONFIG_N=7, CONFIG_OFF=0) for line in KERNEL}
    assert found == KERNEL
    assert _holds("ifdef CONFIG_ARM64", CONFIG_ARM64=0) is False


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("if FOO", "FOO"),
        ("ifdef FOO", "FOO"),
        ("ifndef FOO", "FOO"),
        ("ifdef", "nothing"),
        ("if", "an unfinished condition"),
        ("if 1 +", "an unfinished condition"),
        ("if (1", "an unfinished condition"),
        ("if (1 2)", "2"),
        ("if 1 2", "2"),
        ("if 1 ? 2", "an unfinished condition"),
        ("if 1 ? 2 ; 3", ";"),
        ("if defined", "defined"),
        ("if defined(", "defined"),
        ("if IS_ENABLED", "IS_ENABLED"),
        ("if 1 = 1", "="),
        ("if " + "1 + " * 150 + "1", "more than 200 tokens"),
    ],
)
def test_a_condition_that_cannot_be_decided_is_said_to_be_so(line: str, unknown: str) -> None:
    assert _holds(line) == f"#if on {unknown}"


def test_a_long_condition_is_decided_up_to_its_bound() -> None:
    assert _holds("if " + "1 + " * 99 + "1") is True
    assert _holds("if " + "1 + " * 100 + "1") == "#if on more than 200 tokens"


BRANCHES = {
    "#if 0\na\n#else\nb\n#elif 1\nc\n#endif": "b",
    "#if 0\na\n#else\nb\n#else\nc\n#endif": "b",
    "#if 0\na\n#elif 0\nb\n#else\nc\n#endif": "c",
    "#if 1\na\n#elif 1\nb\n#else\nc\n#endif": "a",
    "#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif": "b",
    "#if 1\n#if 0\na\n#elif 1\nb\n#endif\nc\n#endif": "b c",
    "#if 0\n#if 1\na\n#elif 1\nb\n#else\nc\n#endif\nd\n#else\ne\n#endif": "e",
    "#if 0\n#define A 1\n#endif\nA": "A",
    "#define A 1\n#if 0\n#undef A\n#endif\nA": "1",
    "#if 0\n#error no\n#frob\n#endif\nx": "x",
    "#if 0\n#if FOO\n#endif\n#endif\nx": "x",
    "#if 1\n#else\n#if FOO\n#elif FOO\n#endif\n#endif\nx": "x",
    "#if 1\nx\n#elif FOO\n#endif": "x",
    '#include <a.h>\n#pragma once\n#warning w\n#line 3\n#ident "a"\n#\nx': "x",
    "  # if 1\n x\n # endif": "x",
    "#undef\nx": "x",
}


@pytest.mark.parametrize("source", BRANCHES)
def test_just_what_counts_is_kept_and_defined(source: str) -> None:
    code = preprocess(SourceFile("p.c", source), {})
    assert (" ".join(code.text.split()), code.failures) == (BRANCHES[source], ())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("#error stop here", "p.c:1:1: found #error stop here; expected a policy without #error"),
        ("x\n#frob 1", "p.c:2:1: found #frob; expected #define, #undef, #if"),
        ("#define", "p.c:1:1: found #define without a name; expected a name"),
        ("#define 3 x", "p.c:1:1: found #define without a name; expected a name"),
        ("#define F(a", "p.c:1:1: found #define F(; expected a `)`"),
        ("#if 0\n#elif FOO\n#endif", "p.c:1:1: found #if on FOO; expected CONFIG_ names"),
    ],
)
def test_a_directive_that_is_wrong_is_told_at_its_place(source: str, message: str) -> None:
    (failure,) = preprocess(SourceFile("p.c", source), {}).failures
    assert str(failure).startswith(message)
