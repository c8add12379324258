/* State that KVM has and the model has not. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->arch.power_off)
		return;
}
