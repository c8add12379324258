"""Learning: the moves of the machine, learned from its one transition function and kept packed.

`moves` runs the function on a machine that notes reads (`tracking`), whose pieces of state are
numbered (`fields`), their values too (`interning`), and in which words that are left out hold
symbolic values (`symbolic`). `projection` does for the judge what `moves` does for the machine, and
`packed_moves` makes of both what is added to a packed state (`packing`).
"""
