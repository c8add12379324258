"""The scenarios that ship with the product, by name, and any other by its path."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from engine.refusal import InFile, RefusedError, quote
from scenarios.errors import is_plain_word, unknown
from scenarios.file.reader import read_scenario
from scenarios.file.toml import MOST_BYTES
from scenarios.scenario import Scenario

_SUFFIX: Final = ".toml"
_GENERAL: Final = "general/"


def scenario_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, in alphabetical order."""
    return _names(files("scenarios"))


def general_names() -> tuple[str, ...]:
    """Return the names of the general guests, in alphabetical order, which is that of vCPUs too."""
    return tuple(_GENERAL + name for name in _names(files("scenarios").joinpath(_GENERAL)))


def shipped_names() -> tuple[str, ...]:
    """Return the names of all that ships with the product: scenarios, then general guests."""
    return (*scenario_names(), *general_names())


def _names(folder: Traversable) -> tuple[str, ...]:
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def load_scenario(name_or_path: str) -> Scenario:
    """Return a shipped scenario or general guest, or the one in a file.

    Raises:
        RefusedError: there is no such scenario, or it cannot be read.
    """
    if name_or_path in shipped_names():
        resource = files("scenarios").joinpath(name_or_path + _SUFFIX)
        file = name_or_path + _SUFFIX
        return read_scenario(resource.read_bytes(), name=name_or_path, file=file)
    if is_plain_word(name_or_path):
        kind, place = "a scenario's name or file", InFile("scenario")
        raise unknown(quote(name_or_path), name_or_path, scenario_names(), kind, place)
    return read_scenario(
        read_file(name_or_path, MOST_BYTES), name=Path(name_or_path).stem, file=name_or_path
    )


def read_file(path: str, limit: int) -> bytes:
    """Return a file's bytes, and no more than one beyond `limit`.

    Raises:
        RefusedError: the file cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RefusedError(f"{reason}", "a readable file", InFile(path)) from None
