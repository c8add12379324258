/* Another file has the variable, and no local of that name stands for it. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	extern int flush_mode;

	if (!flush_mode)
		stage2_flush_vm(vcpu->kvm);
}
