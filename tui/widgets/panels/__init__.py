"""The panels: rows below a header, what they are painted with, and how they lie together."""
