"""A patch: its hunks found in a text, repaired, and applied to the file they are of."""
