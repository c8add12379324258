/* The local is assigned; the member of that name is set nowhere, only read and compared. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	u64 kept;

	kept = vcpu->arch.kept & HCR_TVM;
	if (vcpu_has_cache_enabled(vcpu) != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (vcpu_has_cache_enabled(vcpu))
		*vcpu_hcr(vcpu) &= ~HCR_TVM | kept;
}
