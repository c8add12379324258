"""The policy's C: read from the kernel's own text, compiled to steps, run by our interpreter."""
