from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arm.a64.data_processing import Arithmetic, ArithmeticOperation
from engine.arm.a64.exclusives import EXCLUSIVES
from engine.arm.a64.maintenance import TLB_MAINTENANCE, CleanByVa, CleanOperation
from engine.arm.a64.memory import PAIRS, Load, Store
from engine.arm.a64.named_operations import GUEST, VMM, PsciCpuOn, SetOneReg
from engine.arm.a64.operand_forms import Immediate
from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.a64.system import (
    PRIVILEGED,
    Hint,
    HintKind,
)
from engine.arm.assembler import A64, MAX_INSTRUCTIONS, assemble, label_names, link
from engine.arm.assembly.code_range import code_base
from engine.arm.assembly.operands import ForeignLabel
from engine.arm.program import Instruction, Located, Program
from engine.refusal import RefusedError

NOP = Hint(HintKind.NOP)
WORDS = {"flag": 0x40, "payload": 0x80}


def guest(text: str, source: str = "guest") -> Program:
    return assemble(text, source=source, words=WORDS, vcpus=2, vmm=False)


def vmm(text: str) -> Program:
    return assemble(text, source="vmm", words=WORDS, vcpus=2, vmm=True)


def test_what_a_program_names_in_another_is_left_to_linking() -> None:
    text = "nop\npsci_cpu_on vcpu1, entry"
    assert guest(text) == Program(
        "guest",
        (Located(NOP, 1, "nop"), Located(PsciCpuOn(1), 2, "psci_cpu_on vcpu1, entry")),
        (),
        text,
        (ForeignLabel(1, 1, "entry", 2, 20),),
    )


def test_linking_resolves_labels_of_vcpus_in_guests_and_in_the_vmm() -> None:
    first = guest("psci_cpu_on vcpu1, entry; psci_cpu_on vcpu1; own: nop")
    second = guest("nop; entry: nop")
    host = vmm("set_one_reg vcpu0, pc, own")
    assert link([first, second], host) == (
        (
            Program(
                "guest",
                (
                    Located(PsciCpuOn(1, 1), 1, "psci_cpu_on vcpu1, entry"),
                    Located(PsciCpuOn(1), 1, "psci_cpu_on vcpu1"),
                    Located(NOP, 1, "nop"),
                ),
                (("own", 2),),
                first.text,
            ),
            second,
        ),
        Program(
            "vmm",
            (Located(SetOneReg(0, "pc", 2), 1, "set_one_reg vcpu0, pc, own"),),
            (),
            host.text,
        ),
    )


def read(*texts: str) -> list[Program]:
    """Read programs that may ask each other's labels for their addresses."""
    known = [label for text in texts for label in label_names(text, "")]
    return [
        assemble(
            text,
            source=f"vcpu{index}",
            words=WORDS,
            vcpus=len(texts),
            vmm=False,
            base=code_base(texts.index(text)),
            elsewhere=known,
        )
        for index, text in enumerate(texts)
    ]


def test_a_program_may_ask_for_the_address_of_anothers_label() -> None:
    first = "adr x2, entry; adrp x3, entry; add x3, x3, :lo12:entry; ldr x4, =entry"
    (linked, _), _ = link(read(first, "nop; entry: nop"))
    assert [located.instruction for located in linked.instructions] == [
        MoveImmediate(2, 0x30_0004),
        MoveImmediate(3, 0x30_0000),
        Arithmetic(ArithmeticOperation.ADD, 3, 3, Immediate(4)),
        MoveImmediate(4, 0x30_0004),
    ]


def test_programs_of_one_text_are_one_code() -> None:
    (_, second, _), _ = link(read("adr x2, entry", "entry: nop", "entry: nop"))
    assert second.code.base == 0x30_0000
    with pytest.raises(RefusedError) as error:
        link(read("adr x2, entry", "entry: nop", "entry: wfe"))
    assert str(error.value) == (
        "vcpu0:1:9: found 'entry'; expected a label that is in one program: "
        "it is in vcpu1's and vcpu2's"
    )


def test_linking_without_a_vmm_gives_none() -> None:
    assert link([guest("nop"), guest("")]) == ((guest("nop"), guest("")), None)


@pytest.mark.parametrize(
    ("label", "other", "message"),
    [
        (
            "entri",
            "entry: nop",
            "guest:2:21: found 'entri'; expected a label of vcpu1's program; did you mean entry?",
        ),
        (
            "go",
            "one: nop; two: nop",
            "guest:2:21: found 'go'; expected a label of vcpu1's program: one, two",
        ),
        (
            "go",
            "1: nop",
            "guest:2:21: found 'go'; expected a label of vcpu1's program, but there is none",
        ),
    ],
)
def test_a_label_that_another_program_lacks_is_refused(
    label: str, other: str, message: str
) -> None:
    with pytest.raises(RefusedError) as error:
        link([guest(f"nop\n psci_cpu_on vcpu1, {label}"), guest(other)])
    assert str(error.value) == message


def test_a_program_has_a_bounded_number_of_instructions() -> None:
    assert len(guest("nop\n" * MAX_INSTRUCTIONS).instructions) == MAX_INSTRUCTIONS
    with pytest.raises(RefusedError) as error:
        guest("nop\n" * (MAX_INSTRUCTIONS + 1))
    assert str(error.value) == "guest:10001:1: found one instruction more; expected at most 10000"


def test_programs_and_instructions_are_hashable() -> None:
    assert len({guest("nop"), guest("nop"), guest("wfe")}) == 2


mnemonics = st.sampled_from(
    sorted({**A64, **EXCLUSIVES, **PAIRS, **TLB_MAINTENANCE, **PRIVILEGED, **GUEST, **VMM})
)
pieces = st.sampled_from(
    [
        *("x0", "x30", "w1", "xzr", "wzr", "sp", "lr", "sctlr_el1", "mpidr_el1", "civac", "isw"),
        *("#", "0", "1", "12", "4096", "0x7fffffffffffffff", "1b", "1f", "0b", ",", ",", ",", ","),
        *("[", "]", "!", "(", ")", "~", "-", "<<", ">>", "*", "&", "=", "lsl", "asr", "sy", "."),
        *("flag", "here", "vcpu0", "vcpu1", "vcpu2", "pc", "power_off", "runnable", "\u0661", "é"),
    ]
)
likely = st.builds(
    lambda label, mnemonic, operands, end: f"{label}{mnemonic} {' '.join(operands)}{end}",
    st.sampled_from(("", "", "here: ", "1: ", "x0:", "/* ", "# ")),
    mnemonics,
    st.lists(pieces, max_size=9),
    st.sampled_from(("\n", ";", " // c\n", " */\n", "\r\n")),
)
texts = st.text() | st.lists(likely, max_size=4).map("".join)


def attempt(text: str, *, vcpus: int, vmm: bool) -> Program | RefusedError:
    try:
        return assemble(text, source="f", words=WORDS, vcpus=vcpus, vmm=vmm)
    except RefusedError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(1, 3), st.booleans())
def test_any_text_is_a_program_or_refused_at_a_place_in_it(
    text: str, vcpus: int, vmm: bool
) -> None:
    outcome = attempt(text, vcpus=vcpus, vmm=vmm)
    if isinstance(outcome, Program):
        assert outcome.text == text
        return
    lines = text.split("\n")
    assert 1 <= outcome.line <= len(lines)
    assert 1 <= outcome.column <= len(lines[outcome.line - 1]) + 1
    assert "\n" not in str(outcome)


def refusals(name: str) -> list[tuple[str, str]]:
    """Return pairs of a text and, on the line after it, the error it is refused with."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("text", "message"), refusals("refused_to_guests.txt"))
def test_what_a_guest_may_not_hold_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as error:
        assemble(text, source="f", words=WORDS, vcpus=2, vmm=False)
    assert str(error.value) == message.strip()


@pytest.mark.parametrize(("text", "message"), refusals("refused_to_the_vmm.txt"))
def test_what_the_vmm_may_not_hold_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as error:
        assemble(text, source="f", words=WORDS, vcpus=2, vmm=True)
    assert str(error.value) == message.strip()


@pytest.mark.parametrize("text", ["(" * 990, "~" * 990, "-" * 990, "1+" * 495, "9" * 990])
def test_deep_and_long_expressions_are_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        guest(f"mov x0,{text}")


def test_an_arm32_comment_is_refused_with_a_hint() -> None:
    with pytest.raises(RefusedError, match="a comment begins with //"):
        guest("nop\n@ x")


def test_the_vmm_loads_stores_computes_and_cleans_by_address(
    vmm: Callable[[str], tuple[Instruction, ...]],
) -> None:
    assert vmm("ldr x0, =flag; ldr x1, [x0]; str x1, [x0]; dc civac, x0; dc cvac, x0; wfe") == (
        MoveImmediate(0, 0x4000_0000),
        Load(1, 0),
        Store(1, 0),
        CleanByVa(CleanOperation.CIVAC, 0),
        CleanByVa(CleanOperation.CVAC, 0),
        Hint(HintKind.WFE),
    )
