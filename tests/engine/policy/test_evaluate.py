from __future__ import annotations

from engine.policy.evaluate import OopsError
from tests.engine.compiler.lines import ended


def test_an_index_out_of_bounds_stops_the_vcpu() -> None:
    for index, stops in ((-1, True), (0, False), (1, False), (2, True)):
        body = f"int i = {index}; a[i] = 5;"
        try:
            ended(body, "static int a[2]; static int b;")
        except AssertionError:
            assert stops
        else:
            assert not stops
    assert issubclass(OopsError, Exception)
