/* What is compared with depends on what the text does not explain. */
#ifdef FLUSH_LATE
enum { FIRST = 1 };
#else
enum { FIRST = 0 };
#endif

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->vcpu_id >= FIRST)
		stage2_flush_vm(vcpu->kvm);
}
