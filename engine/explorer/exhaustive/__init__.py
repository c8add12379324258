"""The exhaustive search: every state, each move of everybody."""
