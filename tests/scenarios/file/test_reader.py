from __future__ import annotations

import contextlib
import hashlib
import tomllib
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.arm.core import Core
from engine.arm.registers import Hcr, SystemRegister, SystemRegisters
from engine.findings import Kind
from engine.machine.actors import VMM
from engine.machine.hardware import LineEvicted, LineFilled
from engine.machine.setup import Hardware, NonCacheable
from engine.machine.state import Power, VCpu, Vm, Vmm
from engine.memory.layout import Layout, Word
from engine.memory.line import Line, Version
from engine.refusal import RefusedError
from scenarios.file.reader import read_scenario
from scenarios.file.structuring import structure
from scenarios.file.tables import ScenarioTable
from scenarios.scenario import Expectation, Note, Scenario
from scenarios.schedule_entries import Finish, NextInstruction, Reach, ScheduleEntry, Steps
from tests.scenarios.file.small import read

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()

INVALID = sorted((Path(__file__).parent / "invalid").glob("*.toml"))


FULL = """
title = " All keys "
teaches = \"\"\"
Once.
\"\"\"
blame = "vmm"
schedule = [
    "vcpu0", "vmm", "vcpu1 step", "vcpu1 step 3", "vcpu0 to here", "vmm finish",
    "fill b on pcpu1", "evict a from pcpu0", "evict c", { do = "vcpu0", times = 3 },
]

[hardware]
pcpus = 3
noncacheable = "snoops"
fwb = false
implementor = "hisilicon"
speculation = { fills = false, evictions = false }

[memory]
line_bytes = 32
page_bytes = 64
mapped = ["b"]
words = { a = { address = 0x20, value = 7 }, b = { address = 0x28 }, c = { address = 0x40 } }
cached = [
    { line = "b", on = ["pcpu2"], dirty = true, values = { a = 7, b = 9 } },
    { line = "c", on = ["pcpu0", "pcpu1"] },
]

[[vcpu]]
program = \"\"\"
        nop
here:   ldr x0, =c
\"\"\"

[[vcpu]]
power = "off"
pcpu = 2
registers = { x30 = 0xffff_ffff_ffff_ffff, sctlr_el1 = 5, ttbr0_el1 = 1, hcr_el2 = 0x40_0001 }
program = "nop"

[vmm]
pcpu = 1
program = "set_one_reg vcpu0, pc, here"

[[note]]
entry = 10
text = "  the end "

[expect]
upstream = "safe"
"some file.c#2" = ["stuck", "stale"]
"""


def test_every_key_of_a_file_becomes_a_value() -> None:
    scenario = read(FULL)
    words = (Word("a", 0x20, 7), Word("b", 0x28), Word("c", 0x40))
    zero = SystemRegisters.reset()

    assert attrs.evolve(scenario, programs=(), vmm_program=None) == Scenario(
        name="made",
        title="All keys",
        teaches="Once.",
        blame="vmm",
        digest=hashlib.sha256(FULL.encode()).hexdigest(),
        text=FULL,
        hardware=Hardware(
            pcpus=3,
            noncacheable=NonCacheable.SNOOPS,
            fwb=False,
            implementor=0x48,
            fills=False,
            evictions=False,
        ),
        layout=Layout.of(words, line_bytes=32, page_bytes=64),
        programs=(),
        vmm_program=None,
        lines=(
            Line(
                ram=(Version(0, 7), Version(0, 0)),
                cached=(Version(0, 7), Version(1, 9)),
                holders=0b100,
                dirty=True,
                newest=(0, 1),
            ),
            Line((Version(0, 0),), (Version(0, 0),), 0b011, False, (0,)),
        ),
        vcpus=(
            VCpu(Power.ON, 0, Core.reset(), zero, Hcr.reset(fwb=False)),
            VCpu(
                Power.OFF,
                2,
                Core.reset().write(30, 0xFFFF_FFFF_FFFF_FFFF),
                zero.write(SystemRegister.SCTLR_EL1, 5).write(SystemRegister.TTBR0_EL1, 1),
                0x40_0001,
            ),
        ),
        vmm=Vmm(Core.reset(), pcpu=1, kicks=(False, False)),
        vm=Vm(mapped=(True, False), has_run=True),
        schedule=(
            ScheduleEntry("vcpu0", NextInstruction(0)),
            ScheduleEntry("vmm", NextInstruction(VMM)),
            ScheduleEntry("vcpu1 step", Steps(1, 1)),
            ScheduleEntry("vcpu1 step 3", Steps(1, 3)),
            ScheduleEntry("vcpu0 to here", Reach(0, "here", 1)),
            ScheduleEntry("vmm finish", Finish(VMM)),
            ScheduleEntry("fill b on pcpu1", LineFilled(0, 1)),
            ScheduleEntry("evict a from pcpu0", LineEvicted(0, 0)),
            ScheduleEntry("evict c", LineEvicted(1)),
            ScheduleEntry("vcpu0", NextInstruction(0), times=3),
        ),
        notes=(Note(10, "the end"),),
        expect=(
            Expectation("upstream", ()),
            Expectation("some file.c#2", (Kind.STALE, Kind.STUCK)),
        ),
    )
    assert [program.name for program in scenario.programs] == ["vcpu0", "vcpu1"]
    assert [at.line for at in scenario.programs[0].instructions] == [1, 2]
    assert scenario.vmm_program is not None
    assert scenario.vmm_program.name == "vmm"


def test_line_ends_of_another_system_do_not_matter() -> None:
    other = read_scenario(FULL.replace("\n", "\r\n").encode(), name="made", file="made.toml")

    assert attrs.evolve(other, digest="") == attrs.evolve(read(FULL), digest="")


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_file_is_refused_with_its_keys(path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        read_scenario(path.read_bytes(), name=path.stem, file=path.name)

    errors = (refused.value, *refused.value.more)
    golden = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert "".join(f"{error}\n" for error in errors) == golden


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'title = "\xff"', "f.toml:1: found the byte 0xff; expected text in UTF-8"),
        (b"#\n" * (1 << 20), "f.toml: found more than 1048576 bytes; expected a smaller file"),
        (b"\n" + b"a." * 501, "f.toml:2: found a line of 1002 characters; expected at most 1000"),
        (
            ("x = " + "[\n" * 100_000).encode(),
            "f.toml: found arrays or tables nested too deep; expected a scenario",
        ),
        (
            b"x = \x00",
            "f.toml:1:5: found what is not TOML (Invalid value); expected TOML 1.0",
        ),
        (
            b"\xef\xbb\xbfx = 1",
            "f.toml:1:1: found what is not TOML (Invalid statement); expected TOML 1.0",
        ),
        (b"", "f.toml: title: found nothing; expected the key 'title'"),
    ],
    ids=["not UTF-8", "too long", "a long line", "deep", "a NUL", "a byte order mark", "empty"],
)
def test_hostile_bytes_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_scenario(data, name="f", file="f.toml")

    assert str(refused.value) == message


@given(st.text(st.sampled_from("[]{}=.,\"'\\\n\t# ab01-:_xn\u00e9"), max_size=60))
def test_any_text_is_refused_with_a_scenario_error_alone(text: str) -> None:
    with pytest.raises(RefusedError):
        read(text)


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
@example({"vcpu": [{"program": "nop"}], "hardware": {"pcpus": float("nan")}})
def test_any_value_at_any_key_is_refused_with_a_scenario_error_alone(value: object) -> None:
    whole = tomllib.loads(FULL)
    for key in whole:
        with contextlib.suppress(RefusedError):
            structure({**whole, key: value}, ScenarioTable, "made.toml")


@pytest.mark.parametrize("cut", range(0, len(FULL), 7))
def test_a_file_that_was_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(RefusedError):
        read(FULL[:cut] + "\u0000")


MISNAMED = {
    'nevr = "safe"': "expect.nevr: found 'nevr'; expected a built-in policy's name or a file; "
    "did you mean 'never'?",
    '"vcpu0-only#2" = "safe"': "expect.'vcpu0-only#2': found 'vcpu0-only#2'; expected a built-in "
    "policy's name or a file; did you mean 'vcpu0-only'?",
    'never = "saef"': "expect.never: found 'saef'; expected 'safe' or an array of: "
    f"{', '.join(kind.value for kind in Kind)}",
    'never = ["stal"]': "expect.never[0]: found 'stal'; expected a kind of finding; "
    "did you mean 'stale'?",
    '"a.c" = "safe"\n"./a.c" = ["stale"]': "expect.'./a.c': found 'a.c' as well; "
    "expected a policy once",
}


@pytest.mark.parametrize("line", MISNAMED)
def test_a_policy_or_a_kind_that_nobody_knows_is_refused_with_one_that_is_near(line: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(f"{FULL.partition('[expect]')[0]}[expect]\n{line}\n")

    assert str(refused.value) == f"made.toml: {MISNAMED[line]}"


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_every_kind_of_finding_can_be_expected(kind: Kind) -> None:
    scenario = read(f"{FULL.partition('[expect]')[0]}[expect]\nnever = ['{kind.value}']\n")

    assert scenario.expect == (Expectation("never", (kind,)),)


def test_dotted_keys_without_end_take_no_time_without_end() -> None:
    lines = "".join(f"{'a.' * 400}k{number} = 1\n" for number in range(100))

    with pytest.raises(RefusedError, match="unknown key 'a'"):
        read(lines)


def test_a_register_may_be_given_as_the_address_of_a_word() -> None:
    text = """
title = "t"
teaches = "t"
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x1000 }, y = { address = 0x2004, bytes = 4, value = 7 } } }
[[vcpu]]
registers = { x1 = "y", sp = "x", x2 = 5 }
program = "nop"
"""
    scenario = read_scenario(text.encode(), name="t", file="t.toml")
    core = scenario.vcpus[0].core
    assert (core.x[1], core.sp, core.x[2]) == (0x2004, 0x1000, 5)
    assert [(word.size, word.initial) for word in scenario.layout.words] == [(8, 0), (4, 7)]
