/* An array passed on as a whole. */
static bool any(int *flags)
{
	return *flags;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	static int flags[2];

	if (!any(flags))
		stage2_flush_vm(vcpu->kvm);
}
