"""The subcommands, one a module, and what two of them print or read."""
