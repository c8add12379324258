/* A small tree of our own wording: only what can be run, and code around it. */
static struct kvm_pgtable *hyp_pgtable;

static int kvm_map_idmap_text(void)
{
	return create_hyp_idmap(hyp_pgtable, 0);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	unsigned long hcr = *vcpu_hcr(vcpu);

	/* The first set/way operation flushes; what follows is caught by TVM. */
	if (!(hcr & HCR_TVM)) {
		stage2_flush_vm(vcpu->kvm);
		*vcpu_hcr(vcpu) = hcr | HCR_TVM;
	}
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	/* On or off: clean and invalidate does it either way. */
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

int kvm_mmu_init(u32 *hyp_va_bits)
{
	int err;

	err = kvm_map_idmap_text();
	if (err)
		kvm_err("no idmap\n");
	return err;
}
