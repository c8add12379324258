"""Letters of four rows, for words that are to be read from the back of a room."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

ROWS: Final = 4
"""The rows of a line, the gap below it among them."""
COLUMNS: Final = 3
"""The columns of a letter, the gap behind it among them."""

_FIRST: Final = " "
_SHAPES: Final = """
00000000000000 04040404040004 0A0A0A00000000 0A0A1F0A1F0A0A 040F140E051E04 18190204081303
0C12140815120D 04040800000000 02040808080402 08040202020408 0004150E150400 0004041F040400
000000000C0408 0000001F000000 00000000000C0C 00010204081000 0E11131519110E 040C040404040E
0E11010204081F 1F02040201110E 02060A121F0202 1F101E0101110E 0608101E11110E 1F010204080808
0E11110E11110E 0E11110F01020C 000C0C000C0C00 000C0C000C0408 02040810080402 00001F001F0000
08040201020408 0E110102040004 0E11010D15150E 0E11111F111111 1E11111E11111E 0E11101010110E
1C12111111121C 1F10101E10101F 1F10101E101010 0E11101713110F 1111111F111111 0E04040404040E
0702020202120C 11121418141211 1010101010101F 111B1515111111 11111915131111 0E11111111110E
1E11111E101010 0E11111115120D 1E11111E141211 0F10100E01011E 1F040404040404 1111111111110E
11111111110A04 11111115151B11 11110A040A1111 1111110A040404 1F01020408101F 0E08080808080E
00100804020100 0E02020202020E 040A1100000000 0000000000001F 08040200000000 00000E010F110F
10101619111E00 00000E1010110E 01010D1311110F 00000E111F100E 0609081C080808 000F11110F010E
10101619111111 04000C0404040E 0200060202120C 10101214181412 0C04040404040E 00001A15151111
00001619111111 00000E1111110E 00001E111E1010 00000D130F0101 00001619101010 00000E100E011E
08081C08080906 0000111111130D 00001111110A04 0000111115150A 0000110A040A11 000011110F010E
00001F0204081F 02040408040402 04040404040404 08040402040408 00000815020000
"""
"""From the blank on, in order of the character set: seven rows of five dots each."""
_GLYPHS: Final = tuple(bytes.fromhex(shape) for shape in _SHAPES.split())
_UNKNOWN: Final = bytes.fromhex("1F11111111111F")
_PLAINLY: Final = str.maketrans({"…": "...", "≥": ">=", "’": "'", "“": '"', "”": '"', "—": "-"})

_BLOCKS: Final = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"
"""By the dots of a cell: 8 is the upper left, 4 the upper right, 2 and 1 those below."""


def large_lines(text: str, width: int) -> tuple[str, ...]:
    """Return a text in large letters, wrapped to `width` columns, `ROWS` rows a line."""
    lines = [
        line
        for paragraph in text.translate(_PLAINLY).split("\n")
        for line in wrap(paragraph, max(width // COLUMNS, 1)) or [""]
    ]
    return tuple(row for line in lines for row in _rows(line))


def _rows(line: str) -> list[str]:
    glyphs = [_glyph(letter) for letter in line]
    return [
        "".join(_cells(glyph, top) for glyph in glyphs).rstrip() for top in range(0, 2 * ROWS, 2)
    ]


def _glyph(letter: str) -> bytes:
    index = ord(letter) - ord(_FIRST)
    return _GLYPHS[index] if 0 <= index < len(_GLYPHS) else _UNKNOWN


def _cells(glyph: bytes, top: int) -> str:
    # A sixth, empty column keeps letters apart, an eighth row lines.
    upper, lower = ((glyph[row] if row < len(glyph) else 0) << 1 for row in (top, top + 1))
    return "".join(_BLOCKS[(upper >> shift & 3) << 2 | (lower >> shift & 3)] for shift in (4, 2, 0))
