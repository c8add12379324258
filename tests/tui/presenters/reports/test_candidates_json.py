from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.reviewing import review_json


def test_the_json_places_a_cause_at_the_mails_own_line(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, results, _ = review_json(capsys, f"{mail.name}#2")

    line = mail.read_text("utf-8").split("\n").index("\t\tif (vcpu->vcpu_id == 0)") + 1
    first = next(one for one in results if one["introduced_by_policy"])
    assert first["findings"][0]["place"] == {
        "file": "mail.txt",
        "line": line,
        "column": 7,
        "text": "vcpu->vcpu_id == 0",
    }


def test_a_file_that_cannot_be_read_is_an_error_in_the_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, results, err = review_json(capsys, "no/such.txt")

    assert (code, results) == (2, [])
    assert err.startswith("kvmcache-tui: no/such.txt: found no readable file")
