/* What a guest's trapped accesses to system registers do. */
#include <linux/kvm_host.h>

/* A data cache operation by set and way. */
static bool access_dcsw(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			const struct sys_reg_desc *r)
{
	if (!p->is_write)
		return read_from_write_only(vcpu, p);

	clean_this_cpu(p);
	remember_cpu(vcpu);
	return true;
}

/* A register of the guest's own translation regime. */
static bool access_vm_reg(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			  const struct sys_reg_desc *r)
{
	BUG_ON(!p->is_write);

	vcpu_sys_reg(vcpu, r->reg) = *vcpu_reg(vcpu, p->Rt);
	return true;
}

/* The register that turns the caches on. */
static bool access_sctlr(struct kvm_vcpu *vcpu, const struct sys_reg_params *p,
			 const struct sys_reg_desc *r)
{
	access_vm_reg(vcpu, p, r);

	if (vcpu_has_cache_enabled(vcpu)) {
		vcpu->arch.hcr_el2 &= ~HCR_TVM;
		stage2_flush_vm(vcpu->kvm);
	}

	return true;
}

static const struct sys_reg_desc sys_reg_descs[] = {
	/* DC ISW */
	{ Op0(1), Op1(0), CRn(7), CRm(6), Op2(2), access_dcsw },
	/* SCTLR_EL1 */
	{ Op0(3), Op1(0), CRn(1), CRm(0), Op2(0), access_sctlr, reset_val, SCTLR_EL1 },
	/* TTBR0_EL1 */
	{ Op0(3), Op1(0), CRn(2), CRm(0), Op2(0), access_vm_reg, reset_unknown, TTBR0_EL1 },
};
