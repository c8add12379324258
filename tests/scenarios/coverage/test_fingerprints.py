"""What stands for a definition in the data of known kernels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attrs

from scenarios.coverage.definitions import definitions_of
from scenarios.coverage.fingerprints import digest, known_as

SHOWN = """\
#ifndef __OURS
#define __OURS
#define LIMIT(n) ((n) << 2)
static bool quick(struct kvm_vcpu *vcpu, u32 *at)
{
#ifdef HEADERS_SAY
	*at -= (u8)-1;
#endif
	vcpu->arch.hcr_el2 &= ~(HCR_TVM | LIMIT(1)); /* armed again later */
	return IS_ENABLED(CONFIG_OURS) && at[0] != '\\'' && name == "a/*b";
}
static const struct sys_reg_desc ours[] = {
	{ SYS_DESC(SYS_SCTLR_EL1), quick, reset_val, SCTLR_EL1, 0x10 },
};
#endif
"""

DIGESTS = {
    "LIMIT": "k4grVXr_SCAG",
    "quick": "YAPgW0HevsAw",
    "ours": "2YdT06S5Eqzd",
    "ours[SCTLR_EL1]": "zQL5vIUmye5V",
}


def test_a_digest_is_what_it_was() -> None:
    """If the reading of C changes what a digest is, the data must be made anew."""
    assert {found.name: digest(found) for found in definitions_of(SHOWN, {})} == DIGESTS


def test_a_digest_is_the_same_in_every_process() -> None:
    code = (
        "import sys\n"
        "from scenarios.coverage.definitions import definitions_of\n"
        "from scenarios.coverage.fingerprints import digest\n"
        "print(*(digest(one) for one in definitions_of(sys.stdin.read(), {})))\n"
    )
    here = Path(__file__).parents[3]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=SHOWN,
            capture_output=True,
            check=True,
            text=True,
            cwd=here,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert outputs == {" ".join(DIGESTS.values()) + "\n"}


def test_kind_name_and_tokens_make_a_digest_and_the_place_does_not() -> None:
    one = definitions_of("int f(void) { return 1; }", {})[0]
    assert digest(attrs.evolve(one, first_line=9, last_line=9)) == digest(one)
    others = (
        attrs.evolve(one, kind="macro"),
        attrs.evolve(one, name="g"),
        attrs.evolve(one, tokens=(*one.tokens, ";")),
        attrs.evolve(one, tokens=("".join(one.tokens),)),
    )
    assert len({digest(other) for other in (one, *others)}) == 5


def test_what_is_of_no_kernel_is_not_known() -> None:
    assert all(known_as(found) is None for found in definitions_of(SHOWN, {}))
