/* No C: a declaration cannot be the branch of an if, and this lock would be let go at once. */
static DEFINE_MUTEX(toggle_mutex);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (!was_enabled)
		guard(mutex)(&toggle_mutex);
	stage2_flush_vm(vcpu->kvm);
}
