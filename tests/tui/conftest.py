from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from textual.app import App

from scenarios.case import Case
from tests.tui.pseudo_terminal import Terminal
from tests.tui.reviewing import MAIL, code
from tui.session.session import Session

GOLDENS = Path(__file__).parent / "goldens"
OPTION = "--update-goldens"


def pytest_addoption(parser: pytest.Parser) -> None:
    # It may be declared for all tests already.
    with suppress(ValueError):
        parser.addoption(OPTION, action="store_true", help="write the goldens, do not compare")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a committed file, or write the file when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / f"{name}.txt"
        if request.config.getoption(OPTION, default=False):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def screen_text() -> Callable[[App[None]], str]:
    """Return what stands on an app's screen, a line each, without trailing blanks."""

    def read(app: App[None]) -> str:
        strips = app.screen._compositor.render_strips()
        return "".join(f"{strip.text.rstrip()}\n" for strip in strips)

    return read


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see, or leave, what a user has in the usual places."""
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    for variable in ("VISUAL", "EDITOR", "NO_COLOR", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def session(case: Callable[..., Case]) -> Callable[..., Session]:
    """Return the session of such a case's own schedule, at a step."""

    def opened(
        scenario: str = "secondary-stale-line", policy: str = "vcpu0-only", at: int = 0
    ) -> Session:
        return Session.play(case(scenario, policy)).seek(at)

    return opened


@pytest.fixture
def contended() -> str:
    """Return a scenario, as TOML, that no search is through with soon."""
    count = "\n".join(["ldr x2, [x1]", "add x2, x2, #1", "str x2, [x1]"] * 12)
    vcpu = f"[[vcpu]]\nregisters = {{ x1 = 0x4000_0000 }}\nprogram = '''\n{count}\n'''\n"
    return (
        'title = "Four vCPUs count in one word"\nteaches = "Contention."\n'
        'schedule = ["vcpu0", "vcpu1"]\nhardware = { pcpus = 2 }\n'
        f"memory.words = {{ x = {{ address = 0x4000_0000 }} }}\n{vcpu * 4}"
    )


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*arguments: str, **options: object) -> Terminal:
        opened.append(Terminal(*arguments, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def headline(session: Callable[..., Session]) -> Session:
    """Return the headline's session, at step 0 of 26."""
    return session("secondary-stale-line", "vcpu0-only")


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a mail with two candidates, the first of them upstream, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mail.txt"
    path.write_text(MAIL.format(code("upstream"), code("vcpu0-only")), "utf-8")
    return path
