from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tui.files.desk import BASE, OPENED, OWN, PATCH, POLICY, answer, commands, save
from tui.command_line.main import main

HAVE = "the session goes on with its own copy"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("a scenario.toml", "fill x on pcpu0", "fill x on pcpu1", "'my files/a scenario.toml' has "
         "changed since the session was saved"),
        ("a policy.c", "vcpu_id == 0", "vcpu_id == 1", "'my files/a policy.c' has changed since "
         "the session was saved: line 12 of a policy.c was 'if (vcpu->vcpu_id == 0)'"),
        ("a policy.c", "}\n", "}\n/* more */\n", "'my files/a policy.c' has changed since the "
         "session was saved: line 15 of a policy.c was ''"),
    ],
)  # fmt: skip
def test_what_has_changed_underneath_is_said_and_the_session_goes_on(
    file: str, old: str, new: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    path = desk / "my files" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert answer("a.session", capsys) == (0, OPENED, f"kvmcache-tui: {message}; {HAVE}\n")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a policy.c", "int x;\n", "'my files/a policy.c' can no longer be read (a policy.c"),
        ("a policy.c", POLICY.replace("bool now", "float now"), "'my files/a policy.c' can no "
         "longer be read (a policy.c:"),
        ("a scenario.toml", "title = 3", "'my files/a scenario.toml' can no longer be read (my "
         "files/a scenario.toml"),
    ],
)  # fmt: skip
def test_what_can_no_longer_be_read_is_said_and_the_session_goes_on(
    file: str, content: str, message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", *OWN)
    (desk / "my files" / file).write_text(content, "utf-8")
    code, out, err = answer("a.session", capsys)
    assert (code, out) == (0, OPENED)
    assert err.startswith(f"kvmcache-tui: {message}")
    assert err.endswith(f"); {HAVE}\n")


def test_a_session_opens_on_another_machine_without_the_files_it_came_from(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "my files" / "a patch.diff").write_text(PATCH, "utf-8")
    (desk / "my files" / "base.c").write_text(BASE, "utf-8")
    how = ("--base", "my files/base.c", "--assume-no-effect", "hook", "--implementor", "0x48")
    save("a.session", OWN[0], "--policy", "my files/a patch.diff", *how)
    other = desk.parent / "other machine"
    other.mkdir()
    (desk / "a.session").rename(other / "handed in.session")
    shutil.rmtree(desk)
    monkeypatch.chdir(other)

    assert answer("handed in.session", capsys) == (0, OPENED, "")

    assert main(["--session", "handed in.session", "--batch", commands("copy")]) == 0
    (copied,) = capsys.readouterr().out.splitlines()[1:]
    program, *words = shlex.split(copied)
    assert (program, words[:2]) == ("kvmcache-tui", ["--session", "handed in.session"])
    assert main([*words, "--batch", commands("print step", "info policy")]) == 0
    out, err = capsys.readouterr()
    assert (out.splitlines()[1], err) == ("20", "")
    assert "a patch.diff" in out


def test_what_is_shipped_can_change_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save("a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("a.session").read_text("utf-8"))
    source = document["policy"]["sources"][0]
    source["text"] = source["text"].replace("The proposal:", "")
    scenario = document["scenario"]
    scenario["text"] = f"{scenario['text']}# of old\n"
    Path("a.session").write_text(json.dumps(document), "utf-8")
    assert answer("a.session", capsys) == (
        0,
        OPENED,
        "kvmcache-tui: 'secondary-stale-line' has changed since the session was saved; "
        f"{HAVE}\nkvmcache-tui: 'vcpu0-only' has changed since the session was saved: line 2 of "
        "vcpu0-only.c was '*  a flush only when it is vcpu0 that s…'; "
        f"{HAVE}\n",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it["scenario"].update(text="title = 3"), "scenario.text: found no scenario ("),
        (lambda it: it["scenario"].update(text="\ud800"), "scenario.text: found half a character"),
        (lambda it: it["policy"]["sources"][0].update(text="int x;"), "policy.sources: found no "
         "policy ("),
        (lambda it: it["policy"]["sources"][0].update(own=False), "policy.sources: found "),
        (lambda it: it["policy"].update(sources=[]), "policy.sources: found none"),
        (lambda it: it["policy"]["sources"][1].update(name="vcpu0-only.c"), "policy.sources: "),
        (lambda it: it["policy"]["sources"][0].update(lines=[[1, 10**9]]), "policy.sources[0]."
         "lines: found [1, 1000000000]; expected a first line and a length"),
        (lambda it: it["policy"]["sources"][0].update(lines=[[1]]), "policy.sources[0].lines: "),
        (lambda it: it["policy"]["coverage"].update(judged=[{"function": "f", "file": "f",
         "lines": [], "era": "", "changed": True}]), "policy.coverage.judged[0].lines: found 0 "),
    ],
)  # fmt: skip
def test_what_a_session_carries_is_refused_where_it_is_broken(
    change: Callable[[Any], object], message: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.session", "secondary-stale-line", "--policy", "vcpu0-only")
    document = json.loads(Path("a.session").read_text("utf-8"))
    change(document)
    Path("a.session").write_text(json.dumps(document), "utf-8")

    code, out, err = answer("a.session", capsys)

    assert (code, out) == (2, "")
    assert err.startswith(f"kvmcache-tui: a.session: {message}")
