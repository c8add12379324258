"""Lowering: from the tree of a function to the operations of a policy."""
