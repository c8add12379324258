"""Bytes and bodies: charsets and transfer encodings, each line with its number."""

from __future__ import annotations

import pytest

from scenarios.sources.mail.encoding import decode_body, decode_file, decode_transfer, tidy
from scenarios.sources.source_text import SourceLine


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xfea\x00", "a"),
        (b"\xfe\xff\x00a", "a"),
        (b"\xef\xbb\xbfa", "a"),
        ("ä".encode(), "ä"),
        (b"\xe4", "ä"),
    ],
)
def test_a_file_is_read_by_its_mark_or_as_utf_8_or_else_as_latin_1(data: bytes, text: str) -> None:
    assert decode_file(data) == text


@pytest.mark.parametrize(
    ("data", "charset", "text", "clean"),
    [
        ("ä".encode(), "utf-8", "ä", True),
        (b"\xe4", "utf-8", "ä", False),
        (b"\xe4", "us-ascii", "ä", True),
        ("ä".encode(), "us-ascii", "ä", True),
        (b"\xe4", "iso-8859-1", "ä", True),
        (b"\xe4", "", "ä", True),
        (b"\xe4", "x-unknown", "ä", False),
        (b"a\x81", "gb2312", "a\ufffd", False),
        (b"\x80", "windows-1252", "€", True),
        (b"a", "rot13", "a", False),
    ],
)
def test_a_body_is_read_by_its_charset_and_says_where_that_failed(
    data: bytes, charset: str, text: str, clean: bool
) -> None:
    assert decode_body(data, charset) == (text, clean)


def _decoded(text: str, encoding: str, charset: str = "utf-8") -> tuple[tuple[str, int], ...]:
    lines = tuple(SourceLine(part, number) for number, part in enumerate(text.split("\n"), 10))
    return tuple((line.text, line.number) for line in decode_transfer(lines, encoding, charset)[0])


def test_quoted_printable_joins_soft_breaks_and_keeps_the_first_lines_number() -> None:
    text = "a=20b=\nc \nd=3D=C3=A4=\n"
    assert _decoded(text, "quoted-printable") == (("a bc", 10), ("d=ä", 12))
    assert _decoded("a=0Ab\nc", "quoted-printable") == (("a", 10), ("b", 10), ("c", 11))
    assert _decoded("a=", "quoted-printable") == (("a", 10),)


def test_base64_puts_a_line_where_its_first_byte_stands() -> None:
    text = "b25l\nCnR3\nbwp0aHJlZQ=="
    assert _decoded(text, "base64") == (("one", 10), ("two", 11), ("three", 12))
    assert _decoded("\nb25lCg==\n", "base64") == (("one", 11), ("", 11))
    assert _decoded("b25lCnR3bwp0", "base64") == (("one", 10), ("two", 10), ("t", 10))
    assert _decoded("b2#5l!Z", "base64") == (("one", 10),)


def test_other_encodings_are_the_bytes_themselves() -> None:
    assert _decoded("a\n\xc3\xa4", "8bit") == (("a", 10), ("ä", 11))
    wide = "a\nb".encode("utf-16").decode("latin-1")
    assert _decoded(wide, "8bit", "utf-16") == (("a", 10), ("b", 10))
    lines = (SourceLine("\xe4", 1),)
    _, notes = decode_transfer(lines, "8bit", "utf-8")
    assert notes == ("some characters are not utf-8: read as best they can",)
    assert decode_transfer((SourceLine("a", 1),), "8bit", "utf-8")[1] == ()


def test_a_line_is_rid_of_what_no_c_has() -> None:
    assert tidy("a\u00a0b\rc\ufeff\0d\r\r") == "a b c\ufffdd"
