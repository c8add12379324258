"""Scenarios in TOML and policies in C, read into the engine's values; schedules played."""
