"""The data of known kernels: whole, in order, small, and about every decision."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from scenarios.coverage.definitions import definitions_of
from scenarios.coverage.fingerprints import Known, at_odds, known_as, read_known
from scenarios.kernel.decisions import DECISIONS

TEXT = files("scenarios.coverage").joinpath("fingerprints.json").read_text("ascii")
DATA = json.loads(TEXT)


def test_names_digests_and_sentences_are_in_order_and_each_has_its_line() -> None:
    names = list(DATA["known"])
    assert names == sorted(names)
    assert all(list(entries) == sorted(entries) and entries for entries in DATA["known"].values())
    assert DATA["differs"] == sorted(set(DATA["differs"]))
    assert len(TEXT.splitlines()) == len(names) + len(DATA["differs"]) + 6


def test_the_data_holds_digests_and_eras_and_no_source() -> None:
    assert len(TEXT) < 300_000
    for entries in DATA["known"].values():
        for hashed, entry in entries.items():
            assert re.fullmatch(r"[\w-]{12}", hashed)
            known, sentence = (entry, 0) if isinstance(entry, str) else entry
            assert re.fullmatch(r"v\d\.\d+(-\w+)?( v\d\.\d+)?", known)
            assert 0 <= sentence < len(DATA["differs"]) or isinstance(entry, str)


def test_of_each_decision_some_function_that_kvm_enters_is_known() -> None:
    for decision in DECISIONS:
        assert [name for name in decision.entries if name in DATA["known"]], decision.what


def test_a_row_is_known_by_its_handler_too() -> None:
    row = "static const struct sys_reg_desc sys_reg_descs[] = {{ SYS_DESC(SYS_DC_ISW), %s },};"
    known = [
        known_as(found)
        for handler in ("access_dcsw", "NULL")
        for found in definitions_of(row % handler, {})
        if found.kind == "row"
    ]
    assert known == [Known("v4.12", None, "v6.8"), None]


def test_a_row_is_known_under_its_own_table_and_registers_name_alone() -> None:
    text = "static const struct sys_reg_desc %s[] = {{ SYS_DESC(SYS_%s), access_dcsw },};"
    known = [
        known_as(found)
        for names in (("sys_reg_descs", "DC_ISW"), ("other_descs", "DC_ISW"))
        for found in definitions_of(text % names, {})
        if found.kind == "row"
    ]
    assert known == [Known("v4.12", None, "v6.8"), None]


def test_what_a_kernel_does_otherwise_is_said_of_it() -> None:
    text = """
    {"differs": ["sweeps at noon", "never sweeps"],
     "known": {"sweep": {"aa": "v5.10", "bb": ["v3.11 v4.9", 1]}}}
    """
    assert read_known(text) == {
        "sweep": {"aa": Known("v5.10"), "bb": Known("v3.11", "never sweeps", "v4.9")}
    }


def test_two_definitions_are_at_odds_if_one_was_gone_before_the_other_came() -> None:
    old, long, new = Known("v4.9", None, "v5.4"), Known("v4.19", None, "v6.1"), Known("v5.10")
    assert at_odds(()) is None
    assert at_odds((old, long)) is None
    assert at_odds((long, new)) is None
    assert at_odds((old, long, new)) == (old, new)
    assert at_odds((Known("v5.9"), new)) == (Known("v5.9"), new)
