/* Registers of 64 bits, half of which a 32-bit guest might write. */
static bool access_vm_reg(struct kvm_vcpu *vcpu,
			  struct sys_reg_params *p,
			  const struct sys_reg_desc *r)
{
	bool was_enabled = vcpu_has_cache_enabled(vcpu);
	int reg = r->reg;
	u64 val = p->regval;

	BUG_ON(!p->is_write);

	if (p->is_aarch32 && p->is_32bit)
		val = (u64)upper_32_bits(vcpu_read_sys_reg(vcpu, reg)) << 32 | lower_32_bits(val);
	vcpu_write_sys_reg(vcpu, val, reg);

	kvm_toggle_cache(vcpu, was_enabled);
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu_has_cache_enabled(vcpu) != was_enabled)
		stage2_flush_vm(vcpu->kvm);
}
