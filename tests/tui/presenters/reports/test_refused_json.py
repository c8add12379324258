from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.command_line.main import main


def test_bad_input_is_in_the_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("title = 1\nteaches = 2\n", "utf-8")

    assert main(["check", str(path), "--json"]) == 2

    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["results"] == []
    assert document["errors"][0] == {
        "file": str(path),
        "line": None,
        "column": None,
        "found": document["errors"][0]["found"],
        "expected": document["errors"][0]["expected"],
        "sentence": err.splitlines()[0].removeprefix("kvmcache-tui: "),
    }
    assert len(document["errors"]) > 1
