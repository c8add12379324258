"""The screens: the picker of scenarios, the debugger and the help."""
