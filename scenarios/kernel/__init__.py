"""What KVM's own C decides about guest memory, by function and by trapped register."""
