"""The explorer: every interleaving of actors and hardware, decided exactly."""
