"""A session: a run being debugged, as one value."""
