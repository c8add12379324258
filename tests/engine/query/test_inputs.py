from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.state import Machine
from engine.query.evaluate import QueriedState, evaluate
from engine.query.parser import parse
from tests.engine.test_properties import machines, walk

READS = st.sampled_from(
    [
        *("ram[x]", "cache[x]", "sees[0][x]", "sees[vmm][z]", "due[1][x].version", "stale[1][x]"),
        *("dirty[x]", "holders[z]", "mapped[z]", "newest[x]", "sctlr[0]", "hcr[1].TVM", "x[0][5]"),
        *("pc[1]", "pc[vmm]", "at[0] == end", "in_kvm[0]", "in_kvm[vmm]", "power[1] == on"),
        *("line", "step", "old(ram[x])", "local[0].now_enabled"),
    ]
)


@given(machines(), st.lists(st.integers(0, 11), max_size=40), READS, READS)
@settings(deadline=None, max_examples=150)
def test_a_step_that_touches_no_input_of_an_expression_leaves_its_value(
    built: Machine, choices: list[int], left: str, right: str
) -> None:
    run = walk(built, choices)
    query = parse(f"({left}) == none or ({right}) != ({left})", run.initial.setup)
    for at in range(1, len(run.steps) + 1):
        if query.inputs.untouched(run, at):
            now = QueriedState(run, at)
            assert evaluate(query.expression, now) == evaluate(query.expression, now.before)
