/* The registers of a 32-bit guest. */
static bool access_sctlr(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			 const struct sys_reg_desc *r)
{
	vcpu_cp15(vcpu, r->reg) = 0;
	return true;
}
