"""The command line: one module per command, and nothing that needs a screen until one opens."""
