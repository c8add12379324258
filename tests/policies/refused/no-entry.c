/* Nothing here is called when caches are toggled. */
static int answer(void)
{
	return 42;
}
