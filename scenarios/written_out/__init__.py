"""A run written out as a scenario of its own, in the style of the shipped files.

`actions` reads from a run what each actor did: choices and branches are gone, since what they led
to is there. `document` puts actions and all that they need into TOML. `entries` makes a schedule
of a run's events. `guest` leaves out what the finding does not need, and checks that upstream is
safe on what is left.
"""
