/* What a helper finds may be another at each call, and the compiler may keep the first. */
static bool is_on(struct kvm_vcpu *vcpu) __attribute__((const));

static __attribute__((const)) bool differ(bool one, bool other)
{
	return one ^ other;
}

static bool is_on(struct kvm_vcpu *vcpu)
{
	return vcpu_has_cache_enabled(vcpu);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (differ(is_on(vcpu), was_enabled))
		stage2_flush_vm(vcpu->kvm);
	if (is_on(vcpu))
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
