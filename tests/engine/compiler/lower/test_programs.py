"""Whole functions, made at random: they do what gcc's own translation of them does."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.engine.compiler.lines import left

PROGRAMS = 40
"""Functions made from a seed."""

CALLEE = """
static unsigned int trace;
static int f(int x) { trace = trace * 31 + x + 7; return x & 3; }
static void h(int x) { trace = trace * 37 + x; }
"""


class Writer:
    """Writes a function of bounded loops whose every order of evaluation C fixes."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.loops = 0

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def atom(self) -> str:
        return self.pick("a", "b", "c", "1", "2", "5", "vcpu->vcpu_id")

    def call(self) -> str:
        return f"f({self.pick('a', 'b + 1', '3', '(c ^ 1)', 'f(b)', '(h(2), a)')})"

    def value(self, depth: int, *, changes: bool = True) -> str:
        """Write a value; what changes a variable stands only where C says when."""
        if not depth:
            return self.pick(self.atom(), self.atom(), self.call())
        one, other, third = (self.value(depth - 1, changes=changes) for _ in range(3))
        still = self.value(depth - 1, changes=False)
        operator = self.pick("+", "-", "*", "&", "|", "^", "==", "<", ">=")
        ways = [f"({one} && {other})", f"({one} || {other})", f"({one}, {other})", f"!{one}"]
        ways += [f"({one} ? {other} : {third})", f"({self.atom()} {operator} {still})", f"-({one})"]
        if changes:
            ways += [f"(a = {still})", f"(b += {still})", f"({self.pick('a++', '--b')}, {one})"]
        return self.pick(*ways)

    def simple(self) -> str:
        value = self.value(self.random.randint(0, 2))
        still = self.value(self.random.randint(0, 2), changes=False)
        return self.pick(
            *(f"{self.pick('a', 'b', 'c')} {self.pick('=', '+=', '-=', '^=')} {still};",) * 4,
            *(f"{value};", f"h({value});", f"(void){value};", "b++;", f"(h(a), c = {value});"),
            *(f"a ? h(1) : h({self.atom()});", f"b && (c = {value});", f"h(b), a = {still};"),
        )

    def block(self, depth: int, inside: bool) -> str:
        count = self.random.randint(1, 3)
        return " ".join(self.statement(depth, inside) for _ in range(count))

    def statement(self, depth: int, inside: bool) -> str:
        if not depth:
            ways = ("break;", "continue;") if inside else ()
            return self.pick(self.simple(), self.simple(), self.simple(), *ways)
        value, body = self.value(1), self.block(depth - 1, inside)
        self.loops += 1
        i = f"i{self.loops}"
        bound = self.random.randint(1, 3)
        round_ = self.block(depth - 1, inside=True)
        return self.pick(
            *(
                f"if ({value}) {{ {body} }}",
                f"if ({value}) {{ {body} }} else {{ {self.simple()} }}",
            ),
            f"for (int {i} = 0; {i} < {bound}; {i}++) {{ {round_} }}",
            f"for (int {i} = 0; {i} < {bound} && {value}; {i}++) {{ {round_} }}",
            f"{{ int {i} = {bound}; while ({i}-- && {value}) {{ {round_} }} }}",
            f"{{ int {i} = {bound}; do {{ {round_} }} while (--{i} > 0 && {value}); }}",
            f"switch ({value}) {{ case 0: {body} {self.pick('break;', '')} case 1 ... 2: "
            f"{self.simple()} break; default: {self.simple()} }}",
            f"{{ if ({value}) goto out{i}; {body} out{i}: ; {self.simple()} }}",
            self.simple(),
        )

    def function(self, name: str) -> str:
        body = self.block(2, inside=False)
        end = f"h(a); h(b); h(c); return {self.value(1)};"
        return (
            f"static int {name}(struct kvm_vcpu *vcpu) {{ int a = 1, b = 2, c = 3; {body} {end} }}"
        )


def _by_gcc(functions: str, calls: str, folder: Path) -> str:
    vcpu = "#include <stdio.h>\nstruct kvm_vcpu { int vcpu_id; };\n"
    start, end = "int main(void) { struct kvm_vcpu v = { 0 }, *vcpu = &v;", 'printf("%u", trace); }'
    main = f"{start} {calls} {end}"
    source, program = folder / "programs.c", folder / "programs"
    source.write_text(f"{vcpu}{CALLEE}{functions}\n{main}\n")
    subprocess.run(["gcc", "-w", "-O0", "-fwrapv", "-o", str(program), str(source)], check=True)
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("seed", range(2))
def test_random_functions_do_what_gcc_makes_of_them(seed: int, tmp_path: Path) -> None:
    """Needs gcc; a machine without it fails here rather than pass unchecked."""
    functions = [Writer(seed * PROGRAMS + n).function(f"p{n}") for n in range(PROGRAMS)]
    calls = " ".join(f"h(p{n}(vcpu));" for n in range(PROGRAMS))
    text = "\n".join(functions)
    assert str(left(calls, CALLEE + text)["trace"]) == _by_gcc(text, calls, tmp_path)
