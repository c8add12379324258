/* A walk over a part of stage 2. */
static void stage2_flush_memslot(struct kvm *kvm, struct kvm_memory_slot *memslot)
{
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	stage2_flush_memslot(vcpu->kvm, NULL);
}
