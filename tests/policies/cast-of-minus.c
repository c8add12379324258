/* Casts of what begins with an operator that has two meanings. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);
	int one = 1, *where = &one;

	if ((u8)-vcpu->vcpu_id * (u32)*where > 127)
		goto out;
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
out:
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
