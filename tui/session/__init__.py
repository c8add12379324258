"""A session: a run being debugged, as one value, and no word of how it is told.

`session` is that value. Its branches and its stops are values of their own, in `branches` and
`stops`. `comparison` puts two sessions into lock-step, `history` leads back to what was shown
before, and `requests` are what a command asks for that takes more than a session.
"""
