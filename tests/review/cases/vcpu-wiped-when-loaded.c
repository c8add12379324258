/* Whatever traps were set, nothing is left of them once the vCPU has moved. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	memset(&vcpu->arch, 0, sizeof(vcpu->arch));
	vcpu->cpu = cpu;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
