from __future__ import annotations

import pytest

from scenarios.sources.c_text.spellings import modern
from scenarios.sources.c_text.tokens import tokenize


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
        ("vcpu_set_hcr(v, vcpu_get_hcr(v) + HCR_TVM);", "*vcpu_hcr(v) += HCR_TVM;"),
        ("vcpu_set_hcr(v, x);", "vcpu_set_hcr(f(v), x);"),
    ],
)
def test_other_accesses_stay_apart(one: str, other: str) -> None:
    assert _words(one) != _words(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vcpu_set_hcr(v, x);", "HCR ( v ) = x ;"),
        ("vcpu_set_hcr(v, f(x));", "HCR ( v ) = f ( x ) ;"),
        ("vcpu_set_hcr(v, vcpu_get_hcr(v) ^ f(x)); y;", "HCR ( v ) ^= f ( x ) ; y ;"),
        ("vcpu_set_hcr(v);", "vcpu_set_hcr ( v ) ;"),
        ("vcpu_set_hcr(v, );", "vcpu_set_hcr ( v , ) ;"),
        ("vcpu_set_hcr(v, x", "vcpu_set_hcr ( v , x"),
        ("vcpu_set_hcr", "vcpu_set_hcr"),
        ("*vcpu_hcr", "HCR"),
        ("a = 2 * vcpu_hcr;", "a = 2 HCR ;"),
        ("v->arch.hcr_el2", "HCR ( v )"),
        ("->arch.hcr_el2", "- > arch . hcr_el2"),
        ("v->arch.mdcr_el2", "v - > arch . mdcr_el2"),
        ("HCR(v) = HCR(v) & x", "HCR ( v ) &= x"),
        ("HCR(v) = HCR(v)", "HCR ( v ) = HCR ( v )"),
    ],
)
def test_an_access_is_written_in_one_way(text: str, words: str) -> None:
    assert " ".join(_words(text)).replace("& =", "&=").replace("^ =", "^=") == words
