/* No floating point in the kernel. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	float share = 0.5;
}
