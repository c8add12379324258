/*
 * As in v3.14: a flush as trapping ends, and none ever after.
 * There was no kvm_toggle_cache() yet: access_sctlr() flushed when it found caches on, whether
 * they had just been switched or not, and no set/way operation armed TVM again.
 */
static bool access_vm_reg(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			  const struct sys_reg_desc *r)
{
	vcpu_sys_reg(vcpu, r->reg) = *vcpu_reg(vcpu, p->Rt);
	return true;
}

static bool access_sctlr(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			 const struct sys_reg_desc *r)
{
	access_vm_reg(vcpu, p, r);

	if (vcpu_has_cache_enabled(vcpu)) {
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
		stage2_flush_vm(vcpu->kvm);
	}

	return true;
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	/*
	 * The guest's DC by set/way went to one set and way of the cache of one CPU, and what it
	 * meant to clean may well have been elsewhere: nothing that a guest could rely on.
	 */
}
