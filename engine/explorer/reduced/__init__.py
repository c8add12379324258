"""The reduced search: a slice of the machine a word, with independent moves taken as one."""
