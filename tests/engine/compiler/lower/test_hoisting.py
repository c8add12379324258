from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left
from tests.engine.compiler.shapes import shape, toggle_of


def test_a_call_in_a_condition_splits_it_where_c_may_stop() -> None:
    helper = "static bool first(struct kvm_vcpu *v) { return v->vcpu_id == 0; }"
    assert shape(toggle_of("if (was_enabled && first(vcpu)) was_enabled = 0;", helper)) == [
        ("Decide", "was_enabled", "first(vcpu)", "}"),
        ("Call", "first(vcpu)", "first(vcpu)"),
        ("Decide", "first(vcpu)", "was_enabled = 0;", "}"),
        ("Execute", "was_enabled = 0;", "}"),
        ("Return", "}"),
    ]


CALLED = {
    "if (f(0)) n += 10; else n += 20;": 21,
    "if (f(1) && f(0)) n += 10;": 2,
    "if (f(0) && f(1)) n += 10;": 1,
    "if (f(1) || f(1)) n += 10;": 11,
    "if (f(0) || f(1)) n += 10;": 12,
    "if (!f(0)) n += 10;": 11,
    "if (!(f(1) && f(1))) n += 10;": 2,
    "n = f(1) && f(0) ? 10 : 20;": 20,
    "n += (f(1) && f(1)) * 10;": 12,
    "int x = n++ && f(1); n += x;": 1,
    "n += f(1) ? f(10) : f(20);": 12,
    "n += f(0) ? 10 : 20;": 21,
    "n += f(0) ? f(10) : 20;": 21,
    "int x = (f(1), f(5)); n += x;": 7,
    "f(1), f(2);": 2,
    "n++, f(2);": 2,
    "int x = 0, y = 0; x = 5, y = f(2); n += x * y;": 11,
    "int x = 0, y = 0; x = f(5), y = 2; n += x * y;": 11,
    "int x = 0, y = 0; (x = f(5)), (y = f(2)), n += x * y;": 12,
    "int x = 0, y = 0; int z = (x = f(5), y = f(2)); n += x * y + z;": 14,
    "int x; for (x = f(1), n = 5; x < 3; x++, n += f(0)) ;": 7,
    "int x = 1; if (f(0), x = f(3)) n += x;": 5,
    "int x = 0; vcpu ? (n++, x = f(2)) : (x = f(7)); n += x;": 4,
    "int x = 0; n = (x = f(3)) ? x : 9;": 3,
    "int x = 0, y = vcpu ? (x += f(2)) : 0; n += x * 10 + y;": 23,
    "int x = 0, y = vcpu ? f(2) + x++ : 0; n += x * 10 + y;": 13,
    "int x = 0; (void)(x = f(3)); n += x;": 4,
    "int x = 0; !(x = f(3)); n += x;": 4,
    "int x = 0; f(0) || (x = f(3)); n += x;": 5,
    "int x = 0; f(1) && (x = 7); n += x;": 8,
    "static int a[2]; a[f(1)] = f(5); n += a[1];": 7,
    "int x = 0; x += f(3) + f(4); n += x;": 9,
    "int x = 5; x -= f(3); n += x;": 3,
    "int x = f(3), y = x + f(2); n += y;": 7,
    "int x = f(f(3) + f(1)); n += x;": 7,
    "while (f(1) && n < 3) ;": 3,
    "do ; while (f(1) && n < 3);": 3,
    "(void)f(1);": 1,
    "n = f(f(f(5)));": 5,
    "n = f(1) + f(2) * f(3);": 7,
    "for (int i = 0; f(i) < 2; i++) n += 10;": 23,
    "for (int i = f(1); i < 3; i += f(1)) n += 10;": 23,
}
"""What is in n at the end."""


@pytest.mark.parametrize("body", CALLED)
def test_what_is_called_inside_of_an_expression_is_called_in_cs_order(body: str) -> None:
    assert (
        left(f"n = 0; {body}", "static int n;\nstatic int f(int i) { n++; return i; }\n")["n"]
        == CALLED[body]
    )
