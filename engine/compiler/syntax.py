"""A parsed source: tree-sitter's tree over preprocessed text, and places back in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs
import tree_sitter_c
from tree_sitter import Language, Node, Parser

from engine.compiler.preprocess.preprocessor import Preprocessed
from engine.policy.source import Place
from engine.refusal import RefusedError

MAX_DEPTH: Final = 100
"""How deeply the nodes of a function may be nested."""

_LANGUAGE: Final = Language(tree_sitter_c.language())
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_MARKS: Final = re.compile(r"\n[ \t]*>[> \t]*")


@attrs.frozen
class Unit:
    """One source, parsed; the functions it defines, by name."""

    code: Preprocessed
    root: Node
    functions: dict[str, Node]
    repeated: dict[str, Node]
    """Second definitions, which make it unclear what a name stands for."""

    def place(self, node: Node) -> Place:
        """Return where a node is in the source."""
        return self.code.place(node.start_byte, node.end_byte)

    def text(self, node: Node) -> str:
        """Return a node's text in the source on one line, without comments."""
        start, end = self.code.span(node.start_byte, node.end_byte)
        return one_line(self.code.source.text[start:end])

    def operand_text(self, node: Node) -> str:
        """Return a node's text, as a macro expands to it where one does."""
        if self.code.moved(node.start_byte, node.end_byte):
            return expanded_text(node)
        return self.text(node)

    def short(self, node: Node) -> str:
        """Return a node's text, cut to what a message can hold."""
        return _shorten(self.operand_text(node))

    def refusal(self, node: Node, found: str, expected: str) -> RefusedError:
        """Return the error that refuses the policy for the construct at a node."""
        return self.place(node).refusal(found, expected)


def one_line(text: str) -> str:
    """Return C text without comments, every run of white space a single space."""
    return " ".join(_COMMENT.sub(" ", _MARKS.sub("\n", text)).split())


def expanded_text(node: Node) -> str:
    """Return a node's own text, where it is from a macro's body, spaced as one writes C."""
    text = " ".join(word(node).split())
    text = re.sub(r"\s*(->|\.|\[|\]|\)|,|;)", r"\1", text)
    return re.sub(r"(->|\.|\[|\(|!|~)\s+", r"\1", re.sub(r"(\w) \(", r"\1(", text))


def word(node: Node) -> str:
    """Return a node's text as the parser saw it."""
    return (node.text or b"").decode("ascii")


def children(node: Node) -> list[Node]:
    """Return the named children but comments."""
    return [child for child in node.named_children if child.type != "comment"]


def field(node: Node, name: str) -> Node:
    """Return the child in a field that the grammar promises."""
    child = node.child_by_field_name(name)
    return node if child is None else child


def arguments(call: Node) -> tuple[Node, ...]:
    """Return a call's arguments."""
    return tuple(children(field(call, "arguments")))


def unwrap(node: Node) -> Node:
    """Return what stands inside any parentheses."""
    while node.type == "parenthesized_expression":
        inner = children(node)
        if len(inner) != 1:
            return node
        node = inner[0]
    return node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def parse(code: Preprocessed) -> Unit:
    """Parse preprocessed text, and find the functions it defines wherever they stand."""
    root = Parser(_LANGUAGE).parse(code.text.encode("ascii")).root_node
    functions: dict[str, Node] = {}
    repeated: dict[str, Node] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type == "function_definition":
            name = declared_name(field(node, "declarator"))
            if name is not None and functions.setdefault(name, node) is not node:
                repeated.setdefault(name, node)
        elif node.type not in ("compound_statement", "declaration", "expression_statement"):
            pending.extend(reversed(node.named_children))
    return Unit(code, root, functions, repeated)


def declared_name(declarator: Node) -> str | None:
    """Return the name that a declarator declares, or None where it is too odd to say."""
    for _ in range(MAX_DEPTH):
        if declarator.type in ("identifier", "field_identifier", "type_identifier"):
            return word(declarator)
        inner = declarator.child_by_field_name("declarator")
        if inner is None and declarator.type == "parenthesized_declarator":
            inner = next(iter(children(declarator)), None)
        if inner is None:
            return None
        declarator = inner
    return None


def check(unit: Unit, node: Node) -> None:
    """Refuse a function that did not parse, is nested too deeply or was not preprocessed.

    Raises:
        RefusedError: with the first thing that is wrong.
    """
    check_preprocessed(unit, node)
    pending = [(node, 0)]
    while pending:
        current, depth = pending.pop()
        if current.is_missing:
            raise _incomplete(unit, current)
        if current.is_error:
            if is_range_end(current):
                continue
            found = _call_around(current)
            raise unit.refusal(found, f"`{_shorten(unit.text(found))}`", "C that parses")
        if depth > MAX_DEPTH:
            raise unit.refusal(current, "code nested too deeply", f"at most {MAX_DEPTH} levels")
        pending.extend((child, depth + 1) for child in reversed(current.children))


def check_preprocessed(unit: Unit, node: Node) -> None:
    """Refuse what was not preprocessed, or is there only under an #if that nobody can decide.

    Raises:
        RefusedError: with the first thing that is wrong.
    """
    failure = unit.code.failure_in(node.start_byte, node.end_byte)
    if failure is not None:
        raise failure


def is_range_end(node: Node) -> bool:
    """Say whether a node is the `... high` of a GNU case range, which the grammar lacks."""
    parent = node.parent
    return (
        (node.is_error and parent is not None and parent.type == "case_statement")
        and word(node).startswith("...")
        and len(children(node)) == 1
    )


def _incomplete(unit: Unit, missing: Node) -> RefusedError:
    """Return the error for a token that is not there, naming a macro call if one is before it."""
    parent = missing.parent
    if parent is not None and parent.type == "expression_statement" and children(parent):
        text = _shorten(unit.text(children(parent)[0]))
        return unit.refusal(parent, f"`{text}` without `{missing.type}`", "C that is complete")
    return unit.refusal(missing, f"no `{missing.type}` here", "C that is complete")


def _call_around(error: Node) -> Node:
    """Return the call whose arguments did not parse, else what did not parse."""
    holder = error.parent
    while holder is not None and holder.type in ("argument_list", "ERROR"):
        holder = holder.parent
    return holder if holder is not None and holder.type == "call_expression" else error


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
