"""The controllers: each does one thing for the screen that owns it, with actions of its own.

A screen is made of widgets, which show, and controllers, which do. What a controller can be asked
for by a key is a method `action_...` of its own; what Escape ends is its `try_leave`. None knows
which screen it belongs to, but for how that shows its session and says something.
"""
