"""A mail: its text decoded, and what it quotes told from what it says."""
