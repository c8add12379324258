from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.refusal import RefusedError
from scenarios.file.toml import decode, parse


def test_bytes_become_a_document() -> None:
    assert parse(decode(b"a = 1\r\n[b]\r\nc = '\xc3\xa9'\r\n", "f"), "f", "a test") == {
        "a": 1,
        "b": {"c": "é"},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb =", "f:2: found what is not TOML (Invalid value); expected TOML 1.0"),
        ("a = 1\nb = x", "f:2:5: found what is not TOML (Invalid value); expected TOML 1.0"),
        ("a = " + "[" * 990, "f: found arrays or tables nested too deep; expected a test"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse(text, "f", "a test")

    assert str(refused.value) == message


@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    with suppress(RefusedError):
        assert isinstance(parse(decode(data, "f"), "f", "a test"), dict)
