"""The machine as one frozen value, the events that move it and the effects they have."""
