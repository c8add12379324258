/* A function without an end. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (was_enabled) {
}
