/* Flush unless some other vCPU has its caches on already. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);
	bool another = false;
	struct kvm_vcpu *other;
	unsigned long i;

	kvm_for_each_vcpu(i, other, vcpu->kvm) {
		if (other == vcpu)
			continue;
		if (vcpu_has_cache_enabled(other)) {
			another = true;
			break;
		}
	}

	if (now_enabled != was_enabled && !another)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
