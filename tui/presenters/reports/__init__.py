"""Reports: what `check` and `review` have found, as plain text."""
