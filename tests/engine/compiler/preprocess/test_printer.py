"""Pretty-printing and re-reading a policy changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiler.compiler import compile_policy
from engine.policy.expressions import Watched
from engine.policy.policy import Policy
from engine.policy.source import Place, SourceFile
from engine.refusal import RefusedError
from tests.engine.compiler.preprocess.printer import pretty

POLICIES = Path(__file__).parents[3] / "policies"
NOWHERE = Place("", 0, 0, 0, 0)
TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"


def _bare(value: Any) -> Any:
    """Return a value without places and texts, which a new layout changes."""
    if isinstance(value, Place):
        return NOWHERE
    if isinstance(value, Watched):
        return ("watched", _bare(value.operand))
    if isinstance(value, tuple):
        return tuple(_bare(item) for item in value)
    if attrs.has(type(value)):
        names = [a.name for a in attrs.fields(type(value)) if a.name not in ("text", "sources")]
        return (type(value).__name__, *(_bare(getattr(value, name)) for name in names))
    return value


def _read(source: SourceFile) -> Policy:
    return compile_policy(source, name="p")


def _check(source: SourceFile) -> None:
    printed = pretty(source)
    assert pretty(printed) == printed
    assert _bare(_read(printed)) == _bare(_read(source))


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.c")), ids=lambda path: path.stem)
def test_the_corpus_reads_the_same_after_printing(path: Path) -> None:
    _check(SourceFile("p.c", path.read_text(encoding="utf-8")))


def test_a_statement_is_on_a_line_of_its_own() -> None:
    source = SourceFile("p.c", f"{TOGGLE}{{if(was_enabled){{int*p=&x;(*p)++;}}else return;}}")
    assert pretty(source).text == (
        f"{TOGGLE.replace('*vcpu', '* vcpu')} {{\n"
        "\tif (was_enabled) {\n\t\tint * p = &x;\n\t\t(*p)++;\n\t} else return;\n}\n"
    )


LAID_OUT = """{TOGGLE} {{
	int a[2], b = -1, *c = &b;
	out :
	switch (a[b] ? *c : !b) {{
		case 1 :
		case 2 ... 3 :
		b = a[0] ? f(b, -1) : (b + 1);
		break;
		default :
		b++;
		--b;
	}}
	do {{
		for (b = 0; b < 2; b++) vcpu->arch.x += ~b & 1;
	}} while (b--);
	if (!(b == -b)) goto out;
	b = f(({{ b; }}), a);
}}
"""


def test_labels_cases_and_operators_are_each_laid_out_in_one_way() -> None:
    laid_out = LAID_OUT.format(TOGGLE=TOGGLE.replace("*vcpu", "* vcpu"))
    crammed = "".join(line.strip() for line in laid_out.splitlines())
    printed = pretty(SourceFile("p.c", crammed)).text
    assert printed == laid_out


OPERANDS = st.sampled_from(["a", "b", "was_enabled", "vcpu->vcpu_id", "1", "0x10UL", "n[a & 1]"])
OPERATORS = st.sampled_from(["+", "-", "*", "&", "|", "<<", "==", "<", "&&", "||"])
VALUES = st.recursive(
    OPERANDS,
    lambda inner: st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(inner, OPERATORS, inner).map("".join),
        inner.map("({})".format),
        inner.map("- ({})".format),
        inner.map("!({})".format),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} ? {t[1]} : {t[2 - 1]})"),
    ),
    max_leaves=6,
)
SIMPLE = st.one_of(
    VALUES.map("a = {};".format),
    VALUES.map("b += {};".format),
    st.sampled_from(["a++;", "--b;", "n[1]--;", "stage2_flush_vm(vcpu->kvm);", ";", "return;"]),
)
STATEMENTS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: f"{{ {t[0]} {t[1]} }}"),
        st.tuples(VALUES, inner).map(lambda t: f"if ({t[0]}) {t[1]}"),
        st.tuples(VALUES, inner, inner).map(lambda t: f"if ({t[0]}) {{ {t[1]} }} else {t[2]}"),
        st.tuples(VALUES, inner).map(lambda t: f"while ({t[0]}) {{ {t[1]} break; }}"),
        st.tuples(VALUES, inner).map(lambda t: f"do {t[1]} while ({t[0]});"),
        st.tuples(VALUES, inner).map(lambda t: f"for (a = 0; {t[0]}; a++) {t[1]}"),
        st.tuples(VALUES, inner).map(lambda t: f"switch ({t[0]}) {{ case 1: {t[1]} default: ; }}"),
    ),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(st.lists(STATEMENTS, max_size=4).map("\n".join))
def test_any_policy_reads_the_same_after_printing(body: str) -> None:
    source = SourceFile("p.c", f"{TOGGLE}\n{{\nint a = 0, b = 0; int n[2];\n{body}\n}}\n")
    try:
        _read(source)
    except RefusedError:
        with pytest.raises(RefusedError):
            _read(pretty(source))
        return
    _check(source)
