"""Names that kernel headers define, and constants: value and type, as arm64's headers have them."""

from __future__ import annotations

import pytest

from engine.arm.registers import SystemRegister
from engine.compiler.headers import CONSTANTS, FWB_CAPABILITY, KERNEL_IMPLEMENTORS
from engine.policy.integers import INTEGER_NAMES
from engine.policy.policy import AsksImplementor
from tests.engine.compiler.lines import compiled, ended, left, refusal, values

HCR_BITS = {
    "VM": 0,
    "SWIO": 1,
    "PTW": 2,
    "FMO": 3,
    "IMO": 4,
    "AMO": 5,
    "FB": 9,
    "BSU_IS": 10,
    "DC": 12,
    "TWI": 13,
    "TWE": 14,
    "TID3": 18,
    "TSC": 19,
    "TIDCP": 20,
    "TACR": 21,
    "TSW": 22,
    "TVM": 26,
    "TRVM": 30,
    "RW": 31,
    "CD": 32,
    "ID": 33,
    "E2H": 34,
    "TLOR": 35,
    "FWB": 46,
}
"""Arm ARM D24.2, HCR_EL2."""

SCTLR_BITS = {"M": 0, "C": 2, "I": 12}
"""Arm ARM D24.2, SCTLR_EL1."""

IMPLEMENTOR_CODES = {
    "ARM": 0x41,
    "BRCM": 0x42,
    "CAVIUM": 0x43,
    "FUJITSU": 0x46,
    "HISI": 0x48,
    "NVIDIA": 0x4E,
    "APM": 0x50,
    "QCOM": 0x51,
    "APPLE": 0x61,
    "MICROSOFT": 0x6D,
    "PHYTIUM": 0x70,
    "AMPERE": 0xC0,
}
"""arch/arm64/include/asm/cputype.h."""

PLAIN = {
    "U8_MAX": (0xFF, "int"),
    "U16_MAX": (0xFFFF, "int"),
    "U32_MAX": (0xFFFF_FFFF, "u32"),
    "U64_MAX": (0xFFFF_FFFF_FFFF_FFFF, "u64"),
    "UINT_MAX": (0xFFFF_FFFF, "u32"),
    "INT_MAX": (0x7FFF_FFFF, "int"),
    "INT_MIN": (-0x8000_0000, "int"),
    "ULONG_MAX": (0xFFFF_FFFF_FFFF_FFFF, "u64"),
    "LONG_MAX": (0x7FFF_FFFF_FFFF_FFFF, "s64"),
    "BITS_PER_LONG": (64, "int"),
    "BITS_PER_BYTE": (8, "int"),
    "KVM_MAX_VCPUS": (512, "int"),
    "GFP_KERNEL": (0xCC0, "u32"),
    "PAGE_SIZE": (0x1000, "u64"),
    "PAGE_SHIFT": (12, "int"),
    "EINVAL": (22, "int"),
    "EBUSY": (16, "int"),
    "EAGAIN": (11, "int"),
    "ENOMEM": (12, "int"),
}
"""Value, and the type that it has in an expression."""

EXPECTED = {
    **{f"HCR_{name}": (1 << bit, "u64") for name, bit in HCR_BITS.items()},
    **{
        f"{register}_{name}": (1 << bit, "u64")
        for register in ("SCTLR_ELx", "SCTLR_EL1", "SCTLR_EL1x")
        for name, bit in SCTLR_BITS.items()
    },
    **{f"ARM_CPU_IMP_{name}": (code, "int") for name, code in IMPLEMENTOR_CODES.items()},
    **PLAIN,
}

REGISTERS = tuple(
    f"{name}_EL1"
    for name in (
        *("SCTLR", "TTBR0", "TTBR1", "TCR", "ESR", "FAR", "AFSR0", "AFSR1", "MAIR", "AMAIR"),
        *("CONTEXTIDR", "MPIDR", "TCR2", "SCTLR2", "PIR", "PIRE0", "POR", "MAIR2", "AMAIR2"),
    )
)


def test_every_named_constant_has_a_line_of_c() -> None:
    assert set(CONSTANTS) == {*EXPECTED, *REGISTERS}
    assert {
        f"ARM_CPU_IMP_{n}": code for n, code in IMPLEMENTOR_CODES.items()
    } == KERNEL_IMPLEMENTORS


def test_a_named_constant_has_the_headers_value_and_type() -> None:
    asked = {name: (f"{name}", f"sizeof({name} + 0)", f"{name} * 0 - 1 < 0") for name in EXPECTED}
    found = values([line for lines in asked.values() for line in lines])
    types = {(4, 1): "int", (4, 0): "u32", (8, 1): "s64", (8, 0): "u64"}
    told = {
        name: (found[value] % (1 << 64), types[found[size], found[sign]])
        for name, (value, size, sign) in asked.items()
    }
    assert told == {name: (value % (1 << 64), kind) for name, (value, kind) in EXPECTED.items()}


def test_a_registers_name_stands_for_that_register() -> None:
    body = "\n".join(
        f"vcpu_write_sys_reg(vcpu, {0x100 + n}, {name});"
        for n, name in enumerate(REGISTERS)
        if name != "MPIDR_EL1"
    )
    registers = ended(body, vcpu=1).vcpus[1].registers
    read = {
        register.name: registers.read(register)
        for register in SystemRegister
        if register.trapped_by_tvm
    }
    assert read == {name: 0x100 + n for n, name in enumerate(REGISTERS) if name != "MPIDR_EL1"}


def test_a_vcpus_affinity_can_be_read_and_not_be_written() -> None:
    outside = "static u64 mpidr;"
    assert left("mpidr = vcpu_read_sys_reg(vcpu, MPIDR_EL1);", outside, vcpu=1) == {
        "mpidr": 0x8000_0001
    }


def test_the_capability_of_fwb_is_no_number() -> None:
    assert FWB_CAPABILITY == "ARM64_HAS_STAGE2_FWB"
    assert "as the argument of cpus_have_final_cap() and kin" in refusal(
        "int x = ARM64_HAS_STAGE2_FWB;"
    )


def test_an_implementor_that_is_named_is_one_to_check() -> None:
    questions = compiled("if (read_cpuid_implementor() == ARM_CPU_IMP_HISI) return;").questions
    assert questions == (AsksImplementor("ARM_CPU_IMP_HISI", 0x48),)
    assert compiled("int x = 0x48;").questions == ()


INTEGERS = {
    **dict.fromkeys(("s8", "__s8", "int8_t"), (1, 1)),
    **dict.fromkeys(("u8", "__u8", "uint8_t", "char"), (1, 0)),
    **dict.fromkeys(("s16", "__s16", "int16_t", "short"), (2, 1)),
    **dict.fromkeys(("u16", "__u16", "uint16_t", "ushort"), (2, 0)),
    **dict.fromkeys(("s32", "__s32", "int32_t", "int", "signed"), (4, 1)),
    **dict.fromkeys(("u32", "__u32", "uint32_t", "unsigned", "uint"), (4, 0)),
    **dict.fromkeys(("s64", "__s64", "int64_t", "long", "ssize_t", "intptr_t"), (8, 1)),
    **dict.fromkeys(("u64", "__u64", "uint64_t", "size_t", "uintptr_t", "ulong"), (8, 0)),
    **dict.fromkeys(("phys_addr_t", "gpa_t", "gfn_t", "hpa_t"), (8, 0)),
    "ptrdiff_t": (8, 1),
    **dict.fromkeys(("bool", "_Bool"), (1, 0)),
}
"""The size in bytes, and whether it is signed; plain char is unsigned on arm64."""

SPELLED = {
    "signed char": (1, 1),
    "unsigned char": (1, 0),
    "short int": (2, 1),
    "unsigned short": (2, 0),
    "unsigned int": (4, 0),
    "long int": (8, 1),
    "unsigned long": (8, 0),
    "long long": (8, 1),
    "unsigned long long": (8, 0),
    "long unsigned int": (8, 0),
    "signed int": (4, 1),
}


def test_every_name_of_an_integer_type_has_the_size_and_sign_it_has_on_arm64() -> None:
    assert set(INTEGERS) == set(INTEGER_NAMES)
    types = {**INTEGERS, **SPELLED}
    outside = "\n".join(f"static {name} v{n} = -1;" for n, name in enumerate(types))
    asked = [(f"sizeof(v{n})", f"v{n} < 0") for n, _ in enumerate(types)]
    found = values([line for lines in asked for line in lines], "", outside)
    told = {
        name: (found[size], found[negative])
        for name, (size, negative) in zip(types, asked, strict=True)
    }
    assert told == types


def test_a_bool_holds_one_for_whatever_is_not_zero() -> None:
    expected = {"(bool)256": 1, "(_Bool)0": 0, "(bool)vcpu": 1, "(u8)256": 0}
    assert values(expected) == expected


def test_a_literal_has_the_value_that_it_is_written_with() -> None:
    expected = {
        "'a'": 97,
        "'\\n'": 10,
        "'\\t'": 9,
        "'\\0'": 0,
        "'\\r'": 13,
        "'\\\\'": 92,
        "'\\''": 39,
        "'\\\"'": 34,
        "'\\a'": 7,
        "'\\b'": 8,
        "true": 1,
        "false": 0,
        "sizeof('a')": 4,
        "sizeof(true)": 1,
        "010": 8,
        "-3": -3,
        "sizeof(1UL)": 8,
        "NULL == 0": 1,
        "!NULL": 1,
        "+4": 4,
    }
    assert values(expected) == expected


@pytest.mark.parametrize("literal", ["'ab'", "'\\q'", "1.5"])
def test_a_literal_that_is_no_integer_is_refused(literal: str) -> None:
    assert "an integer constant" in (told := refusal(f"int x = {literal};")) or (
        "a character constant of one character" in told
    )


def test_an_enumerator_is_one_more_than_the_one_before() -> None:
    outside = "enum state { NONE, SEEN = 5, DONE, LAST = DONE + 10, AFTER };"
    expected = {"NONE": 0, "SEEN": 5, "DONE": 6, "LAST": 16, "AFTER": 17}
    assert values(expected, "", outside) == expected


def test_a_name_of_the_sources_own_hides_the_headers() -> None:
    outside = "static int PAGE_SIZE = 3;\nenum { EBUSY = 99 };"
    found = values(["PAGE_SIZE", "EBUSY", "HCR_TVM"], "int HCR_TVM = 7;", outside)
    assert found == {"PAGE_SIZE": 3, "EBUSY": 99, "HCR_TVM": 7}
