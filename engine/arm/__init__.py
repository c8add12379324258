"""What the Arm architecture says: registers, memory types and the A64 instructions guests use."""
