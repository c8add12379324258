from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.refusal import RefusedError
from tui.files.configuration import Configuration, read_configuration
from tui.keys.command import Command
from tui.keys.keymap import DISTINCT

THEMES = ("kvmcache-dark", "kvmcache-light", "nord")

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def has(name: str, keys: tuple[str, ...]) -> Command:
    return Command(name, "", keys, "")


GROUPS: Mapping[str, Sequence[Command]] = {
    "debugger": (
        has("step", ("right", "l")),
        has("back", ("left", "h")),
        has("search", ("slash",)),
        has("quit", ("q",)),
    ),
    "picker": (has("open", ("enter",)), has("search", ("slash",)), has("quit", ("q",))),
    "quiz": (has("answer-a", ("a", "1")), has("step", ("right", "l"))),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(path: Path | None) -> Configuration:
    return read_configuration(path, groups=GROUPS, themes=THEMES)


def refused(path: Path) -> str:
    with pytest.raises(RefusedError) as error:
        read(path)
    message = str(error.value)
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def test_every_key_of_a_file_becomes_a_value(path: Path) -> None:
    path.write_text(
        'theme = "kvmcache-light"\nspeed = 8\n\n[keys]\nstep = ["n", "?", "question_mark"]\n'
        'search = ":"\n',
        "utf-8",
    )

    assert read(path) == Configuration(
        theme="kvmcache-light",
        speed=8,
        keys={"step": ("n", "question_mark"), "search": ("colon",)},
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "[keys]\n"])
def test_an_empty_file_changes_nothing(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")

    assert read(path) == Configuration()


def test_no_file_changes_nothing(path: Path) -> None:
    (path.parent / "file").touch()

    assert read(path) == Configuration()
    assert read(path.parent / "none" / "config.toml") == Configuration()
    assert read(path.parent / "file" / "config.toml") == Configuration()
    assert read(None) == Configuration()


def test_a_link_is_followed(path: Path) -> None:
    (path.parent / "mine.toml").write_text("speed = 2\n", "utf-8")
    path.symlink_to("mine.toml")

    assert read(path) == Configuration(speed=2)


@pytest.mark.parametrize(("text", "speed"), [("0.5", 0.5), ("1000", 1_000), ("1e1", 10)])
def test_a_speed_is_an_integer_or_a_float(path: Path, text: str, speed: float) -> None:
    path.write_text(f"speed = {text}\n", "utf-8")

    assert read(path) == Configuration(speed=speed)


def test_a_command_takes_its_keys_on_every_screen_that_has_it(path: Path) -> None:
    path.write_text('[keys]\nstep = "a"\n', "utf-8")

    assert refused(path) == (
        ": keys.step: found 'a', a key of 'answer-a' too; "
        "expected a key that no other command of the quiz screen has"
    )


def test_a_key_that_a_command_gave_up_is_free_for_another(path: Path) -> None:
    path.write_text('[keys]\nstep = ["h"]\nback = ["l"]\n', "utf-8")

    assert read(path) == Configuration(keys={"step": ("h",), "back": ("l",)})


def test_commands_of_different_screens_may_share_a_key(path: Path) -> None:
    path.write_text('[keys]\nopen = "right"\nanswer-a = "q"\n', "utf-8")

    assert read(path) == Configuration(keys={"open": ("right",), "answer-a": ("q",)})


def test_commands_that_shared_a_key_before_are_not_the_users_fault(path: Path) -> None:
    path.write_text('[keys]\nthree = "x"\n', "utf-8")
    groups = {"odd": (has("one", ("a",)), has("two", ("a",)), has("three", ()))}

    found = read_configuration(path, groups=groups, themes=THEMES)

    assert found == Configuration(keys={"three": ("x",)})


def test_the_declared_commands_can_be_given_other_keys(path: Path) -> None:
    path.write_text('[keys]\nnext-instruction = ["f2", "ctrl+n"]\nquit = ["Q"]\n', "utf-8")

    found = read_configuration(path, groups=DISTINCT, themes=THEMES)

    assert found == Configuration(keys={"next-instruction": ("f2", "ctrl+n"), "quit": ("Q",)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("theme = 3", "theme: found 3; expected a string"),
        (
            'theme = "kvmcache-ligth"',
            "theme: found 'kvmcache-ligth'; expected a theme; did you mean 'kvmcache-light'?",
        ),
        (
            'theme = "zzz"',
            "theme: found 'zzz'; expected a theme: kvmcache-dark, kvmcache-light, nord",
        ),
        ('speed = "8"', "speed: found '8'; expected a number"),
        ("speed = true", "speed: found true; expected a number"),
        ("speed = 0", "speed: found 0; expected 0.5 to 1000 steps a second"),
        ("speed = 1001", "speed: found 1001; expected 0.5 to 1000 steps a second"),
        ("speed = nan", "speed: found the float nan; expected 0.5 to 1000 steps a second"),
        ("speed = inf", "speed: found the float inf; expected 0.5 to 1000 steps a second"),
        ("keys = 3", "keys: found 3; expected a table"),
        (
            "sped = 8",
            "sped: found the unknown key 'sped'; expected a key of this table; "
            "did you mean 'speed'?",
        ),
        (
            'keys.stop = "x"',
            "keys.stop: found the unknown command 'stop'; expected a command's name; "
            "did you mean 'step'?",
        ),
        (
            'keys."a b" = "x"',
            "keys.'a b': found the unknown command 'a b'; expected a command's name",
        ),
        ("keys.step = 3", "keys.step: found 3; expected a string or an array of strings"),
        ('keys.step = ["x", 3]', "keys.step[1]: found 3; expected a string"),
        ("keys.step = []", "keys.step: found an empty array; expected one key or more"),
        (
            'keys.step = "pgup"',
            "keys.step: found 'pgup'; expected a key, such as 'x', '?', 'enter', 'f5' or "
            "'ctrl+x'; did you mean 'pageup'?",
        ),
        (
            'keys.step = ["x", "ctrl+c"]',
            "keys.step[1]: found 'ctrl+c', which always quits; expected another key",
        ),
        (
            'keys.step = ["x", "/"]',
            "keys.step: found 'slash', a key of 'search' too; "
            "expected a key that no other command of the debugger screen has",
        ),
        (
            'keys.search = "h"',
            "keys.search: found 'h', a key of 'back' too; "
            "expected a key that no other command of the debugger screen has",
        ),
        (
            'keys = { back = "x", step = "x" }',
            "keys.back: found 'x', a key of 'step' too; "
            "expected a key that no other command of the debugger screen has",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_key(path: Path, text: str, message: str) -> None:
    path.write_text(text, "utf-8")

    assert refused(path) == f": {message}"


def test_what_is_no_toml_is_said_with_its_place(path: Path) -> None:
    path.write_text('theme = "nord"\nspeed = fast\n', "utf-8")

    assert refused(path) == ":2:9: found what is not TOML (Invalid value); expected TOML 1.0"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\n\xff", ":2: found the byte 0xff; expected text in UTF-8"),
        (b"#" * (1 << 20) + b"#", ": found more than 1048576 bytes; expected a smaller file"),
        (
            b"speed = " + b"[" * 990,
            ": found arrays or tables nested too deep; expected a configuration",
        ),
    ],
    ids=["not UTF-8", "huge", "deep"],
)
def test_hostile_bytes_are_refused(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)

    assert refused(path) == message


def test_all_that_is_wrong_in_kind_is_told(path: Path) -> None:
    path.write_text('theme = 3\nspeed = "x"\n', "utf-8")

    with pytest.raises(RefusedError) as error:
        read(path)

    assert [each.key_path for each in (error.value, *error.value.more)] == ["theme", "speed"]


def test_what_cannot_be_read_is_an_error(path: Path) -> None:
    path.mkdir()

    assert refused(path) == ": found Is a directory; expected a readable file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_an_error(path: Path) -> None:
    path.touch(0)

    assert refused(path) == ": found Permission denied; expected a readable file"


@same_folder
@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
@example(b"speed = 0x" + b"f" * 900)
@example(b"speed = 1" + b"0" * 900)
@example(b'keys."\\u001b" = "x"')
def test_any_bytes_are_a_configuration_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with suppress(RefusedError):
        read(path)


@same_folder
@given(
    st.dictionaries(
        st.sampled_from(["step", "back", "search", "quit", "open"]),
        st.text(st.characters(codec="utf-8")),
    )
)
def test_any_keys_are_taken_or_refused(tmp_path: Path, keys: Mapping[str, str]) -> None:
    path = tmp_path / "config.toml"
    lines = (f"{name} = {json.dumps(key, ensure_ascii=False)}\n" for name, key in keys.items())
    path.write_text("[keys]\n" + "".join(lines), "utf-8")

    with suppress(RefusedError):
        assert sorted(read(path).keys) == sorted(keys)
