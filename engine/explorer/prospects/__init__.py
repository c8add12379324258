"""Prospects: what can still become of a run, in fair runs, and who is stuck."""
