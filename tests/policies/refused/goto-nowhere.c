/* A label that is not there. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	goto out;
}
