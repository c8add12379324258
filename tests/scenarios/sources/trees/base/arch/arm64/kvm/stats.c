#define COUNTED(name) \
	{ name, count_of(name) }

int counted;
int others;
