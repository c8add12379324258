"""Questions on a run, derived from its steps: what will happen, and why it did."""
