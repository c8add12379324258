"""What a patch's subject says of its place in a series."""

from __future__ import annotations

import pytest

from scenarios.sources.patch.subject import PatchSubject


@pytest.mark.parametrize(
    ("text", "subject", "name"),
    [
        ("[PATCH] KVM: x", PatchSubject("KVM: x", 1, 0, 0), "patch"),
        ("[PATCH v2 1/3] KVM: x", PatchSubject("KVM: x", 2, 1, 3), "patch v2 1/3"),
        ("[RFC PATCH 02/13] x ", PatchSubject("x", 1, 2, 13), "patch 2/13"),
        ("Re: [PATCH V3] x", PatchSubject("x", 3, 0, 0), "patch v3"),
        ("AW: Fwd: [patch 0/2] x", PatchSubject("x", 1, 0, 2), "patch 0/2"),
        ("[bug] x", PatchSubject("[bug] x", 1, 0, 0), "patch"),
        ("x [PATCH] y", PatchSubject("x [PATCH] y", 1, 0, 0), "patch"),
        ("", PatchSubject("", 1, 0, 0), "patch"),
    ],
)
def test_a_subject_says_which_patch_of_which_series_it_is(
    text: str, subject: PatchSubject, name: str
) -> None:
    assert (PatchSubject.of(text), PatchSubject.of(text).name) == (subject, name)
