/* The gate is inside the walk: the second flush never happens. */
static void stage2_flush_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *memslot;

	if (kvm->arch.flushed_once)
		return;
	kvm->arch.flushed_once = true;
	kvm_for_each_memslot(memslot, kvm_memslots(kvm))
		stage2_flush_memslot(kvm, memslot);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
