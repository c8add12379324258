/* Everyone but vcpu0 waits for a flush that need not come. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (vcpu->vcpu_id == 0) {
		if (now_enabled != was_enabled)
			stage2_flush_vm(vcpu->kvm);
		smp_store_release(&vcpu->kvm->arch.vcpu0_done, true);
	} else {
		while (!smp_load_acquire(&vcpu->kvm->arch.vcpu0_done))
			cpu_relax();
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
