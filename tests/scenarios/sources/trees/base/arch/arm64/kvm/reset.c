void kvm_reset_it(void)
{
	int ret = 0;

	reset_one(ret);
	reset_two(ret);
}
