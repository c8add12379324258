/* So many flushes fit into the counter as its type has room for. */
#ifdef FLUSH_RARELY
typedef u8 flushes_t;
#else
typedef u64 flushes_t;
#endif

static flushes_t flushes;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (++flushes)
		stage2_flush_vm(vcpu->kvm);
}
