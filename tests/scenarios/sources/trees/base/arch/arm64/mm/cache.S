	dc	civac, x0
	ret
