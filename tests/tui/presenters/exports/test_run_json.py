from __future__ import annotations

import pytest

from tests.tui.command_line.running import HEADLINE, run_json


def test_a_finding_has_the_load_the_exact_step_and_the_cause(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, document = run_json(capsys, HEADLINE, "vcpu0-only")

    assert (code, document["verdict"], document["flushes"], document["lines_flushed"]) == (
        1,
        "unsafe",
        1,
        1,
    )
    assert document["findings"] == [
        {
            "kind": "stale",
            "actor": "vcpu1",
            "word": "x",
            "step": 26,
            "exact": 24,
            "cause": 20,
            "version": {"number": 0, "value": 0},
            "entitled": 1,
        }
    ]
    cause, exact, load = (document["steps"][number - 1]["effects"] for number in (20, 24, 26))
    assert [effect["type"] for effect in cause] == ["ConditionDecided", "FlushSkipped"]
    assert {key: cause[1][key] for key in ("vcpu", "text", "operands", "outcome")} == {
        "vcpu": "vcpu1",
        "text": "vcpu->vcpu_id == 0",
        "operands": [{"text": "vcpu->vcpu_id", "value": 1}],
        "outcome": False,
    }
    assert exact == [{"type": "ReturnedToGuest", "vcpu": "vcpu1"}]
    assert load == [
        {
            "type": "Loaded",
            "actor": "vcpu1",
            "word": "x",
            "version": {"number": 0, "value": 0},
            "memory_type": "Normal Write-Back",
            "source": "cache",
            "alias": None,
        }
    ]
