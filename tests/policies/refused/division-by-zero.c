/* Known to be undefined. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	int x = 1 / 0;
}
