"""The terminal: what drives it, what may be sent to it, and in which colours."""
