"""A step told: its label, its sentence, its sign, the messages in it."""
