"""An SVG of a screen made to stand alone: the same bytes for the same screen, nothing to fetch."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final

FAMILIES: Final = 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'
"""Fonts that machines have; every piece of text has its length set, so that any of them fits."""

_FONT_FACE: Final = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_COMMENT: Final = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_MATRIX_FONT: Final = re.compile(r"font-family: *Fira Code[^;]*;")
_TITLE_FONT: Final = re.compile(r"font-family: *arial;")
_UNIQUE: Final = re.compile(r'<g class="([\w-]+)-matrix">')
_LINE_END: Final = re.compile(r"[ \t]+$", re.MULTILINE)
_TEXT: Final = re.compile(
    r'<text class="(?P<style>[\w-]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="(?P<length>[\d.]+)" clip-path="(?P<clip>[^"]+)">(?P<text>[^<]*)</text>'
)
_STRETCH: Final = re.compile(r"[^\xa0]+(?:\xa0[^\xa0]+)*")
"""Words with one blank between them."""

_NAME: Final = "screen"


def self_contained(svg: str) -> str:
    """Return a terminal's SVG with fonts of the reader's machine and names that never change."""
    svg = _COMMENT.sub("", _FONT_FACE.sub("", svg))
    svg = _TITLE_FONT.sub("font-family: sans-serif;", svg)
    svg = _MATRIX_FONT.sub(f"font-family: {FAMILIES};", svg)
    unique = _UNIQUE.search(svg)
    if unique is not None:
        svg = svg.replace(f"{unique[1]}-", f"{_NAME}-")
    svg = _TEXT.sub(_placed, svg)
    return _LINE_END.sub("", svg).rstrip("\n") + "\n"


def _placed(text: re.Match[str]) -> str:
    """Return a piece of text with each stretch of words at its own place.

    Not every renderer keeps blanks, nor the length of a text, and columns must stay columns.
    """
    content = unescape(text["text"])
    column = float(text["length"]) / len(content) if content else 0
    return "".join(
        f'<text class="{text["style"]}" x="{float(text["x"]) + column * stretch.start():g}" '
        f'y="{text["y"]}" textLength="{column * len(stretch[0]):g}" '
        f'clip-path="{text["clip"]}">{_escaped(stretch[0])}</text>'
        for stretch in _STRETCH.finditer(content)
    )


def _escaped(text: str) -> str:
    return escape(text).replace("\xa0", "&#160;")
