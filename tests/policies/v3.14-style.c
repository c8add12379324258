/* Before there was kvm_toggle_cache(): the trap handler flushes by itself. */
static bool access_vm_reg(struct kvm_vcpu *vcpu,
			  const struct sys_reg_params *p,
			  const struct sys_reg_desc *r)
{
	BUG_ON(!p->is_write);

	if (!p->is_aarch32)
		vcpu_sys_reg(vcpu, r->reg) = *vcpu_reg(vcpu, p->Rt);
	else if (p->is_32bit)
		vcpu_cp15(vcpu, r->reg) = *vcpu_reg(vcpu, p->Rt);
	else
		vcpu_cp15(vcpu, r->reg + 1) = *vcpu_reg(vcpu, p->Rt) >> 32;

	return true;
}

static bool access_sctlr(struct kvm_vcpu *vcpu,
			 const struct sys_reg_params *p,
			 const struct sys_reg_desc *r)
{
	access_vm_reg(vcpu, p, r);

	if (vcpu_has_cache_enabled(vcpu)) {
		vcpu->arch.hcr_el2 &= ~HCR_TVM;
		stage2_flush_vm(vcpu->kvm);
	}

	return true;
}
