from __future__ import annotations

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
    without_seconds,
)
from tui.command_line.main import main


def test_the_formats_have_short_names(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for form in (("--format", "json"), ("--json",), ("--format", "markdown"), ("--markdown",)):
        assert main(["check", HEADLINE, "--policy", "upstream", *form]) == 0
        told.append(without_seconds(capsys.readouterr().out))

    assert (told[0], told[2]) == (told[1], told[3])
    assert told[0].startswith("{")
    assert told[2].startswith("| scenario ")
