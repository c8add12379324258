"""What came by a pipe: kept in a file, so that commands can name it and read it again."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Final

from scenarios.kernel.decisions import POLICY_FUNCTIONS
from scenarios.sources.mail.encoding import decode_file
from scenarios.sources.mail.mail import is_mail
from tui.files.writing import make_private, write_whole
from tui.files.xdg import state_directory

MOST_BYTES: Final = 1 << 23
"""What one file may hold: as much as a mail or a C file may."""
MOST_FILES: Final = 50
MOST_IN_ALL: Final = 1 << 26
_DIGITS: Final = 12

_MAIL: Final = ("mail", ".txt")
_PATCH: Final = ("patch", ".patch")
_CODE: Final = ("code", ".c")
_OF_POLICIES: Final = (".c", ".h", ".patch", ".diff", ".eml", ".mbox")
_DIFF: Final = re.compile(r"diff --git |--- |Index: ")
_HUNK: Final = re.compile(r"^@@ ", re.MULTILINE)
_DECLARES: Final = re.compile(
    r"#\s*(?:include|define|if|ifdef|ifndef|pragma|undef)\b"
    r"|(?:static|extern|inline|const|void|bool|int|long|unsigned|struct|enum|union|typedef)\b"
)
_COMMENT: Final = re.compile(r"\s*/([/*])")
_LAST: Final = re.compile(r".*[;}]|#\s*endif\b.*|.*\*/")


def keep_piped(content: bytes, stem: str, suffix: str) -> str:
    """Write content to a file in a directory that is named after it; return which.

    The oldest ones make room.

    Raises:
        OSError: it cannot be kept.
    """
    directory = piped_directory()
    path = directory / hashlib.sha256(content).hexdigest()[:_DIGITS] / f"{stem}{suffix}"
    make_private(path.parent)
    if path.is_file() and path.read_bytes() == content:
        os.utime(path)
    else:
        write_whole(str(path), content)
    _make_room(directory, path)
    return str(path)


def piped_directory() -> Path:
    """Return where such files are kept.

    Raises:
        FileNotFoundError: there is no home directory.
    """
    state = state_directory()
    if state is None:
        raise FileNotFoundError(2, "there is neither a home nor XDG_STATE_HOME")
    return state / "piped"


def _make_room(directory: Path, kept: Path) -> None:
    """Delete the oldest files beyond the bounds, as far as that can be: what was just kept stays.

    Time may have gone back since another was kept.
    """
    with suppress(OSError):
        others = [(path.stat(), path) for path in directory.glob("*/*") if path != kept]
        others.sort(key=lambda each: each[0].st_mtime_ns, reverse=True)
        files, size = 1, kept.stat().st_size
        for known, path in others:
            files, size = files + 1, size + known.st_size
            if files > MOST_FILES or size > MOST_IN_ALL:
                with suppress(OSError):
                    path.unlink()
                    path.parent.rmdir()


def name_for(content: bytes) -> tuple[str, str]:
    """Return the stem and the suffix that fit a mail, a patch or a C file without a name."""
    text = "\n".join(decode_file(content).splitlines())
    if is_mail(text.split("\n")):
        return _MAIL
    if _HUNK.search(text):
        return _PATCH if _DIFF.match(text.lstrip()) else _MAIL
    last = text.rstrip().rpartition("\n")[2].strip()
    is_code = _DECLARES.match(_without_comments(text)) and _LAST.fullmatch(last)
    return _CODE if is_code else _MAIL


def holds_policy(path: str) -> bool:
    """Say whether a file is a mail, a patch or C: by its name, else by what it holds."""
    ending = os.path.splitext(path)[1].lower()
    if ending == ".toml" or ending in _OF_POLICIES:
        return ending in _OF_POLICIES
    with suppress(OSError), open(path, "rb") as file:
        text = decode_file(file.read(MOST_BYTES))
        if text.lstrip().startswith("{") or _is_toml(text):
            return False
        named = any(f"{name}(" in text for name in POLICY_FUNCTIONS)
        return named or bool(_HUNK.search(text)) or is_mail(text.splitlines())
    return False


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _without_comments(text: str) -> str:
    """Return a text from its first line on that is no comment of C."""
    at = 0
    while (found := _COMMENT.match(text, at)) is not None:
        last = "\n" if found[1] == "/" else "*/"
        end = text.find(last, found.end())
        at = len(text) if end < 0 else end + len(last)
    return text[at:].lstrip()
