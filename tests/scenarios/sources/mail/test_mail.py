"""Mails taken apart: which parts are read, and which may hold code and are not."""

from __future__ import annotations

import attrs
import pytest

from scenarios.sources.mail.mail import Mail, UnreadPart, read_mails

HEAD = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n"
ALTERNATIVES = "Content-Type: multipart/alternative; boundary=c\n\n"
HTML = UnreadPart("an HTML part", 11, "is not read: no plain text beside it says the same")


def _mail(part: str, end: str = "--b--\n") -> Mail:
    (mail,) = read_mails("m.eml", f"{HEAD}--b\n{part}\n{end}".split("\n"))
    return mail


@pytest.mark.parametrize(
    ("part", "unread"),
    [
        ("Content-Type: text/plain\n\nx\n", ()),
        ("Content-Type: image/png\n\nx\n", ()),
        ("Content-Type: application/pdf\n\nx\n", ()),
        ("Content-Type: application/pgp-signature\n\nx\n", ()),
        ("Content-Type: text/html\n\n\n", ()),
        ("Content-Type: text/html\n\nx\n", (HTML,)),
        (f"{ALTERNATIVES}--c\n\nx\n--c\nContent-Type: text/html\n\nx\n--c--\n", ()),
        (
            f"{ALTERNATIVES}--c\n\n\n--c\nContent-Type: text/html\n\nx\n--c--\n",
            (attrs.evolve(HTML, line=17),),
        ),
        ("Content-Type: application/zip; name=a.patch\n\nx\n", ()),
        (
            "Content-Type: application/zip; name=a.zip\n\nx\n",
            (UnreadPart("the attachment a.zip", 11, "is not read: it is no text"),),
        ),
        (
            "Content-Type: application/octet-stream\n\nx\n",
            (
                UnreadPart(
                    "a part of type application/octet-stream", 11, "is not read: it is no text"
                ),
            ),
        ),
        (
            "Content-Transfer-Encoding: x-uuencode\n\nx\n",
            (UnreadPart("a part of the mail", 11, "is not read: it is encoded as 'x-uuencode'"),),
        ),
    ],
)
def test_a_part_that_may_hold_code_and_is_not_read_is_told(
    part: str, unread: tuple[UnreadPart, ...]
) -> None:
    assert _mail(part).unread == unread


def test_a_mail_without_the_end_of_its_parts_is_cut_short() -> None:
    why = "is cut short: the boundary that ends its parts is not there"
    assert _mail("\nx", end="").unread == (UnreadPart("the mail", 1, why, "give all of it"),)
