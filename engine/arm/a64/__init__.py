"""A64 by family: what an instruction is, what it does to a core, how it is written, in one place.

Each room holds the values of a family's instructions, then the readers of their operands, and last
the table of its mnemonics, from which the assembler gathers what programs may hold. What needs the
core alone is a `Computation` and computes itself; what touches memory, system registers or KVM is
executed by whoever runs the program, a guest or the VMM.
"""
