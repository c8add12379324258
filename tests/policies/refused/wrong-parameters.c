/* The old number of arguments, with nothing that says what was. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu)
{
	stage2_flush_vm(vcpu->kvm);
}
