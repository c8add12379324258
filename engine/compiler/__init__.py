"""The compiler: from the text of kernel C to the policy that KVM runs.

A source is preprocessed (`preprocess`) and parsed (`syntax`); `unit` and `declarations` find what
its names and types mean. `lower` turns each function that KVM can reach into operations: a rule
for each kind of node, found in tables, so that a value may hold a call and a call a value without
any rule knowing the other's module. `kernel` has a rule for each function of the kernel that the
model knows. `compiler` alone knows them all: it hands the tables in, lowers what is reachable, in
passes until the types of invented members settle (`compilation`), and says what a flush can still
follow (`reachability`). What it made is read for what it goes
by although nothing gave it (`assignment`), or although few vCPUs show it (`identity`), and for what
goes by its arguments alone (`purity`).
"""
