"""The exhaustive search: every canonical state, each move of everybody.

`search` expands the states of a frontier by `groups`, which take most moves as one.
"""
