"""A policy as KVM runs it: values, operations and frames, with what it was compiled from."""
