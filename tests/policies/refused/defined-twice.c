/* Which of the two is meant? */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	stage2_flush_vm(vcpu->kvm);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
}
