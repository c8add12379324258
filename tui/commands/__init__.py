"""The commands: what a line of the prompt, or of a script, does with a session.

A command is declared where it is done, by `command.command` around the function that takes a
session and an argument, and returns the session after it and what it prints; it raises a
`RefusedError` for what cannot be done. `prompt` knows all of them: it does lines and completes
them. What takes more than a session, a file or another policy, a command in `outside` requests;
whoever performs it has it done by `tui.files.outside_work`.
"""
