/* Forward and backward jumps. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);
	int rounds = 0;

	if (now_enabled == was_enabled)
		goto done;
again:
	stage2_flush_vm(vcpu->kvm);
	if (++rounds < 2)
		goto again;
done:
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
