"""Learning: the moves of the machine, learned from its one transition function and kept packed."""
