/* A counter of flushes, raised by a loop around try_cmpxchg(). */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	int old = atomic_read(&vcpu->kvm->arch.flushes);

	do {
		if (old >= 1)
			return;
	} while (!atomic_try_cmpxchg(&vcpu->kvm->arch.flushes, &old, old + 1));

	stage2_flush_vm(vcpu->kvm);
}
