"""Elisions: lines such as `[...]` that stand for lines which somebody left out."""

from __future__ import annotations

import re
from typing import Final

_COMMENT: Final = re.compile(r"/\*(.*)\*/|//(.*)")
_DOTS: Final = r"(?:\.[. ]*\.|\u2026)"
_WORD: Final = r"(?:snip(?:p(?:ed|et))?|cut|skip(?:ped)?|trimmed|omitted|elided|deleted|left out)"
_OPENS: Final = r"[\[<({]"
_CLOSES: Final = r"[\])>}]"
_LINE: Final = re.compile(
    rf"{_DOTS}|{_OPENS} ?{_DOTS} ?{_CLOSES}"
    rf"|{_OPENS} ?{_DOTS}? ?(?:[\w ]{{0,30}} )?{_WORD} ?{_DOTS}? ?{_CLOSES}"
    rf"|(?:{_DOTS}|[-=~]{{2,}}|8<|>8) ?{_WORD} ?(?:{_DOTS}|[-=~]{{2,}}|8<|>8)?",
    re.IGNORECASE,
)
_WHOSE: Final = r"(?:the |this )?(?:function|code|body|file|loop|block|patch)"
_AS: Final = r"(?:unchanged|omitted|snip(?:ped)?|elided|as (?:before|above|is|it (?:is|was)))"
_SAID: Final = re.compile(
    rf"(?:{_DOTS} ?)?(?:(?:the )?(?:rest|remainder)(?: of (?:{_WHOSE}|it))?|(?:the )?same"
    r"|(?:the )?(?:existing|unchanged|other|same|old|original) (?:code|lines?|stuff|body)"
    rf"|{_AS})"
    rf"(?: (?:(?:is|are|stays?|remains?|code) )?(?:{_AS}|the same|here))?"
    rf"(?: ?{_DOTS})?\.?",
    re.IGNORECASE,
)
"""What a comment says that stands for code."""


def is_elision(text: str) -> bool:
    """Say whether a line stands for lines that are left out, be it as a comment."""
    stripped = " ".join(text.split())
    if len(stripped) > 100:
        return False
    comment = _COMMENT.fullmatch(stripped)
    if comment is None:
        return _LINE.fullmatch(stripped) is not None
    words = (comment[1] or comment[2] or "").strip()
    return _LINE.fullmatch(words) is not None or _SAID.fullmatch(words) is not None
