"""Bytes to text: charsets and transfer encodings, never failing, always knowing the line."""

from __future__ import annotations

import binascii
import codecs
from collections.abc import Sequence
from typing import Final

from scenarios.sources.source_text import SourceLine

_CODECS: Final = (
    *("utf-8", "utf-8-sig", "ascii", "koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "hz"),
    *("big5", "euc_jp", "euc_kr", "shift_jis", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
)
_FAMILIES: Final = ("iso8859-", "cp125", "iso2022_")
_WIDE: Final = ("utf-16", "utf-32")
_BASE64: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def decode_file(data: bytes) -> str:
    """Decode a file that says nothing of its charset: by its mark, UTF-8, else Latin-1."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def decode_body(data: bytes, charset: str) -> tuple[str, bool]:
    """Decode with the charset a mail names; False beside the text where that was not possible."""
    codec = _codec(charset)
    if codec is None:
        return decode_file(data), not charset
    try:
        return data.decode(codec), True
    except ValueError:
        if codec in ("utf-8", "ascii"):
            return decode_file(data), codec == "ascii"
        return data.decode(codec, "replace"), False


def decode_transfer(
    lines: Sequence[SourceLine], encoding: str, charset: str
) -> tuple[tuple[SourceLine, ...], tuple[str, ...]]:
    """Return a body's lines without transfer encoding, and notes on what did not decode.

    A line keeps the number of the first raw line it stands on. The raw text has a character for
    each byte (Latin-1), so that nothing is lost on the way.
    """
    match encoding:
        case "quoted-printable":
            raw = _from_quoted_printable(lines)
        case "base64":
            raw = _from_base64(lines)
        case _:
            raw = [(line.text.encode("latin-1"), line.number) for line in lines]
    codec = _codec(charset)
    if codec is not None and codec.startswith(_WIDE):
        number = raw[0][1] if raw else 0
        text, clean = decode_body(b"\n".join(data for data, _ in raw), charset)
        decoded = [SourceLine(part, number) for part in text.split("\n")]
    else:
        pairs = [(decode_body(data, charset), number) for data, number in raw]
        clean = all(good for (_, good), _ in pairs)
        decoded = [
            SourceLine(part, number) for (text, _), number in pairs for part in text.split("\n")
        ]
    notes = () if clean else (f"some characters are not {_shown(charset)}: read as best they can",)
    return tuple(SourceLine(tidy(line.text), line.number) for line in decoded), notes


def tidy(text: str) -> str:
    """Return a line without what no C text holds: the end's CR, a mark, NUL, no-break spaces."""
    clean = text.rstrip("\r").replace("\r", " ").replace("\ufeff", "")
    return clean.replace("\0", "\ufffd").replace("\u00a0", " ")


def _codec(charset: str) -> str | None:
    """Return Python's name of a charset mails use, None for any other (some codecs are slow)."""
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return None
    return name if name in _CODECS or name.startswith(_FAMILIES) else None


def _shown(charset: str) -> str:
    return "".join(c for c in charset[:40] if c.isprintable()) or "ASCII"


def _from_quoted_printable(lines: Sequence[SourceLine]) -> list[tuple[bytes, int]]:
    """Undo quoted-printable (RFC 2045, section 6.7): soft line breaks, `=XX`."""
    result: list[tuple[bytes, int]] = []
    pending: list[bytes] = []
    number = 0
    for line in lines:
        raw = line.text.encode("latin-1").rstrip(b" \t\r")
        number = number if pending else line.number
        soft = raw.endswith(b"=")
        pending.append(raw[:-1] if soft else raw)
        if not soft:
            result.extend(_split(binascii.a2b_qp(b"".join(pending)), number))
            pending = []
    if pending:
        result.extend(_split(binascii.a2b_qp(b"".join(pending)), number))
    return result


def _from_base64(lines: Sequence[SourceLine]) -> list[tuple[bytes, int]]:
    """Undo base64; a decoded line stands on the raw line that holds its first byte."""
    digits = bytearray()
    starts: list[tuple[int, int]] = []
    for line in lines:
        if line.text.strip():
            starts.append((len(digits) * 3 // 4, line.number))
            digits.extend(b for b in line.text.encode("latin-1").partition(b"=")[0] if b in _BASE64)
    if len(digits) % 4 == 1:
        del digits[-1:]
    data = binascii.a2b_base64(bytes(digits) + b"=" * (-len(digits) % 4))
    result = []
    at = position = 0
    for text in data.split(b"\n"):
        while position + 1 < len(starts) and starts[position + 1][0] <= at:
            position += 1
        result.append((text, starts[position][1] if starts else 0))
        at += len(text) + 1
    return result


def _split(data: bytes, number: int) -> list[tuple[bytes, int]]:
    return [(text, number) for text in data.split(b"\n")]
