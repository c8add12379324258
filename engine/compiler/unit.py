"""What the names of a source stand for outside of its functions."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from tree_sitter import Node

from engine.compiler.declarations import STRUCT_TAGS, declarators
from engine.compiler.syntax import Unit, children, declared_name, field, word


@attrs.frozen
class Enumerator:
    """A name of an enum: the enum's list, and which of it."""

    listing: Node
    index: int


@attrs.frozen(eq=False)
class UnitNames:
    """A unit and what its names outside of functions stand for, by the nodes that say so."""

    number: int
    unit: Unit
    globals: dict[str, tuple[Node, Node]]
    """Variables: the declaration, and the declarator in it."""
    enumerators: dict[str, Enumerator]
    typedefs: dict[str, Node]
    members: dict[tuple[str, str], tuple[Node, Node]]
    """Members of KVM's structs that the unit itself declares, by tag and name."""

    @classmethod
    def of(cls, number: int, unit: Unit) -> UnitNames:
        """Collect the names of a unit."""
        names = cls(number, unit, {}, {}, {}, {})
        for node in _outer(unit.root):
            match node.type:
                case "declaration":
                    for declarator in declarators(node):
                        name = declared_name(declarator)
                        if name is not None:
                            names._add_global(name, node, declarator)
                case "type_definition":
                    for declarator in declarators(node):
                        name = declared_name(declarator)
                        if name is not None:
                            names.typedefs.setdefault(name, node)
                case "enumerator_list":
                    for index, item in enumerate(children(node)):
                        if item.type == "enumerator":
                            key = word(field(item, "name"))
                            names.enumerators.setdefault(key, Enumerator(node, index))
                case "struct_specifier":
                    names._collect_members(node)
                case _:
                    continue
        return names

    def _add_global(self, name: str, declaration: Node, declarator: Node) -> None:
        """Note a variable; of several declarations the one that gives its value counts."""
        known = self.globals.get(name)
        if known is None or (
            known[1].type != "init_declarator" and declarator.type == "init_declarator"
        ):
            self.globals[name] = (declaration, declarator)

    def _collect_members(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None or word(name) not in STRUCT_TAGS:
            return
        for member in children(body):
            if member.type == "field_declaration":
                for declarator in declarators(member):
                    key = declared_name(declarator)
                    if key is not None:
                        self.members.setdefault((word(name), key), (member, declarator))


def _outer(root: Node) -> Iterator[Node]:
    """Yield the nodes outside of functions and initialisers."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if node.type not in ("function_definition", "compound_statement", "initializer_list"):
            pending.extend(reversed(node.named_children))
