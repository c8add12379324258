"""Queries: a small language of expressions over a run, and what a debugger can stop at."""
