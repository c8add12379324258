from __future__ import annotations

from engine.arm.implementors import IMPLEMENTORS

CODES = {
    "arm": 0x41,
    "broadcom": 0x42,
    "cavium": 0x43,
    "fujitsu": 0x46,
    "hisilicon": 0x48,
    "nvidia": 0x4E,
    "apm": 0x50,
    "qualcomm": 0x51,
    "samsung": 0x53,
    "marvell": 0x56,
    "apple": 0x61,
    "faraday": 0x66,
    "intel": 0x69,
    "microsoft": 0x6D,
    "phytium": 0x70,
    "ampere": 0xC0,
}
"""Arm ARM D24.2, MIDR_EL1, and Linux's asm/cputype.h."""


def test_an_implementor_has_the_code_that_midr_el1_tells_it_by() -> None:
    assert {each.name: each.code for each in IMPLEMENTORS} == CODES


def test_linux_has_no_name_for_those_whose_cpus_it_does_not_tell_apart() -> None:
    unnamed = {each.name for each in IMPLEMENTORS if each.macro is None}
    assert unnamed == {"samsung", "marvell", "faraday", "intel"}
