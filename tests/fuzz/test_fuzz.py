"""Whatever a file holds, the program says what is wrong with it: never a traceback.

A bounded number of rounds with a fixed seed; by hand for longer, and from another seed:

    FUZZ_SECONDS=600 FUZZ_SEED=7 python -m pytest tests/fuzz

A failure names the round's seed and leaves its input in the test's directory.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.refusal import RefusedError
from tests.fuzz.mutations import mutated
from tui.command_line.main import main
from tui.files.configuration import read_configuration
from tui.keys.keymap import DISTINCT
from tui.presenters.reports.plain import is_shown
from tui.terminal.themes import THEMES

ROOT = Path(__file__).parents[2]
HEADLINE = "secondary-stale-line"
ROUNDS = 60
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
SEED = os.environ.get("FUZZ_SEED", "1")
CORPUS = ROOT / "tests" / "scenarios" / "sources" / "corpus"
COMMANDS = b"""break 12
tbreak skip if step > 3
watch ram[x]
break if stale[1][x]
disable 2
delete 1
goto 9
mark nine
goto 16
take evict x
take vcpu1
rename rescued
switch main
goto 20
why x
info bookmarks
info breakpoints
search isb
next
foresee
compare upstream
copy
"""
CONFIGURATION = b"""theme = "kvmcache-dark"
speed = 4.5
[keys]
step = ["l", "ctrl+right", "f5"]
back = "h"
"""
WORDS = (
    *(b"0", b"-1", b"99999999999999999999", b"0x7fffffffffffffff", b"\xff", b"\x00", b"\x1b[2J"),
    *(b"\n", b"\r\n", b"\t", b'"', b"'''", b"[[", b"]]", b"{", b"}", b"(", b")", b"#", b"\\", b"="),
    *(
        b"vcpu",
        b"vcpu9",
        b"kvm",
        b"#define A A##A\n",
        b"#if",
        b"#endif\n",
        b"goto x;",
        b"while (1)",
    ),
    *(b"@@ -1 +1 @@\n", b"--- a/x\n+++ b/x\n", b"> ", b"-- \n", b"\xe2\x80\xae", b"null", b"true"),
    *(b"stage2_flush_vm(vcpu->kvm);", b"static", b"int x[9];", b"ldr x0, [x1]", b"b .", b"1e999"),
)


def rounds() -> Iterator[random.Random]:
    """Yield a source of randomness for each round."""
    end = time.monotonic() + SECONDS
    number = 0
    while number < ROUNDS or time.monotonic() < end:
        yield random.Random(f"{SEED}/{number}")
        number += 1


def seeds(*patterns: str) -> list[bytes]:
    """Return what files hold that are in order."""
    found = [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert found
    return found


def check(
    path: Path,
    contents: list[bytes],
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Let the program read what becomes of files; it ends as it says, and steers no terminal."""
    for number, rng in enumerate(rounds()):
        path.write_bytes(mutated(rng, contents, WORDS))
        try:
            code = main(list(arguments))
        except BaseException as error:
            error.add_note(f"round {number} from seed {SEED}: {path}")
            raise
        written = capsys.readouterr()
        assert code in (0, 1, 2, 3), f"round {number}: {path}"
        for text in (written.out, written.err):
            assert [c for c in text if not is_shown(c) and c not in "\n\t"] == [], f"{path}"


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands that write files write them where they do no harm."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_c(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fuzz.c"
    contents = seeds("tests/policies/*.c", "scenarios/policies/*.c")
    check(path, contents, ("run", HEADLINE, "--policy", str(path)), capsys)


@pytest.mark.parametrize("name", ["fuzz.txt", "fuzz.c", "fuzz.patch"])
def test_mails_and_patches(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    contents = [
        each.read_bytes() for each in sorted(CORPUS.iterdir()) if each.suffix != ".expected"
    ]
    words = ("run", HEADLINE, "--policy", str(path))
    base = ("--base", str(CORPUS / "upstream.c")) if name == "fuzz.patch" else ()
    check(path, contents, (*words, *base), capsys)


def test_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fuzz.toml"
    check(path, seeds("scenarios/*.toml"), ("run", str(path)), capsys)


def test_sessions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands, kept, path = (tmp_path / name for name in ("commands", "kept", "fuzz.session"))
    commands.write_bytes(COMMANDS + f"save {kept}\n".encode())
    main(["scenario", HEADLINE, "--policy", "vcpu0-only", "--batch", str(commands)])
    assert kept.exists(), capsys.readouterr().err
    commands.write_bytes(b"info bookmarks\ninfo breakpoints\ngoto 5\nnext\n")
    words = ("scenario", "--session", str(path), "--batch", str(commands))
    check(path, [kept.read_bytes()], words, capsys)


def test_batches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "commands"
    contents = [COMMANDS, *(b"".join(pair) for pair in zip(*[iter(lines())] * 2, strict=False))]
    check(path, contents, ("scenario", HEADLINE, "--batch", str(path)), capsys)


def lines() -> list[bytes]:
    """Return commands, a line each."""
    return COMMANDS.splitlines(keepends=True)


def test_configurations(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    themes = [theme.name for theme in THEMES]
    for number, rng in enumerate(rounds()):
        path.write_bytes(mutated(rng, [CONFIGURATION], WORDS))
        try:
            read_configuration(path, groups=DISTINCT, themes=themes)
        except RefusedError:
            continue
        except BaseException as error:
            error.add_note(f"round {number} from seed {SEED}: {path}")
            raise
