from __future__ import annotations

from benchmarks.guests import AIMS, guest_rows
from scenarios.names import general_names


def test_every_general_guest_is_timed_alone_and_with_those_of_as_many_vcpus() -> None:
    rows = tuple(guest_rows())
    alone, together = rows[: len(general_names())], rows[len(general_names()) :]

    assert sorted(row.name for row in alone) == list(general_names())
    assert [row.guests for row in alone] == [(row.name,) for row in alone]
    assert [row.guests for row in together] == [
        tuple(name for name in general_names() if name.endswith(f"-{vcpus}")) for vcpus in AIMS
    ]
    assert [row.aim for row in together] == list(AIMS.values())
