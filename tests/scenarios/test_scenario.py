from __future__ import annotations

import attrs
import pytest

from engine.arm.core import Core
from engine.arm.registers import Hcr, SystemRegisters
from engine.findings import Kind
from engine.machine.setup import Hardware, Setup
from engine.machine.state import Machine, Power, VCpu, Vm, Vmm
from engine.memory.line import Line
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.scenario import Expectation


def test_the_headline_starts_with_all_caches_off_and_tvm_set() -> None:
    scenario = load_scenario("secondary-stale-line")
    policy = load_policy("vcpu0-only")
    core = Core.reset().write(0, 0x00C5_107D)
    vcpu = VCpu(Power.ON, 0, core, SystemRegisters.reset(), Hcr.reset(fwb=False))

    assert scenario.machine(policy) == Machine(
        setup=Setup(Hardware(pcpus=2), scenario.layout, scenario.programs, None, policy),
        lines=(Line.initial((0,)),),
        vcpus=(
            vcpu,
            attrs.evolve(vcpu, pcpu=1, core=core.write(1, 0x4000_0000).write(2, 1)),
        ),
        vmm=Vmm(Core.reset(), kicks=(False, False)),
        vm=Vm(mapped=(True,), has_run=True),
    )


def test_a_policys_own_state_starts_as_its_source_says() -> None:
    scenario = load_scenario("secondary-stale-line")
    policy = load_policy("first-to-enable")

    machine = scenario.machine(policy)

    assert machine.vm.statics == policy.initial_statics == (0,)
    assert [vcpu.fields for vcpu in machine.vcpus] == [(), ()]


@pytest.mark.parametrize(
    ("expected", "found", "complete", "met"),
    [
        ((), (), True, True),
        ((), (), False, None),
        ((), (Kind.LOST,), True, False),
        ((), (Kind.LOST,), False, False),
        ((Kind.STALE,), (), True, False),
        ((Kind.STALE,), (), False, None),
        ((Kind.STALE,), (Kind.STALE, Kind.STALE), True, True),
        ((Kind.STALE,), (Kind.STALE,), False, None),
        ((Kind.STALE,), (Kind.STALE, Kind.STUCK), False, False),
        ((Kind.STALE, Kind.LOST), (Kind.LOST,), True, False),
    ],
)
def test_an_expectation_is_met_by_all_that_it_names_and_no_more(
    expected: tuple[Kind, ...], found: tuple[Kind, ...], complete: bool, met: bool | None
) -> None:
    assert Expectation("never", expected).met(found, complete=complete) is met


def test_an_expectation_is_found_by_the_policys_name() -> None:
    scenario = load_scenario("boot-on-vcpu1")
    expected = scenario.expectation("first-to-enable")

    assert expected == Expectation("first-to-enable", ())
    assert expected.safe
    assert scenario.expectation("another") is None
