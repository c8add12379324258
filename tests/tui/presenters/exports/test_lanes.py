from __future__ import annotations

import re
from collections.abc import Callable

from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.shared import SharedRun


def test_the_lanes_are_those_who_move(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared("false-sharing", "upstream"))

    assert re.search(r"^ {5}vcpu0 +vcpu1\n {5}----- +-----$", text, re.MULTILINE)


def test_more_actors_than_fit_are_listed(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared("four-vcpus-64-lines", "vcpu0-only"))

    assert not re.search(r"^ +vcpu0 +vcpu1", text, re.MULTILINE)
    assert (
        "\n105  vcpu1       vcpu->vcpu_id == 0: false, flush SKIPPED <== CAUSE\n"
        "     [3 steps of vcpu1]\n"
        "109  vcpu1       return to guest; sees box1 = 0, stale <== EXACT STEP\n"
        "110  vcpu1     ldr x3, [x1]: box1 = 0 from cache <== STALE\n"
    ) in text
