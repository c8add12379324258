"""The commands of every screen."""

from __future__ import annotations

from typing import Final

import attrs

from tui.keys.command import Command, prompted

STEPS: Final = (
    prompted("step", "step", ("right", "l"), "One step forward", "step"),
    prompted("back", "back", ("left", "h"), "One step back", "step"),
    prompted(
        "next-instruction", "stepi", ("down", "j"), "To the next instruction of a guest", "guest"
    ),
    prompted(
        "previous-instruction", "reverse-stepi", ("up", "k"), "To the instruction before", "guest"
    ),
    prompted("next-statement", "next", ("s",), "To the next statement of KVM's policy", "KVM"),
    prompted("previous-statement", "reverse-next", ("S",), "To the statement before", "KVM"),
)
"""How one goes from step to step."""

WHOSE: Final = (
    prompted("own-step", "ownstep", ("v",), "To the next step of the same vCPU", "own"),
    prompted("own-step-back", "reverse-ownstep", ("V",), "To its step before", "own"),
    Command("actor", "choose_actor", ("a",), "Whose steps to go by: everybody's or one's", "whose"),
)
"""How one follows one actor."""

SEEKING: Final = (
    prompted("next-event", "nextevent", ("n",), "To the next event of the chosen kind", "event"),
    prompted("previous-event", "prevevent", ("p",), "To the event before", "event"),
    Command(
        "kind",
        "choose_kind",
        ("t",),
        "Choose the kind of event for {next-event} and {previous-event}",
        "kind",
    ),
    Command(
        "search",
        "prompt('/')",
        ("slash",),
        "Search the events; {next-event} and {previous-event} go on",
        "search",
    ),
    Command("search-back", "prompt('?')", ("backslash",), "Search the events backwards", "search"),
)
"""How one finds events."""

FINDINGS: Final = (
    prompted("exact", "exact", ("x",), "To the exact step: from here on memory is stale", "exact"),
    prompted("next-finding", "nextfinding", ("f",), "To the next finding", "finding"),
    prompted("previous-finding", "prevfinding", ("F",), "To the finding before", "finding"),
)
"""How one finds what went wrong."""

MOVES: Final = (*STEPS, *FINDINGS)
"""How one goes through a run of which nothing else is to be told."""

LEAPS: Final = (
    Command("start", "start", ("g", "home"), "To the start; with a count, to that step", "ends"),
    Command("end", "end", ("G", "end"), "To the last step; with a count, to that step", "ends"),
    prompted("ten-forward", "step 10", ("pagedown",), "Ten steps forward", "ten"),
    prompted("ten-back", "back 10", ("pageup",), "Ten steps back", "ten"),
)
"""How one goes through it faster."""

STOPPING: Final = (
    prompted(
        "continue", "continue", ("c",), "On to a breakpoint, watch or finding, or the end", "run"
    ),
    prompted("reverse-continue", "reverse-continue", ("C",), "Back to one, or the start", "run"),
    Command("breakpoint", "breakpoint", ("b",), "Set a breakpoint, or take it away", "break"),
    Command("stops", "show('stops')", ("B",), "The breakpoints, watches and bookmarks", "list"),
    Command("bookmark", "prompt_for('mark ')", ("m",), "Put a bookmark here, with a text", "mark"),
)
"""Where one stops."""

ASKING: Final = (
    Command("why", "why", ("w",), "Where the value that is chosen comes from", "why"),
    Command(
        "choices", "show('choices')", ("r",), "What else can happen here; Enter takes it", "roads"
    ),
    Command("branches", "show('branches')", ("R",), "The branches, as a tree", "roads"),
    Command(
        "explore", "explore_here", ("e",), "Explore every interleaving from here on", "explore"
    ),
    Command("explore-all", "explore_all", ("E",), "Explore every interleaving", "explore"),
    Command("former", "former", ("u",), "Back to what was shown before", "undo"),
    Command("later", "later", ("U",), "Forward to it again", "undo"),
    Command(
        "compare", "choose_compared", ("d",), "Compare with another policy or branch", "compare"
    ),
    Command(
        "every-guest",
        "every_guest",
        ("A",),
        "Ask whether any guest breaks the policy; again: open the shortest",
        "guests",
    ),
)
"""What one asks: why, what else, and how it differs."""

PLAYING: Final = (
    Command("play", "play", ("space",), "Play the run, or stop playing", "play"),
    Command("faster", "speed(2)", ("plus", "equals_sign"), "Play twice as fast", "speed"),
    Command("slower", "speed(0.5)", ("minus",), "Play half as fast", "speed"),
)
"""How the run plays by itself."""

SHARING: Final = (
    Command("policy", "choose_policy", ("P",), "Put another policy into this run's KVM", "policy"),
    Command(
        "edit", "edit_policy", ("ctrl+e",), "Edit the policy in $EDITOR, and take it up", "edit"
    ),
    Command("save", "save", ("ctrl+s",), "Save the session to a file", "save"),
    prompted("copy", "copy", ("y",), "Copy the command that replays this", "copy"),
    prompted("copy-mail", "copy mail", ("Y",), "Copy the run as the body of a mail", "copy"),
)
"""What one changes, keeps and passes on."""

PANELS: Final = (
    Command("command-line", "prompt(':')", ("colon",), "Type a command, as in gdb", "command"),
    Command(
        "whole-line", "whole_line", ("enter",), "Show the whole of an answer that is cut", "all"
    ),
    Command(
        "focus", "focus_panel(1)", ("tab",), "To the next panel: arrows and Enter go there", "panel"
    ),
    Command("focus-back", "focus_panel(-1)", ("shift+tab",), "To the panel before", "panel"),
    Command(
        "next-tab",
        "turn_tab(1)",
        ("right_square_bracket",),
        "The next panel of those that share a place",
        "tab",
    ),
    Command("previous-tab", "turn_tab(-1)", ("left_square_bracket",), "The one before", "tab"),
    Command("zoom", "zoom", ("z",), "Zoom the panel that is chosen, or back", "zoom"),
    Command("panels", "choose_panels", ("o",), "Hide panels, or show them again", "hide"),
)
"""How the screen is arranged."""

LEAVE: Final = Command(
    "leave", "leave", ("escape",), "Out of what is open; last, to the scenarios", "out"
)

DEBUGGER: Final = (
    *STEPS,
    *FINDINGS,
    *ASKING,
    *STOPPING,
    *SEEKING,
    *PLAYING,
    *WHOSE,
    *LEAPS,
    *PANELS,
    *SHARING,
    LEAVE,
)
"""What the debugger screen does."""

TOURED: Final = tuple(command for command in DEBUGGER if command not in PLAYING)
"""What of the debugger a tour has: it is the presenter who goes on."""

OF_TOUR: Final = (
    Command("next-note", "next_note", ("space", "pagedown", "right"), "To the next note", "note"),
    Command(
        "previous-note",
        "previous_note",
        ("backspace", "pageup", "left"),
        "To the note before",
        "note",
    ),
)
"""What a tour adds to that; its keys take those of a presenter's remote control."""

OF_QUIZ: Final = (
    Command("answer-a", "answer(0)", ("a", "1"), "Answer a", "answer"),
    Command("answer-b", "answer(1)", ("b", "2"), "Answer b", "answer"),
    Command("answer-c", "answer(2)", ("c", "3"), "Answer c", "answer"),
    Command("answer-d", "answer(3)", ("d", "4"), "Answer d", "answer"),
    Command("next-question", "next_question", ("space", "enter"), "To the next question", "on"),
    Command("board-down", "scroll_board(1)", ("pagedown",), "Scroll the question down", "scroll"),
    Command("board-up", "scroll_board(-1)", ("pageup",), "Scroll the question up", "scroll"),
)
"""What a quiz adds to going through a run, which it shows up to the question alone."""

QUIZZED: Final = (*MOVES, *LEAPS, attrs.evolve(LEAVE, title="Back to the scenarios"))
"""What of the debugger a quiz has."""

COMPARE: Final = (
    Command("step", "row(1)", ("right", "l"), "One step forward, on both sides", "step"),
    Command("back", "row(-1)", ("left", "h"), "One step back, on both sides", "step"),
    Command(
        "next-instruction",
        "instruction(1)",
        ("down", "j"),
        "To the next instruction of a guest",
        "guest",
    ),
    Command(
        "previous-instruction", "instruction(-1)", ("up", "k"), "To the instruction before", "guest"
    ),
    Command("next-statement", "statement(1)", ("s",), "To the next statement of a policy", "KVM"),
    Command("previous-statement", "statement(-1)", ("S",), "To the statement before", "KVM"),
    Command(
        "divergence",
        "divergence",
        ("d",),
        "To the first divergence, then to that in memory",
        "diverge",
    ),
    Command("next-event", "difference(1)", ("n",), "To where the next difference begins", "differ"),
    Command("previous-event", "difference(-1)", ("p",), "To where the one before began", "differ"),
    Command("exact", "exact", ("x",), "To the exact step of either side", "exact"),
    Command("next-finding", "finding(1)", ("f",), "To the next finding of either side", "finding"),
    Command("previous-finding", "finding(-1)", ("F",), "To the finding before", "finding"),
    Command("start", "start", ("g", "home"), "To the start; with a count, to that row", "ends"),
    Command("end", "end", ("G", "end"), "To the last row; with a count, to that row", "ends"),
    Command("ten-forward", "row(10)", ("pagedown",), "Ten steps forward", "ten"),
    Command("ten-back", "row(-10)", ("pageup",), "Ten steps back", "ten"),
    Command("play", "play", ("space",), "Play both sides, or stop playing", "play"),
    Command("faster", "speed(2)", ("plus", "equals_sign"), "Play twice as fast", "speed"),
    Command("slower", "speed(0.5)", ("minus",), "Play half as fast", "speed"),
    Command("open-left", "open_side('left')", ("a",), "Debug the left side from here", "A, B"),
    Command("open-right", "open_side('right')", ("b",), "Debug the right side from here", "A, B"),
    Command("swap", "swap", ("i",), "Let the other side drive", "swap"),
    Command("copy", "copy", ("y",), "Copy the command that replays this", "copy"),
    Command("leave", "leave", ("escape",), "Back to where the comparison was asked for", "leave"),
)
"""What the lock-step comparison of two runs does."""

PICKER: Final = (
    Command("open", "open", ("enter",), "Open the scenario under the policy", "open"),
    Command("other-list", "other_list", ("tab",), "Between scenarios and policies", "other list"),
    Command("filter", "filter", ("slash",), "Show only what has some words in it", "filter"),
    Command("compare", "compare", ("d",), "Compare the policy with upstream", "compare"),
    Command("leave", "leave", ("escape",), "Show all again; last, back to the run", "back"),
)
"""What the picker does."""

MORE: Final = Command("more", "more_keys", ("full_stop",), "More keys in the footer", "more")

EVERYWHERE: Final = (
    Command("help", "app.help", ("question_mark",), "Explain the screen and its keys", "help"),
    Command("quit", "app.quit", ("q",), "Quit", "quit"),
)
"""What every screen does."""
