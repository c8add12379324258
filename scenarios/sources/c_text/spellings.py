"""The kernel eras' spellings of HCR_EL2 accesses as one: only for matching, never in a text.

They are `vcpu->arch.hcr_el2`, `vcpu_get_hcr()` with `vcpu_set_hcr()`, and `*vcpu_hcr()`.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from scenarios.sources.c_text.tokens import SourceToken, brackets, is_name


def modern(tokens: Sequence[SourceToken]) -> tuple[SourceToken, ...]:
    """Return the tokens with every access of HCR_EL2 written as `HCR(vcpu)`."""
    pairs = brackets(tokens)
    result: list[SourceToken] = []
    index = 0
    setters: dict[int, None] = {}
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if index in setters:
            index += 1
        elif token.text == "*" and following == "vcpu_hcr":
            name = tokens[index + 1]
            result.append(attrs.evolve(token, text="HCR", end=name.end))
            index += 2
        elif token.text in ("vcpu_hcr", "vcpu_get_hcr"):
            result.append(attrs.evolve(token, text="HCR"))
            index += 1
        elif _spells(tokens, index, ("-", ">", "arch", ".", "hcr_el2")) and result:
            owner = result.pop()
            end = tokens[index + 4]
            result.extend(attrs.evolve(owner, text=part) for part in ("HCR", "("))
            result.extend((owner, attrs.evolve(end, text=")")))
            index += 5
        elif token.text == "vcpu_set_hcr" and _is_setter(tokens, index, pairs):
            result.extend(_assigned(token, tokens[index + 2]))
            setters[pairs[index + 1]] = None
            index += 4
        else:
            result.append(token)
            index += 1
    return _compound(result)


def _spells(tokens: Sequence[SourceToken], index: int, words: tuple[str, ...]) -> bool:
    return tuple(token.text for token in tokens[index : index + len(words)]) == words


def _is_setter(tokens: Sequence[SourceToken], index: int, pairs: dict[int, int]) -> bool:
    return (
        index + 1 in pairs
        and pairs[index + 1] > index + 4
        and is_name(tokens[index + 2].text)
        and tokens[index + 3].text == ","
    )


def _assigned(place: SourceToken, owner: SourceToken) -> list[SourceToken]:
    return [attrs.evolve(place, text=word) for word in ("HCR", "(", owner.text, ")", "=")]


def _compound(tokens: Sequence[SourceToken]) -> tuple[SourceToken, ...]:
    """Write `HCR(v) = HCR(v) & x` as `HCR(v) &= x`."""
    result: list[SourceToken] = []
    index = 0
    while index < len(tokens):
        words = [token.text for token in tokens[index : index + 10]]
        if (
            len(words) == 10
            and words[0] == "HCR"
            and words[1:5:3] == ["(", "="]
            and words[:4] == words[5:9]
            and words[9] in "&|^"
        ):
            result.extend((*tokens[index : index + 4], tokens[index + 9], tokens[index + 4]))
            index += 10
        else:
            result.append(tokens[index])
            index += 1
    return tuple(result)
