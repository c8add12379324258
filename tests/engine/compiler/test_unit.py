from __future__ import annotations

from tests.engine.compiler.shapes import policy_with


def test_what_lies_outside_of_reachable_functions_is_ignored() -> None:
    junk = 'int f(void) { asm("nop"); }\n@@ -1,2 +3,4 @@ not C at all\n'
    assert len(policy_with("return;", junk).functions) == 2
