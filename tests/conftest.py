"""Options of all tests, and what they inherit."""

from __future__ import annotations

import signal

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the goldens anew")


def pytest_configure() -> None:
    # A shell that starts the tests behind it has SIGINT ignored, and nohup SIGHUP: what the tests
    # start would inherit that, and pass over the signals that they send.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
