"""The names and titles of what ships with the product, read without the readers of either.

What merely lists or completes names imports this alone, and so neither the engine nor a parser.
"""

from __future__ import annotations

import re
from os import listdir
from os.path import dirname, join
from typing import Final

PROGRAM: Final = "kvmcache-tui"
"""The command, which is the distribution's name too."""

SET_WAY: Final = "set-way"
"""What `kvm_set_way_flush()` is for policies that bring none; no policy itself."""

_HERE: Final = dirname(__file__)
_GENERAL: Final = "general/"
_POLICIES: Final = "policies"
_TITLE: Final = re.compile(r'^title = "(.*)"$', re.MULTILINE)
_CAPTION: Final = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)


def scenario_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, in alphabetical order."""
    return _stems(_HERE, ".toml")


def general_names() -> tuple[str, ...]:
    """Return the names of the general guests, in alphabetical order, which is that of vCPUs too."""
    return tuple(_GENERAL + stem for stem in _stems(join(_HERE, _GENERAL), ".toml"))


def shipped_names() -> tuple[str, ...]:
    """Return the names of all that ships with the product: scenarios, then general guests."""
    return (*scenario_names(), *general_names())


def policy_names() -> tuple[str, ...]:
    """Return the names of the built-in policies, in alphabetical order."""
    return tuple(stem for stem in _stems(join(_HERE, _POLICIES), ".c") if stem != SET_WAY)


def scenario_file(name: str) -> str:
    """Return the path of a shipped scenario or general guest."""
    return join(_HERE, f"{name}.toml")


def policy_text(name: str) -> str:
    """Return the source of a built-in policy, or of what stands in beside it."""
    return _read(join(_HERE, _POLICIES, f"{name}.c"))


def scenario_title(name: str) -> str:
    """Return the title of a shipped scenario, which is one plain line of its file."""
    found = _TITLE.search(_read(scenario_file(name)))
    return found[1] if found else ""


def policy_title(name: str) -> str:
    """Return what a built-in policy does: the first sentence of its source."""
    comment = _CAPTION.match(policy_text(name))
    words = " ".join((comment[1] if comment else "").replace("*", " ").split())
    return re.split(r"\.(?: |$)", words, maxsplit=1)[0]


def _stems(folder: str, suffix: str) -> tuple[str, ...]:
    names = (name for name in listdir(folder) if name.endswith(suffix))
    return tuple(sorted(name.removesuffix(suffix) for name in names))


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
