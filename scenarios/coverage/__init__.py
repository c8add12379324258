"""What is known of KVM's own C: what a kernel file defines, what of it decides, what is upstream's.

`translation` takes a file's text through C's first phases: conditionals and macros. `definitions`
cuts the result into what it defines at file scope, `handler_tables` cuts the register tables into
rows. `fingerprints` says whether a definition is one of a real kernel's whose meaning the model
has. A candidate is read so in a `survey`; `bearing` says which of its names decide, `coverage` what
becomes of each change, and `circumstances` what a verdict goes by besides.
"""
