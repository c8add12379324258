from __future__ import annotations

import pytest

from engine.machine.actors import VMM
from engine.query.reader import QueryReader
from engine.query.tokens import tokens
from engine.query.vocabulary import QueryNames
from engine.refusal import RefusedError
from tests.engine.query.asked import SETUP


def reader(text: str) -> QueryReader:
    return QueryReader(tokens(text), QueryNames(SETUP))


def refused(text: str, *, vcpu: bool = False) -> str:
    with pytest.raises(RefusedError) as error:
        reader(text).actor(vcpu=vcpu)
    return str(error.value)


def test_it_goes_over_the_tokens_and_never_past_the_end() -> None:
    read = reader("a + b")
    assert (read.token.text, read.following.text) == ("a", "+")
    assert read.advance().text == "a"
    assert read.accept("-") is None
    assert read.accept("-", "+") is not None
    assert read.expect("b").text == "b"
    read.end()
    assert [read.advance().shown for _ in range(3)] == ["the end"] * 3
    assert read.following.shown == "the end"


def test_what_follows_where_nothing_should_is_refused_where_it_stands() -> None:
    read = reader("a b")
    read.advance()
    with pytest.raises(RefusedError) as error:
        read.end()
    assert str(error.value) == "column 3: found 'b'; expected an operator or the end"
    with pytest.raises(RefusedError) as error:
        read.expect("]")
    assert str(error.value) == "column 3: found 'b'; expected ']'"


def test_an_actor_is_a_vcpu_by_name_or_number_or_the_vmm() -> None:
    assert [reader(text).actor() for text in ("1", "vcpu0", "vmm")] == [1, 0, VMM]
    assert reader("vcpu1").actor(vcpu=True) == 1
    assert refused("2") == "column 1: found '2'; expected a vCPU, 0 to 1"
    assert refused("vmm", vcpu=True) == "column 1: found 'vmm'; expected a vCPU: vcpu0, vcpu1"


def test_a_place_is_a_label_and_may_be_a_distance_behind_it() -> None:
    assert [reader(text).place(0) for text in ("begin", "load", "load+1", "load + 0")] == [
        0,
        1,
        2,
        1,
    ]
    assert reader("wait").place(VMM) == 0
    read = reader("load + begin")
    assert read.place(0) == 1
    assert read.token.text == "+"
    with pytest.raises(RefusedError) as error:
        reader("load+2").place(0)
    assert str(error.value) == "column 6: found '2'; expected a distance within the program, 0 to 1"
