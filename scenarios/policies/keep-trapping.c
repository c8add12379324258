/*
 * Upstream, but TVM stays set for good.
 * No switch goes unseen: not one before a set/way operation, nor one after PSCI CPU_ON, where
 * upstream has stopped looking. The price is an exit for every write of TTBR0_EL1, that is for
 * every context switch of the guest.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		vcpu->arch.flush_at_set_way = true;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	/* TVM is set whatever happened, and cannot tell the first operation from the rest. */
	if (vcpu->arch.flush_at_set_way) {
		trace_kvm_set_way_flush(*vcpu_pc(vcpu), vcpu_has_cache_enabled(vcpu));
		vcpu->arch.flush_at_set_way = false;
		stage2_flush_vm(vcpu->kvm);
	}
}
