/*
 * Upstream since v3.19: a flush whenever a vCPU switches its caches on or off.
 * The whole VM is cleaned and invalidated, since nobody knows which lines hold what the guest
 * wrote around the caches, or left in them.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	/* On: drop stale copies. Off: write dirty ones back. One walk does both. */
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	/* With caches on there is no more to catch, until a set/way operation. */
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
