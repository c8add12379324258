"""How fast the explorer is, beside Spin and minicheck, on a scenario family that scales."""
