"""Exploring for a command: the cells it asks for, in processes, with progress, until Ctrl-C."""
