"""The scrubber: all steps of a run side by side, with a lane for each who moves."""
