/* Known to be undefined. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	u32 x = 1U << 32;
}
