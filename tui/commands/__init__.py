"""The commands: what a line of the prompt, or of a batch, does with a session."""
