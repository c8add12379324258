"""Sessions: a run being debugged by command, as one value, and the commands on it."""
