"""What KVM does on the host: exits, stage-2 maintenance and the policy's C, step by step."""
