"""The deterministic engine: Arm's rules, KVM's code, one transition function and its judge."""
