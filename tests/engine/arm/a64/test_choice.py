from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.a64.choice import Choose
from engine.arm.assembler import assemble
from engine.arm.program import Instruction
from engine.refusal import RefusedError

Read = Callable[[str], tuple[Instruction, ...]]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a: choose a", (("a", 0),)),
        ("choose b, a\na: nop\nb: nop", (("b", 2), ("a", 1))),
        ("CHOOSE a , _b$\na: _b$: nop", (("a", 1), ("_b$", 1))),
        ("choose end\nend:", (("end", 1),)),
    ],
)
def test_a_choice_is_of_labels_in_the_order_in_which_they_are_written(
    guest: Read, vmm: Read, text: str, options: tuple[tuple[str, int], ...]
) -> None:
    assert guest(text)[0] == vmm(text)[0] == Choose(options)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("choose", "f:1:7: found the end of the statement; expected a label with a name"),
        ("a: choose a,", "f:1:13: found the end of the statement; expected a label with a name"),
        ("a: choose a b", "f:1:13: found 'b'; expected the end of the statement"),
        ("1: choose 1b", "f:1:11: found '1b'; expected a label with a name"),
        ("choose .", "f:1:8: found '.'; expected a label with a name"),
        ("a: choose a, a", "f:1:14: found 'a'; expected a label other than 'a' again"),
        ("load: choose loda", "f:1:14: found 'loda'; expected a label of the program; did you"),
    ],
)
def test_what_is_no_choice_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as error:
        assemble(text, source="f", words={}, vcpus=1, vmm=False)
    assert str(error.value).startswith(message)


def test_the_target_of_a_label_is_the_instruction_at_it() -> None:
    assert Choose((("a", 3), ("b", 5))).target("b") == 5
