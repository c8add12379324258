"""Mails as decoded text parts whose lines know where they stand in the user's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import Parser
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.sources.mail.encoding import decode_body, decode_file, decode_transfer
from scenarios.sources.mail.quoting import unflow
from scenarios.sources.source_text import SourceLine

MAX_NESTING: Final = 64
_MBOX: Final = re.compile(r"From \S[^\n]{0,300}\b\d{4}(?: [+-]\d{4})?[ \t]*$")
_HEADER: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):(?:[ \t]|$)")
_MAIL_HEADERS: Final = frozenset(
    ("from", "subject", "date", "message-id", "content-type", "mime-version", "received", "to")
)
_C_SUFFIXES: Final = (".c", ".h")
_TEXT_SUFFIXES: Final = (*_C_SUFFIXES, ".patch", ".diff", ".txt", ".mbox", ".eml")
_NO_CODE: Final = ("application/pdf", "application/ics", "application/vnd.")
_ENCODINGS: Final = ("", "7bit", "8bit", "binary", "quoted-printable", "base64")
_BROKEN: Final = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@attrs.frozen
class MailPart:
    """One text of a mail: its body, or an attachment (`is_c`: a C file)."""

    lines: tuple[SourceLine, ...]
    is_c: bool = False
    name: str = ""


@attrs.frozen
class UnreadPart:
    """A part of a mail that may hold code, and was not read: its line, why, and what to give."""

    what: str
    line: int
    why: str
    way: str = "give it as text"


@attrs.frozen
class Mail:
    """One message: its subject, the texts to look at, and what was left out of them."""

    subject: str
    parts: tuple[MailPart, ...]
    notes: tuple[str, ...] = ()
    number: int = 1
    unread: tuple[UnreadPart, ...] = ()


def is_mail(lines: Sequence[str]) -> bool:
    """Say whether a file begins like an mbox, or with a mail's headers."""
    start = next((n for n, text in enumerate(lines) if text.strip()), len(lines))
    names: list[str] = []
    for text in lines[start : start + 200]:
        if not text.strip():
            break
        if text[0] in " \t" and names:
            continue
        found = _HEADER.match(text)
        if found is None:
            return text.startswith("From ") and _MBOX.match(text) is not None and not names
        names.append(found.group(1).lower())
    return sum(name in _MAIL_HEADERS for name in names) >= 2 or names[:1] == ["subject"]


def read_mails(source: str, lines: Sequence[str]) -> tuple[Mail, ...]:
    """Return the messages of an mbox or a single mail; `lines` have a character for each byte.

    Raises RefusedError where the parts are nested too deep, or the mail is no mail after all.
    """
    return tuple(_read_mail(source, lines[first:end], first) for first, end in _messages(lines))


def _messages(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    starts = [
        n
        for n, text in enumerate(lines)
        if text.startswith("From ")
        and (n == 0 or not lines[n - 1].strip())
        and _MBOX.match(text) is not None
    ]
    first = next((n for n, text in enumerate(lines) if text.strip()), 0)
    if not starts or starts[0] > first:
        starts.insert(0, first)
    yield from zip(starts, (*starts[1:], len(lines)), strict=True)


def _read_mail(source: str, lines: Sequence[str], before: int) -> Mail:
    if lines and lines[0].startswith("From "):
        lines, before = lines[1:], before + 1
    text = "".join(line + "\n" for line in lines)
    lowered = text.lower()
    nesting = lowered.count("boundary=") + lowered.count("message/rfc822")
    if nesting > MAX_NESTING:
        raise RefusedError(
            f"a mail of {nesting} nested parts",
            f"at most {MAX_NESTING}",
            InFile(source, line=before + 1, column=1),
        )
    try:
        message = Parser().parsestr(text)
        subject = _header_text(message.get("subject"))
        leaves = _Leaves(text, before)
        parts, notes = leaves.read(message)
    except _BROKEN as error:
        raise RefusedError(
            f"a mail that does not come apart ({error})",
            "an RFC 5322 mail",
            InFile(source, line=before + 1, column=1),
        ) from error
    return Mail(subject, parts, notes, before + 1, tuple(leaves.unread))


def _header_text(value: object) -> str:
    """Decode the encoded words of a header (RFC 2047) and unfold it."""
    if value is None:
        return ""
    text = ""
    try:
        for chunk, charset in decode_header(str(value)):
            if isinstance(chunk, str):
                text += decode_file(chunk.encode("latin-1", "replace"))
            else:
                text += decode_body(chunk, charset or "utf-8")[0]
    except _BROKEN:
        text = str(value)
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _has_plain_text(message: Message) -> bool:
    """Say whether the parts of a message are alternatives of each other, one of plain text."""
    return message.get_content_type() == "multipart/alternative" and any(
        part.get_content_type() == "text/plain" and str(part.get_payload()).strip()
        for part in message.walk()
    )


class _Leaves:
    """The walk over one message: finds each leaf's raw text again, to know its lines."""

    def __init__(self, text: str, before: int) -> None:
        self._text = text
        self._before = before
        self._cursor = 0
        self._counted = (0, 0)
        self._notes: list[str] = []
        self.unread: list[UnreadPart] = []

    def read(self, message: Message) -> tuple[tuple[MailPart, ...], tuple[str, ...]]:
        parts = tuple(self._walk(message))
        if not parts and any("HTML" in note for note in self._notes):
            self._notes.append("the mail has no plain text")
        return parts, tuple(dict.fromkeys(self._notes))

    def _walk(self, message: Message, *, is_told: bool = False) -> Iterator[MailPart]:
        """Yield the texts of a message; `is_told`: plain text beside it says the same."""
        payload = message.get_payload()
        if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
            why = "is cut short: the boundary that ends its parts is not there"
            self.unread.append(UnreadPart("the mail", self._before + 1, why, "give all of it"))
        if isinstance(payload, list):
            is_told = is_told or _has_plain_text(message)
            for part in payload:
                if isinstance(part, Message):
                    yield from self._walk(part, is_told=is_told)
        elif isinstance(payload, str):
            lines = self._locate(payload)
            part = self._leaf(message, lines, is_told=is_told)
            if part is not None:
                yield part

    def _locate(self, payload: str) -> list[SourceLine]:
        found = self._text.find("\n\n" + payload, max(0, self._cursor - 1))
        start = found + 2 if found >= 0 else self._text.find(payload, self._cursor)
        if start < 0:
            return [SourceLine(text, 0) for text in payload.split("\n")]
        at, count = self._counted
        count += self._text.count("\n", at, start)
        self._counted = (start, count)
        self._cursor = start + len(payload)
        first = self._before + count + 1
        return [SourceLine(text, first + n) for n, text in enumerate(payload.split("\n"))]

    def _leaf(
        self, message: Message, lines: Sequence[SourceLine], *, is_told: bool
    ) -> MailPart | None:
        kind = message.get_content_type()
        name = " ".join(_header_text(message.get_filename()).split())
        suffixed = name.lower().endswith(_TEXT_SUFFIXES)
        if kind == "text/html" and not suffixed:
            self._notes.append("an HTML part was left out: only plain text is read")
            if not is_told and any(line.text.strip() for line in lines):
                why = "is not read: no plain text beside it says the same"
                self.unread.append(UnreadPart("an HTML part", lines[0].number, why))
            return None
        if kind.startswith("application/pgp") or kind.endswith("-signature"):
            return None
        if not kind.startswith("text/") and not suffixed:
            self._notes.append(f"a part of type {kind} was left out: only text is read")
            if kind.startswith("application/") and not kind.startswith(_NO_CODE):
                what = f"the attachment {name}".strip() if name else f"a part of type {kind}"
                self.unread.append(UnreadPart(what, lines[0].number, "is not read: it is no text"))
            return None
        encoding = str(message.get("content-transfer-encoding", "")).strip().lower()
        if encoding not in _ENCODINGS:
            why = f"is not read: it is encoded as {encoding[:40]!r}"
            self.unread.append(UnreadPart("a part of the mail", lines[0].number, why))
        charset = str(message.get_content_charset() or "")
        decoded, notes = decode_transfer(lines, encoding, charset)
        self._notes.extend(notes)
        if str(message.get_param("format", "")).lower() == "flowed" and not suffixed:
            delsp = str(message.get_param("delsp", "")).lower() == "yes"
            decoded = unflow(decoded, delsp=delsp)
        return MailPart(decoded, name.lower().endswith(_C_SUFFIXES), name)
