"""The commands: what a line of the prompt, or of a batch, does with a session.

A handler returns the session that follows; it raises a `CommandError` for what cannot be done.
"""
