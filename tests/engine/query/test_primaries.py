from __future__ import annotations

import pytest

from engine.query.expressions import Type
from engine.query.parser import parse
from tests.engine.query.asked import SETUP


@pytest.mark.parametrize(
    "text",
    [
        "count",
        "policy.count",
        "kvm->arch.flushed",
        "vcpu1->arch.toggled",
        "seen[1]",
        "local[0].vcpu",
    ],
)
def test_what_the_policy_keeps_is_read_by_the_name_its_source_gives_it(text: str) -> None:
    assert parse(text, SETUP).type is Type.NUMBER
