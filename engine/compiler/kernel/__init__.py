"""What the model knows of the kernel: a decorated rule for each function, and for its kin.

`accessors` are KVM's own; `generic` is what any code of the kernel uses; `atomics`, `exchanges`,
`bits`, `arithmetic` and `locks` are families. Each module fills a table with the rows of its rules:
names, number of arguments, and whether a source may define the function anew; a rule raises a
`RefusedError` for arguments that its function cannot take. `known` puts the tables together. To add
a function is to write its rule, and a line of C in the tests.
"""
