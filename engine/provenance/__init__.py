"""Provenance: where a value that can be looked at comes from, each reason with its step."""
