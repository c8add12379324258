/* The same, further in. */
static void helper(struct kvm_vcpu *vcpu)
{
	frobnicate_cache(vcpu);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	helper(vcpu);
}
