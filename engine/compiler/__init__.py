"""The compiler: from the text of kernel C to the policy that KVM runs."""
