/* An identity that is not for changing. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	vcpu->vcpu_id = 0;
}
