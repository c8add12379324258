"""The driver: the terminal's line, whatever bytes come from it, until it or the program ends."""

from __future__ import annotations

import errno
import io
import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from typing import IO, Any, Final, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

KILLED: Final = 128
"""What shells add to the number of the signal that ended a program."""
_ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)
_MOST_BYTES: Final = 4096
_PATIENCE: Final = 0.1
"""Seconds to wait for a key, before it is looked whether an escape was one."""


class TerminalDriver(LinuxDriver):
    """Leaves in good order when it is told to end, or when there is no terminal any more."""

    def start_application_mode(self) -> None:
        """Take the terminal, and heed the signals that end the program; `nohup` stays in force."""
        if self._file is not None and not isinstance(self._file, _Outlet):
            self._file = cast(Any, _Outlet(self._file))
        super().start_application_mode()  # type: ignore[no-untyped-call]
        for number in _ENDINGS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._loop.add_signal_handler(number, self._end, number)

    def run_input_thread(self) -> None:
        """Turn what comes from the terminal into messages, until told to stop, or it is gone."""
        keys = _Keys()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_PATIENCE):
                    content = _read(self.fileno)
                    if not content:
                        self._loop.call_soon_threadsafe(self._end, signal.SIGHUP)
                        return
                    for message in keys.feed(content):
                        self.process_message(message)
                for message in keys.tick():
                    self.process_message(message)

    def _end(self, number: signal.Signals) -> None:
        self._app.exit(return_code=KILLED + number)


class _Keys:
    """The messages that bytes of a terminal stand for; what stands for nothing is passed over."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._parser = XTermParser()

    def feed(self, content: bytes) -> Iterable[Message]:
        """Yield what bytes stand for, together with those before them."""
        for character in self._decoder.decode(content):
            try:
                yield from self._parser.feed(character)
            except (ValueError, OverflowError):
                # A sequence can name a character that there is not.
                self._parser = XTermParser()

    def tick(self) -> Iterable[Message]:
        """Yield what stands for a key after all, as nothing came behind it."""
        yield from self._parser.tick()


class _Outlet(io.TextIOBase):
    """The terminal's other end; what is written once it is gone goes nowhere."""

    def __init__(self, file: IO[str]) -> None:
        self._target = file

    def write(self, text: str) -> int:
        """Write a text, if anybody can read it."""
        self._attempt(lambda: self._target.write(text))
        return len(text)

    def flush(self) -> None:
        """Write what was held back, if anybody can read it."""
        self._attempt(self._target.flush)

    def fileno(self) -> int:
        """Return the file's number."""
        return self._target.fileno()

    def _attempt(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except OSError:
            # What is held back is tried again at the very end, and would be the exit code.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._target.fileno())
            os.close(nowhere)


def _read(line: int) -> bytes:
    """Return bytes that have come, none if the terminal is gone."""
    try:
        return os.read(line, _MOST_BYTES)
    except OSError as error:
        if error.errno == errno.EIO:
            return b""
        raise
