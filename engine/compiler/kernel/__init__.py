"""The kernel's own functions, by family: what a call of each is lowered to."""
