/* The handler of today, which calls the toggle. */
static void get_access_mask(const struct sys_reg_desc *r, u64 *mask, u64 *shift);

static bool access_vm_reg(struct kvm_vcpu *vcpu,
			  struct sys_reg_params *p,
			  const struct sys_reg_desc *r)
{
	bool was_enabled = vcpu_has_cache_enabled(vcpu);
	u64 val, mask, shift;

	BUG_ON(!p->is_write);

	get_access_mask(r, &mask, &shift);
	val = ~mask ? vcpu_read_sys_reg(vcpu, r->reg) & ~mask : 0;
	val |= (p->regval & (mask >> shift)) << shift;
	vcpu_write_sys_reg(vcpu, val, r->reg);

	kvm_toggle_cache(vcpu, was_enabled);
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu_has_cache_enabled(vcpu) != was_enabled)
		stage2_flush_vm(vcpu->kvm);
}
