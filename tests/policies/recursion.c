/* Down and up again; a frame each. */
static int depth(int n)
{
	return n > 0 ? depth(n - 1) + 1 : 0;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (depth(3) == 3)
		stage2_flush_vm(vcpu->kvm);
}
