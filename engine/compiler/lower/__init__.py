"""Lowering: functions of C become operations, by rules `rule(lowering, node)`.

`lowering` is what every rule is given: what is known of the function so far, and the tables by
which it finds the rule for a node inside its own. `values`, `conditions`, `lvalues`, `members`,
`objects` and `calls` make typed expressions, and emit nothing; `hoisting` emits operations for the
calls among them that need their own; `statements`, `blocks`, `loops` and `switch` emit the rest,
into `flow`, which numbers it. Expressions are put together by `build`, and made to fit each other
by `conversions`.
"""
