"""Rows of the tables that name a trapped register's handler, as every era writes them."""

from __future__ import annotations

import pytest

from scenarios.coverage.definitions import Definition, definitions_of


def rows(text: str) -> dict[str, str | None]:
    return {found.name: found.handler for found in definitions_of(text, {}) if found.kind == "row"}


def table(*lines: str, kind: str = "sys_reg_desc", name: str = "sys_reg_descs") -> str:
    return f"static const struct {kind} {name}[] = {{\n" + "\n".join(lines) + "\n};\n"


@pytest.mark.parametrize(
    ("line", "register", "handler"),
    [
        (
            "{ Op0(0b11), Op1(0b000), CRn(0b0001), CRm(0b0000), Op2(0b000), on_write, r, SCTLR },",
            "SCTLR_EL1",
            "on_write",
        ),
        (
            "{ SYS_DESC(SYS_TTBR0_EL1), on_write, reset_unknown, TTBR0_EL1 },",
            "TTBR0_EL1",
            "on_write",
        ),
        ("{ SYS_DESC(SYS_TCR2_EL1), on_write, .visibility = seen },", "TCR2_EL1", "on_write"),
        ("{ SYS_DESC(SYS_MAIR_EL1), .reset = r, .access = on_write },", "MAIR_EL1", "on_write"),
        ("{ SYS_DESC(SYS_FAR_EL1), NULL, reset_unknown, FAR_EL1 },", "FAR_EL1", "NULL"),
        ("{ SYS_DESC(SYS_ESR_EL1) },", "ESR_EL1", None),
        ("{ SYS_DESC(SYS_ESR_EL1), fast ? one : other },", "ESR_EL1", "fast ? one : other"),
        ("{ SYS_DESC(SYS_DC_ISW), on_sweep },", "DC_ISW", "on_sweep"),
        ("{ SYS_DESC(SYS_DC_CIGDSW), on_sweep },", "DC_CIGDSW", "on_sweep"),
        ("{ Op0(1), Op1(0), CRn(7), CRm(14), Op2(2), on_sweep },", "DC_CISW", "on_sweep"),
    ],
)
def test_a_row_of_sys_reg_descs_names_register_and_handler(
    line: str, register: str, handler: str | None
) -> None:
    assert rows(table(line)) == {f"sys_reg_descs[{register}]": handler}


@pytest.mark.parametrize(
    ("line", "register"),
    [
        ("{ Op1( 0), CRn( 1), CRm( 0), Op2( 0), on_write, NULL, c1_SCTLR },", "SCTLR"),
        ("{ AA32(LO), Op1( 0), CRn( 2), CRm( 0), Op2( 1), on_write, NULL, TTBR1 },", "TTBR1"),
        ("{ CRn( 3), CRm( 0), Op1( 0), Op2( 0), is32, on_write, reset, c3_DACR },", "DACR"),
        ("{ Op1( 0), CRn( 7), CRm( 6), Op2( 2), on_write },", "DCISW"),
        ("{ CRm64( 2), Op1( 1), is64, on_write, reset, c2_TTBR1 },", "TTBR1"),
    ],
)
def test_a_row_of_an_aarch32_table_does_too(line: str, register: str) -> None:
    for kind in ("sys_reg_desc", "coproc_reg"):
        assert rows(table(line, kind=kind, name="cp15_regs")) == {
            f"cp15_regs[{register}]": "on_write"
        }


def test_wide_and_debug_tables_have_encodings_of_their_own() -> None:
    line = "{ Op1( 0), CRn( 0), CRm( 2), Op2( 0), on_write, NULL, c2_TTBR0 },"
    assert rows(table(line, name="cp15_64_regs")) == {"cp15_64_regs[TTBR0]": "on_write"}
    assert rows(table(line, name="cp15_regs")) == {}
    assert rows(table(line, name="cp14_64_regs")) == {}
    assert rows(table("{ Op1( 0), CRn( 1), CRm( 0), Op2( 0), raz },", name="cp14_regs")) == {}


TABLE = table(
    "	{ SYS_DESC(SYS_DC_ISW), on_sweep },",
    "	{ SYS_DESC(SYS_ID_A), on_id, NULL, 0x10 },",
    "#ifdef CONFIG_OURS",
    "	ROW(SCTLR_EL1, on_write),",
    "#else",
    "	{ SYS_DESC(SYS_SCTLR_EL1), NULL },",
    "#endif",
    "	{ SYS_DESC(SYS_FAR_EL1), on_write },",
)
WITH_MACRO = "#define ROW(r, f) { SYS_DESC(SYS_##r), f, reset_val, r }\n" + TABLE


def parts(text: str, configs: dict[str, int]) -> dict[str, Definition]:
    return {found.name: found for found in definitions_of(text, configs)}


def test_a_table_is_its_rows_and_the_rest_each_with_lines_of_its_own() -> None:
    found = parts(WITH_MACRO, {})
    assert {name: (one.kind, one.first_line, one.last_line) for name, one in found.items()} == {
        "ROW": ("macro", 1, 1),
        "sys_reg_descs": ("variable", 2, 11),
        "sys_reg_descs[DC_ISW]": ("row", 3, 3),
        "sys_reg_descs[SCTLR_EL1]": ("row", 8, 8),
        "sys_reg_descs[FAR_EL1]": ("row", 10, 10),
    }
    assert "on_id" in found["sys_reg_descs"].tokens
    assert "on_sweep" not in found["sys_reg_descs"].tokens


def test_a_row_made_by_a_macro_of_the_text_is_a_row() -> None:
    found = parts(WITH_MACRO, {"CONFIG_OURS": 1})["sys_reg_descs[SCTLR_EL1]"]
    assert found.handler == "on_write"
    assert {"ROW", "on_write", "reset_val"} <= found.mentions


def test_a_row_made_by_a_macro_of_elsewhere_stays_in_the_rest() -> None:
    found = parts(TABLE, {"CONFIG_OURS": 1})
    assert "sys_reg_descs[SCTLR_EL1]" not in found
    assert "ROW" in found["sys_reg_descs"].tokens


def test_the_rest_of_a_table_leads_to_no_handler() -> None:
    assert parts(TABLE, {})["sys_reg_descs"].mentions == frozenset()


def test_an_edit_of_a_row_changes_that_row_alone() -> None:
    before = parts(TABLE, {})
    after = parts(TABLE.replace("SYS_FAR_EL1), on_write", "SYS_FAR_EL1), NULL"), {})
    changed = {name for name in before if before[name].tokens != after[name].tokens}
    assert changed == {"sys_reg_descs[FAR_EL1]"}
