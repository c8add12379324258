"""What the screen says, as words and flags: pure functions from the engine's values to rows."""
