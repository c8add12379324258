from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from scenarios.names import scenario_names
from tui.presenters.exports.markdown import run_as_markdown
from tui.presenters.exports.mermaid import escaped
from tui.presenters.exports.shared import SharedRun

PARTICIPANT = re.compile(r"    participant (\w+)(?: as [\w ]+)?")


MESSAGE = re.compile(r"    (\w+)-?->>(\w+): (.+)")


NOTE = re.compile(r"    Note over (\w+(?:,\w+)?): (.+)")


TEXT = re.compile(r"(?:[^#;\"<>&%$`\\]|#\w+;|<br/>)+")


def diagram_of(text: str) -> list[str]:
    """Return the lines of the Mermaid block, after checking all that Mermaid asks for."""
    found = re.search(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    kind, *lines = found[1].splitlines()
    assert kind == "sequenceDiagram"
    declared: list[str] = []
    for line in lines:
        participant = PARTICIPANT.fullmatch(line)
        if participant is not None:
            declared.append(participant[1])
            continue
        message, note = MESSAGE.fullmatch(line), NOTE.fullmatch(line)
        if message is not None:
            names, said = {message[1], message[2]}, message[3]
        else:
            assert note is not None, line
            names, said = set(note[1].split(",")), note[2]
        assert names <= {*declared}, line
        assert TEXT.fullmatch(said), line
    assert len(declared) == len({*declared})
    return lines


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "refcount"])
def test_every_diagram_is_one_that_mermaid_reads(
    policy: str, shared: Callable[..., SharedRun]
) -> None:
    for name in scenario_names():
        diagram_of(run_as_markdown(shared(name, policy)))


def test_the_diagram_has_notes_at_cause_exact_step_and_finding(
    shared: Callable[..., SharedRun],
) -> None:
    lines = diagram_of(run_as_markdown(shared("secondary-stale-line")))

    notes = [line.split(": ", 1) for line in lines if re.search("CAUSE|EXACT|STALE", line)]
    assert [(where.strip(), said.split(",")[0]) for where, said in notes] == [
        ("Note over vcpu1", "CAUSE"),
        ("Note over vcpu1", "EXACT STEP 24: from here on vcpu1 sees a stale x"),
        ("Note over vcpu1", "STALE"),
    ]


def test_the_vmm_takes_part_where_it_acts(shared: Callable[..., SharedRun]) -> None:
    lines = diagram_of(run_as_markdown(shared("vmm-reads-after-enable")))

    assert "    participant VMM" in lines
    assert any(re.fullmatch(r"    vcpu1->>VMM: \d+\. kick", line) for line in lines)


def test_what_mermaid_would_read_as_its_own_is_escaped() -> None:
    assert escaped('a; #b "c" <d> & %%{e}%% $f `g`') == (
        "a#59; #35;b #quot;c#quot; #lt;d#gt; #amp; #37;#37;{e}#37;#37; #36;f #96;g#96;"
    )
