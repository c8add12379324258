from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.refusal import RefusedError
from scenarios.file.structuring import structure

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()


@attrs.frozen
class Inner:
    size: int


@attrs.frozen
class Document:
    name: str
    rate: float | None = None
    colour: Literal["red", "green"] = "red"
    inner: tuple[Inner, ...] = ()
    by_name: Mapping[str, str] = attrs.field(factory=dict)


def test_any_attrs_class_can_be_what_a_document_is() -> None:
    document = {
        "name": "n",
        "rate": 0.5,
        "colour": "green",
        "inner": [{"size": 1}, {"size": 2}],
        "by_name": {"a": "b"},
    }

    assert structure(document, Document, "f") == Document(
        "n", 0.5, "green", (Inner(1), Inner(2)), {"a": "b"}
    )
    assert structure({"name": "n"}, Document, "f") == Document("n")
    assert structure({"name": "n", "rate": 2}, Document, "f") == Document("n", 2)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("name", 3, "f: name: found 3; expected a string"),
        ("rate", "2", "f: rate: found '2'; expected a number"),
        ("rate", True, "f: rate: found true; expected a number"),
        (
            "colour",
            "gren",
            "f: colour: found 'gren'; expected 'red' or 'green'; did you mean 'green'?",
        ),
        ("inner", [{"size": 1}, {}], "f: inner[1].size: found nothing; expected the key 'size'"),
        ("by_name", [], "f: by_name: found an array; expected a table"),
        ("by_name", {"a b": 3}, "f: by_name.'a b': found 3; expected a string"),
        (
            "by_nam",
            {},
            "f: by_nam: found the unknown key 'by_nam'; expected a key of this table; "
            "did you mean 'by_name'?",
        ),
    ],
)
def test_a_mistake_is_said_with_its_key(key: str, value: object, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        structure({"name": "n", key: value}, Document, "f")

    assert str(refused.value) == message


@given(
    st.dictionaries(
        st.sampled_from([field.name for field in attrs.fields(Document)]),
        st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
    )
)
def test_any_document_is_structured_or_refused(document: dict[str, object]) -> None:
    with contextlib.suppress(RefusedError):
        assert isinstance(structure(document, Document, "f"), Document)
