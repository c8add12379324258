from __future__ import annotations

import pytest

from engine.memory.layout import Layout, LayoutError, Word


def test_words_are_grouped_by_line_and_lines_by_page_in_order_of_address() -> None:
    words = (
        Word("far", 0x2000),
        Word("x", 0x1008, 7),
        Word("y", 0x1000),
        Word("z", 0x1040),
    )
    assert Layout.of(words) == Layout(
        words=words,
        line_bytes=64,
        page_bytes=4096,
        lines=((2, 1), (3,), (0,)),
        pages=((0, 1), (2,)),
        line_of=(2, 0, 0, 1),
        slot_of=(0, 1, 0, 0),
        page_of=(0, 0, 1),
    )


def test_a_word_and_a_line_are_found_at_any_of_their_bytes() -> None:
    layout = Layout.of((Word("x", 0x1000), Word("y", 0x1044, size=4)))
    found = [layout.word_at(at) for at in (0xFFF, 0x1000, 0x1007, 0x1008, 0x1043, 0x1047, 0x1048)]
    assert found == [None, 0, 0, None, None, 1, None]
    assert [layout.line_at(address) for address in (0xFFF, 0x103F, 0x1040, 0x1080)] == [
        None,
        0,
        1,
        None,
    ]


def test_a_page_is_found_by_any_address_on_it() -> None:
    layout = Layout.of((Word("x", 0x1000), Word("y", 0x3040)))
    assert [layout.page_at(address) for address in (0xFFF, 0x1FFF, 0x2000, 0x3000)] == [
        None,
        0,
        None,
        1,
    ]


def test_names_lead_to_words_lines_and_pages() -> None:
    layout = Layout.of((Word("x", 0x1000), Word("y", 0x1008), Word("z", 0x3040)))
    assert (layout.word_named("y"), layout.word_named("nil")) == (1, None)
    assert (layout.line_named("y"), layout.line_named("z"), layout.line_named("nil")) == (
        0,
        1,
        None,
    )
    assert (layout.line_name(0), layout.page_name(1)) == ("x", "0x3000")


@pytest.mark.parametrize(
    ("words", "line_bytes", "page_bytes", "message"),
    [
        ((), 64, 4096, "no words: expected at least one word of guest RAM"),
        (
            (Word("x", 0x1001),),
            64,
            4096,
            "word 'x' at 0x1001: expected a 64-bit address that is a multiple of 8",
        ),
        (
            (Word("x", 1 << 64),),
            64,
            4096,
            "word 'x' at 0x10000000000000000: expected a 64-bit address that is a multiple of 8",
        ),
        ((Word("x", 0), Word("x", 8)), 64, 4096, "two words are named 'x'"),
        (
            (Word("x", 0x1002, size=4),),
            64,
            4096,
            "word 'x' at 0x1002: expected a 64-bit address that is a multiple of 4",
        ),
        ((Word("x", 0, size=2),), 64, 4096, "word 'x' of 2 bytes: expected 4 or 8"),
        (
            (Word("x", 8), Word("y", 12, size=4)),
            64,
            4096,
            "words 'x' and 'y' share the address 0xc",
        ),
        ((Word("x", 8), Word("y", 8)), 64, 4096, "words 'x' and 'y' share the address 0x8"),
        ((Word("x", 0),), 48, 4096, "line size 48: expected a power of two, at least 8"),
        ((Word("x", 0),), 64, 32, "page size 32: expected a power of two, at least 64"),
    ],
)
def test_an_impossible_layout_is_refused(
    words: tuple[Word, ...], line_bytes: int, page_bytes: int, message: str
) -> None:
    with pytest.raises(LayoutError) as caught:
        Layout.of(words, line_bytes=line_bytes, page_bytes=page_bytes)
    assert str(caught.value) == message
