"""`check` as the tests of it and of its reports ask it: few scenarios, or one without end."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tui.command_line.main import main
from tui.presenters.tool import tool

ROOT = Path(__file__).parents[3]


HEADLINE = "secondary-stale-line"


FEW = (
    *("boot-on-vcpu1", HEADLINE, "message-before-enable"),
    *("--policy", "upstream", "--policy", "vcpu0-only", "--policy", "never"),
)


ENDLESS = """\
title = "Two vCPUs that count: every state of it takes hours to visit"
teaches = "Patience."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
[[vcpu]]
registers = { x0 = 0x8000 }
program = "1: sub x0, x0, #1\\n cbnz x0, 1b"
[[vcpu]]
registers = { x0 = 0x8000 }
program = "1: sub x0, x0, #1\\n cbnz x0, 1b"
"""


def check_json(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, Any]]]:
    code = main(["check", "--json", *arguments])
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["version", "tool", "candidates", "results", "errors"]
    assert (document["version"], document["tool"], document["errors"]) == (2, tool(), [])
    return code, document["results"]


def without_seconds(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if '"seconds"' not in line)


def shipped(name: str) -> str:
    return files("scenarios").joinpath(f"{name}.toml").read_text("utf-8")


NOTHING_HAPPENS = """\
title = "A guest that does nothing"
teaches = "Nothing can go wrong."
schedule = ["vcpu0 finish"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
vcpu = [{ program = "nop" }]
[expect]
"""


GATED = """\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled && vcpu->vcpu_id < 8)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""


FINDING = [
    *("kind", "actor", "word", "step", "exact", "cause", "sentence", "place", "if", "trace"),
]
