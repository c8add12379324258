"""What A64 has and the model leaves out: by mnemonic, what to write instead, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NO_EXCEPTIONS: Final = "a branch to where the handler is (b, bl): no exceptions are taken here"
_NO_EL3: Final = "hvc #0: KVM answers PSCI there"
_NO_TABLES: Final = "an address: there are no translations here, all are intermediate physical ones"
_NO_PAIRS: Final = "cas, or an exclusive, of each word: a pair is not one access here"
_NO_PARTS: Final = "an access by a w or x register: words are 4 or 8 bytes"
_NO_TIME: Final = "wfe or wfi: there is no time here"
_NO_VECTORS: Final = "ldp and stp of x registers: there are no vector registers here"
_NO_SIGNATURES: Final = "nothing in its place: pointers are not signed here"
_NO_PREFETCH: Final = "a load, or a schedule's entry 'fill x on pcpu0': hints fill nothing here"
_NO_TAGS: Final = "nothing in its place: the model has no MTE"

LEFT_OUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("svc", "brk", "hlt", "udf", "dcps1"), _NO_EXCEPTIONS),
    "smc": _NO_EL3,
    **dict.fromkeys(("at", "sys", "sysl"), _NO_TABLES),
    **dict.fromkeys(("ldxp", "ldaxp", "stxp", "stlxp"), _NO_PAIRS),
    **dict.fromkeys(("casp", "caspa", "caspl", "caspal", "ldpsw"), _NO_PAIRS),
    **dict.fromkeys(("ldrsb", "ldrsh", "ldxrb", "ldxrh", "ldaxrb", "ldaxrh"), _NO_PARTS),
    **dict.fromkeys(("stxrb", "stxrh", "stlxrb", "stlxrh", "ldarb", "ldarh"), _NO_PARTS),
    **dict.fromkeys(("stlrb", "stlrh", "ldurb", "ldurh", "sturb", "sturh"), _NO_PARTS),
    **dict.fromkeys(("swpb", "swph", "casb", "cash", "ldaddb", "ldaddh"), _NO_PARTS),
    **dict.fromkeys(("ldtr", "sttr"), "ldr or str: guests run at EL1, on their own mappings"),
    **dict.fromkeys(("wfet", "wfit"), _NO_TIME),
    **dict.fromkeys(("ld1", "st1", "fmov", "dup", "movi", "ldnf1", "cpyp", "setp"), _NO_VECTORS),
    **dict.fromkeys(("pacia", "autia", "pacga", "xpaci", "braa", "blraa", "retaa"), _NO_SIGNATURES),
    **dict.fromkeys(("prfm", "prfum"), _NO_PREFETCH),
    **dict.fromkeys(("stg", "st2g", "stzg", "stz2g", "ldg", "stgm", "stzgm", "irg"), _NO_TAGS),
    **dict.fromkeys(("umulh", "smulh", "umull", "smull", "umaddl"), "mul or madd of x registers"),
}
"""What is expected in place of a mnemonic."""
