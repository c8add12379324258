"""The screens: the picker, a run gone through, debugged, toured or asked about, two compared.

`keyed` does the command of a key, with a count, and knows what Escape leaves. `run_screen` shows
one run; `quiz` and `debugger` are such, and `tour` is a debugger. What a screen does besides
showing is done by its `controllers`; the others lie over a screen until they have their answer.
"""
