/* The vCPU after this one. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm_vcpu *next = vcpu + 1;
}
