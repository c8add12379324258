from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tui.command_line.main import main

HEADLINE = "secondary-stale-line"


def test_the_picture_is_the_screen_at_the_exact_step(tmp_path: Path) -> None:
    path = tmp_path / "run.svg"

    assert (
        main(["export", HEADLINE, "--policy", "vcpu0-only", "--format", "svg", "-o", str(path)])
        == 0
    )

    text = path.read_text(encoding="utf-8")
    words = "".join(ElementTree.fromstring(text).itertext()).replace("\xa0", " ")
    assert f"{HEADLINE} under vcpu0-only, step 24 of 26" in words
    assert "STALE" in words
    assert set(re.findall(r"https?://[^\s\"<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_picture_has_the_size_and_the_step_that_were_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["export", HEADLINE, "--format", "svg", "--at", "3", "--size"]

    assert main([*arguments, "80x24"]) == 0
    small = capsys.readouterr().out
    assert main([*arguments, "160x48"]) == 0
    large = capsys.readouterr().out

    assert "step&#160;3&#160;of&#160;27" in small
    sizes = [re.search(r'viewBox="0 0 (\d+)', svg) for svg in (small, large)]
    assert [found[1] for found in sizes if found is not None] == ["994", "1970"]
