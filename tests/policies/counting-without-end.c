/* A loop that changes a variable at every turn, and never ends either. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	u64 turns = 0;

	while (!READ_ONCE(vcpu->kvm->arch.never_set))
		turns++;
	stage2_flush_vm(vcpu->kvm);
}
