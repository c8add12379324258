"""A scenario's file: TOML read, structured into tables, and made the engine's values."""
