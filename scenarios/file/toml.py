"""A file's bytes as a TOML document, with the place of what is no TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Final

from engine.refusal import InFile, RefusedError

MOST_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 1_000

_PLACE: Final = re.compile(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", re.DOTALL)


def decode(data: bytes, file: str) -> str:
    """Return the text of a file.

    Raises:
        RefusedError: it is too long, or not UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError(f"more than {MOST_BYTES} bytes", "a smaller file", InFile(file))
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte {data[error.start]:#04x}"
        raise RefusedError(found, "text in UTF-8", InFile(file, "", line)) from None
    for number, line_text in enumerate(text.split("\n"), 1):
        # What is dotted without end on one line takes the parser quadratic time.
        if len(line_text) > LONGEST_LINE:
            found = f"a line of {len(line_text)} characters"
            raise RefusedError(found, f"at most {LONGEST_LINE}", InFile(file, "", number))
    return text


def parse(text: str, file: str, what: str) -> Mapping[str, object]:
    """Return the document that a text in TOML is; `what` it should be is said in errors.

    Raises:
        RefusedError: it is not TOML; with the line and the column.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.fullmatch(message)
        line = int(place[2]) if place else text.count("\n") + 1
        found = _not_toml(place[1] if place else message.removesuffix(" (at end of document)"))
        column = int(place[3]) if place else None
        raise RefusedError(found, "TOML 1.0", InFile(file, "", line, column)) from None
    except RecursionError:
        raise RefusedError("arrays or tables nested too deep", what, InFile(file)) from None


def _not_toml(reason: str) -> str:
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in reason[:200])
    return f"what is not TOML ({shown})"
