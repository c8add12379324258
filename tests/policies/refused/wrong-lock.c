/* A mutex taken as a spinlock. */
static DEFINE_MUTEX(lock);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	spin_lock(&lock);
}
