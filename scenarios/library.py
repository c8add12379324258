"""The scenarios that ship with the product, by name, and any other by its path."""

from __future__ import annotations

from pathlib import Path

from engine.refusal import InFile, RefusedError, quote
from scenarios.errors import is_plain_word, unknown
from scenarios.file.reader import read_scenario
from scenarios.file.toml import MOST_BYTES
from scenarios.names import scenario_file, scenario_names, shipped_names
from scenarios.scenario import Scenario


def load_scenario(name_or_path: str) -> Scenario:
    """Return a shipped scenario or general guest, or the one in a file.

    Raises:
        RefusedError: there is no such scenario, or it cannot be read.
    """
    if name_or_path in shipped_names():
        content = read_file(scenario_file(name_or_path), MOST_BYTES)
        return read_scenario(content, name=name_or_path, file=f"{name_or_path}.toml")
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
