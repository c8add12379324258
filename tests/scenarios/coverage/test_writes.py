"""What a function's tokens say that it writes, and what they only read."""

from __future__ import annotations

import pytest

from scenarios.coverage.definitions import definitions_of
from scenarios.coverage.writes import written

BODIES = {
    "v->arch.on = 1; on = 2;": ".on on",
    "if (on == v->arch.on) x = v->arch.on + 1;": "x",
    "if (v->arch.on) ++x;": "x",
    "(v->arch.on)++; ((v->arch.off)) -= 2;": ".on .off",
    "v->arch.a[v->arch.i] += 1; if (v->arch.b[v->arch.i]) f(v->arch.c, 1);": ".a",
    "v->arch.a.b = 1;": ".b",
    "*vcpu_hcr(v) &= ~HCR_TVM; v->arch.a |= 3; v->arch.b ^= 1; v->arch.c &= 1;": ".a .b .c",
    "if (x & k->arch.a) f(&k->arch.b);": "k .arch .b",
    "if (atomic_read(&k->arch.a)) return &k->arch.b;": "k .arch .b",
    "p = *(&k->arch.a[i].b) + g(x) & y;": "p k .arch .a .b",
    "--k->arch.a; k->arch.b--;": "k .arch .a .b",
    "WRITE_ONCE(a->b[c->d], e->f); READ_ONCE(g->h);": "a .b",
    "set_bit(v->id, k->bits);": "v .id k .bits",
    "struct s q = { .m = 1 };": "q .m",
    "return;": "",
}


@pytest.mark.parametrize("body", BODIES)
def test_what_is_assigned_counted_or_given_away_is_written(body: str) -> None:
    (found,) = definitions_of(f"void f(void)\n{{\n{body}\n}}\n", {})
    names = [("." if name.is_member else "") + name.text for name in written(found)]
    assert " ".join(names) == BODIES[body]
