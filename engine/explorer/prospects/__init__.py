"""Prospects: what can still come of a run in each state, if it is fair.

`graph` visits every state and notes where each mover's event leads, `fairness` says from which of
them fair runs break, and `prospects` makes an `outlook` of that.
"""
