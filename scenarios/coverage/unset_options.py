"""What an option of the kernel's configuration that nobody gave turns off, or on, in a source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.compiler.preprocess.conditions import ALWAYS_ON
from scenarios.coverage.definitions import Definition, definitions_of

MOST_APART: Final = 16
"""Options that are turned on one by one; of more, the others are turned on with all."""

_OPTION: Final = re.compile(r"\bCONFIG_\w+", re.ASCII)
_DIRECTIVE: Final = re.compile(r"^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b(?:.*\\\n)*.*", re.MULTILINE)


def unset_options(text: str, configs: Mapping[str, int]) -> tuple[str, ...]:
    """Return the options that a text names, and whose values are taken for granted."""
    named = sorted(set(_OPTION.findall(text)))
    return tuple(name for name in named if name not in configs and name not in ALWAYS_ON)


def with_options_on(
    text: str, configs: Mapping[str, int]
) -> Iterator[tuple[str, tuple[Definition, ...]]]:
    """Yield what a text defines with each option on that its conditionals take to be off.

    The last are those with all of them on, which no single one may turn on.
    """
    conditionals = "\n".join(_DIRECTIVE.findall(text))
    unset = unset_options(conditionals, configs)
    together = [unset] if len(unset) > 1 else []
    for options in (*((option,) for option in unset[:MOST_APART]), *together):
        on = {**configs, **dict.fromkeys(options, 1)}
        yield options[0], definitions_of(text, on)
