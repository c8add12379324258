from __future__ import annotations

import pytest

from scenarios.sources.era import modern
from scenarios.sources.tokens import tokenize


def _words(text: str) -> list[str]:
    return [token.text for token in modern(tokenize([text]))]


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (
            "*vcpu_hcr(vcpu) &= ~HCR_TVM;",
            "vcpu_set_hcr(vcpu, vcpu_get_hcr(vcpu) & ~HCR_TVM);",
        ),
        ("*vcpu_hcr(v) |= HCR_TVM;", "vcpu_set_hcr(v, vcpu_get_hcr(v) | HCR_TVM);"),
        ("*vcpu_hcr(vcpu) = hcr | HCR_TVM;", "vcpu_set_hcr(vcpu, hcr | HCR_TVM);"),
        ("hcr = *vcpu_hcr(vcpu);", "hcr = vcpu_get_hcr(vcpu);"),
        ("*vcpu_hcr(vcpu) &= ~HCR_TVM;", "vcpu->arch.hcr_el2 &= ~HCR_TVM;"),
    ],
)
def test_the_eras_spell_the_same_access_in_their_own_way(newer: str, older: str) -> None:
    assert _words(newer) == _words(older)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*vcpu_hcr(vcpu) &= ~HCR_TVM;", "*vcpu_hcr(vcpu) |= HCR_TVM;"),
        ("*vcpu_hcr(vcpu) &= ~HCR_TVM;", "*vcpu_hcr(other) &= ~HCR_TVM;"),
        ("vcpu_set_hcr(v, vcpu_get_hcr(w) & ~HCR_TVM);", "*vcpu_hcr(v) &= ~HCR_TVM;"),
    ],
)
def test_other_accesses_stay_apart(one: str, other: str) -> None:
    assert _words(one) != _words(other)
