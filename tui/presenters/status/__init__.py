"""The status lines: the heading, the verdict, what a search has come to."""
