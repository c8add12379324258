"""Lowering of statements: a function's body becomes steps and the flow between them."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.c.addresses import Region
from engine.c.build import ONE, ZERO, as_bool, logical, operate, sequence
from engine.c.context import Compilation, Signature
from engine.c.declarations import Declared, declarators, is_static
from engine.c.expressions import (
    BinaryOperator,
    Constant,
    Expression,
    FieldAddress,
    Load,
    LocalAddress,
    Store,
)
from engine.c.flow import Flow, Label, loop_heads
from engine.c.hoisting import Hoisting
from engine.c.locks import GUARDS, UNCHECKED_GUARDS
from engine.c.names import Object
from engine.c.policy import Function
from engine.c.preprocessor import EACH_VCPU, SCOPED_GUARD
from engine.c.steps import Acquire, Execute, Release, Return, Select
from engine.c.syntax import check, children, field, is_range_end, unwrap, walk, word
from engine.c.types import (
    INT,
    VCPU,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockType,
    PointerType,
    VoidType,
    type_name,
)

STATEMENTS_SUPPORTED = (
    "declarations, expressions, if, switch, for, while, do, goto, break, continue, return, "
    "guard() and scoped_guard()"
)


@attrs.frozen
class Held:
    """A lock that a guard releases on every way out of a block."""

    address: Expression
    shared: bool
    text: str
    node: Node
    block: Node


@attrs.frozen
class Loop:
    """Where `break` and `continue` lead, and how many guards are held outside."""

    leave: Label
    again: Label | None
    guards: int


@attrs.define
class Switch:
    """The cases of a switch that have been met."""

    ctype: IntegerType
    cases: list[tuple[int, int, Label]] = attrs.Factory(list)
    default: Label | None = None


@attrs.define
class Statements(Hoisting):
    """Lowers the body of one function."""

    signature_: Signature = attrs.field(kw_only=True)
    loops: list[Loop] = attrs.Factory(list)
    switches: list[Switch] = attrs.Factory(list)
    guards: list[Held] = attrs.Factory(list)
    compounds: list[Node] = attrs.Factory(list)
    labels: dict[str, tuple[Label, Node]] = attrs.Factory(dict)

    def body(self) -> None:
        """Emit the function's steps."""
        node = field(self.signature_.node, "body")
        self.blocks.append({})
        for name, ctype in self.signature_.parameters:
            address = self.slot(name, ctype)
            if name:
                self.blocks[-1][name] = Object(address, ctype)
        for inner in walk(node):
            if inner.type == "labeled_statement":
                self.labels[word(field(inner, "label"))] = (self.flow.label(), inner)
        self.compound(node)
        self._end(node)

    def _end(self, node: Node) -> None:
        result = self.signature_.result
        value = None if isinstance(result, VoidType) else Constant(0, result)
        end = node.children[-1]
        self.flow.emit(Return("}", self.unit.place(end), value, free=True))

    def compound(self, node: Node) -> None:
        """Lower what is between braces."""
        self.blocks.append({})
        self.compounds.append(node)
        held = len(self.guards)
        for child in children(node):
            self.statement(child)
        self._release(held, node)
        del self.guards[held:]
        self.compounds.pop()
        self.blocks.pop()

    def statement(self, node: Node) -> None:
        """Lower a statement.

        Raises:
            PolicyError: the construct is not supported.
        """
        match node.type:
            case "compound_statement":
                self.compound(node)
            case "expression_statement":
                self._expression(node)
            case "declaration":
                self._declaration(node)
            case "if_statement":
                self._if(node)
            case "switch_statement":
                self._switch(node)
            case "case_statement":
                self._case(node)
            case "while_statement" | "do_statement":
                self._while(node)
            case "for_statement":
                self._for(node)
            case "labeled_statement":
                self.flow.bind(self.labels[word(field(node, "label"))][0])
                for child in children(node)[1:]:
                    self.statement(child)
            case "goto_statement":
                self._goto(node)
            case "break_statement" | "continue_statement":
                self._break(node)
            case "return_statement":
                self._return(node)
            case "attributed_statement":
                for child in children(node):
                    if not child.type.startswith("attribute"):
                        self.statement(child)
            case "type_definition" | "enum_specifier" | "struct_specifier" | "attribute_specifier":
                return
            case _:
                raise self.refusal(node, f"`{self.short(node)}`", STATEMENTS_SUPPORTED)

    def _expression(self, node: Node) -> None:
        inner = children(node)
        if not inner:
            return
        expression = inner[0]
        if expression.type == "identifier" and word(expression) == "fallthrough":
            return
        if expression.type == "call_expression" and self._guard(expression, node):
            return
        if self.has_steps(expression):
            self.effect_of_statement(node, expression)
            return
        self.execute(node, self.value(expression))

    def effect_of_statement(self, node: Node, expression: Node) -> None:
        """Emit the steps of an expression statement that has calls in it."""
        plain = unwrap(expression)
        if self.takes_step(plain):
            for argument in self.arguments(plain):
                self.hoist(argument)
            self.step(plain, node, used=False)
            return
        self.hoist(plain)
        if plain.id not in self.substitutes:
            self.execute(node, self.value(plain))

    def _guard(self, call: Node, node: Node) -> bool:
        function = field(call, "function")
        if function.type != "call_expression" or word(field(function, "function")) != "guard":
            return False
        kinds = self.arguments(function)
        name = word(kinds[0]) if len(kinds) == 1 else ""
        if name in UNCHECKED_GUARDS:
            return True
        self._take(name, function, self.arguments(call), node)
        return True

    def _take(self, name: str, where: Node, arguments: list[Node], node: Node) -> None:
        found = GUARDS.get(name)
        if found is None:
            raise self.refusal(where, f"a guard of class {name!r}", ", ".join(GUARDS))
        self.count(where, arguments, 1)
        self.hoist(arguments[0])
        lock = self.lock(arguments[0], found.kinds)
        address = lock.address
        if not isinstance(address, Constant):
            kept = self.temporary(address.type)
            self.execute(node, Store(kept, address, address.type))
            address = Load(kept, address.type)
        text = self.unit.text(node)
        place = self.unit.place(node)
        self.flow.emit(Acquire(text, place, address, found.shared, self.flow.after()))
        self.guards.append(Held(address, found.shared, text, node, self.compounds[-1]))

    def _release(self, down_to: int, node: Node) -> None:
        for held in reversed(self.guards[down_to:]):
            self._drop(held, node)

    def _drop(self, held: Held, node: Node) -> None:
        end = node.children[-1] if node.type == "compound_statement" else node
        self.flow.emit(
            Release(
                *(f"end of {held.text}", self.unit.place(end), held.address, held.shared),
                next=self.flow.after(),
            )
        )

    def _declaration(self, node: Node) -> None:
        base = self.types.of_specifier(node)
        for declarator in declarators(node):
            if declarator.type == "function_declarator":
                continue
            declared = self.types.declared(declarator, base)
            if is_static(node):
                self.blocks[-1][declared.name] = self.static(declared, self.function)
                continue
            self._local(node, declared)

    def _local(self, node: Node, declared: Declared) -> None:
        ctype = declared.type
        if not isinstance(ctype, IntegerType | PointerType):
            self._local_object(declared)
            return
        if declared.initial is not None and declared.initial.type == "initializer_list":
            raise self.refusal(declared.initial, f"`{self.short(declared.initial)}`", "a value")
        if declared.initial is not None:
            self.hoist(declared.initial)
        value = None if declared.initial is None else self.scalar(declared.initial)
        address = self.slot(declared.name, ctype)
        self.blocks[-1][declared.name] = Object(address, ctype)
        if value is not None and declared.initial is not None:
            self.execute(node, Store(address, self.fitted(declared.node, value, ctype), ctype))

    def _local_object(self, declared: Declared) -> None:
        ctype = declared.type
        zero = declared.initial is None
        if isinstance(ctype, ArrayType) and zero and isinstance(ctype.element, IntegerType):
            first = self.slot(f"{declared.name}[0]", ctype.element)
            for index in range(1, ctype.length):
                self.slot(f"{declared.name}[{index}]", ctype.element)
            address = attrs.evolve(first, type=PointerType(ctype))
        elif isinstance(ctype, AtomicType | LockType) and zero:
            address = self.slot(declared.name, ctype)
        else:
            raise self.refusal(
                declared.node,
                f"a local variable of type {type_name(ctype)}",
                "a number or a pointer, or an array of numbers without initialiser",
            )
        self.blocks[-1][declared.name] = Object(address, ctype)

    def _if(self, node: Node) -> None:
        yes, no, end = self.flow.label(), self.flow.label(), self.flow.label()
        condition = field(node, "condition")
        known = self._decided(condition)
        then, alternative = field(node, "consequence"), node.child_by_field_name("alternative")
        self.branch(condition, yes, no)
        self.flow.bind(yes)
        if known is None or known or self._enterable(then):
            self.statement(then)
            self.jump(node, end)
        self.flow.bind(no)
        if alternative is not None and (known is None or not known or self._enterable(alternative)):
            for child in children(alternative):
                self.statement(child)
        self.jump(node, end)
        self.flow.bind(end)

    def _decided(self, condition: Node) -> bool | None:
        """Return what a condition always is, or None."""
        if self.has_steps(condition):
            return None
        value = self.condition(condition)
        return bool(value.value) if isinstance(value, Constant) else None

    def _enterable(self, node: Node) -> bool:
        """Say whether control can come into a statement other than from above."""
        return any(n.type in ("labeled_statement", "case_statement") for n in walk(node))

    def _while(self, node: Node) -> None:
        again, leave, body = self.flow.label(), self.flow.label(), self.flow.label()
        condition = field(node, "condition")
        first = node.type == "do_statement"
        self.loops.append(Loop(leave, again, len(self.guards)))
        if first:
            self.flow.bind(body)
            self.statement(field(node, "body"))
        self.flow.bind(again)
        known = self._literal_truth(condition)
        if known is None:
            self.branch(condition, body, leave)
        else:
            self.jump(node, body if known else leave)
        if not first:
            self.flow.bind(body)
            self.statement(field(node, "body"))
            self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()

    def _literal_truth(self, condition: Node) -> bool | None:
        inner = unwrap(condition)
        if inner.type in ("number_literal", "true", "false"):
            value = self.constant(inner)
            return None if value is None else bool(value.value)
        return None

    def _for(self, node: Node) -> None:
        start = node.child_by_field_name("initializer")
        if start is not None and start.type == "call_expression":
            name = word(field(start, "function"))
            if name == EACH_VCPU:
                self._each_vcpu(node, start)
                return
            if name == SCOPED_GUARD:
                self._scoped_guard(node, start)
                return
        again, step, leave = self.flow.label(), self.flow.label(), self.flow.label()
        self.blocks.append({})
        if start is not None:
            self._declaration(start) if start.type == "declaration" else self._part(start)
        self.loops.append(Loop(leave, step, len(self.guards)))
        self.flow.bind(again)
        condition = node.child_by_field_name("condition")
        if condition is not None and self._literal_truth(condition) is not True:
            body = self.flow.label()
            self.branch(condition, body, leave)
            self.flow.bind(body)
        self.statement(field(node, "body"))
        self.flow.bind(step)
        update = node.child_by_field_name("update")
        if update is not None:
            self._part(update)
        self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()
        self.blocks.pop()

    def _part(self, node: Node) -> None:
        """Emit the first or the last part of a `for`."""
        if self.has_steps(node):
            self.effect_of_statement(node, node)
        else:
            self.execute(node, self.value(node))

    def _each_vcpu(self, node: Node, call: Node) -> None:
        arguments = self.arguments(call)
        self.count(call, arguments, 3)
        index, vcpu = self.object(arguments[0]), self.object(arguments[1])
        kvm = self.kvm(arguments[2])
        if not isinstance(index.type, IntegerType) or vcpu.type != PointerType(VCPU):
            raise self.refusal(
                call, f"`{self.short(call)}`", "an integer, a struct kvm_vcpu * and a kvm"
            )
        now = Load(index.address, index.type)
        online = Load(FieldAddress(kvm, Region.ONLINE_VCPUS, 0, PointerType(INT)), INT)
        fetched = self.store(call, vcpu, self.vcpu_at(now))
        more = operate(BinaryOperator.LESS, now, online)
        test = logical(False, more, sequence(fetched, ONE))
        begin = self.store(call, index, ZERO)
        advance = self.modify(call, index, BinaryOperator.ADD, ONE)
        body, again, leave = self.flow.label(), self.flow.label(), self.flow.label()
        self.decide(call, sequence(begin, test), body, leave)
        self.flow.bind(again)
        self.decide(call, sequence(advance, test), body, leave)
        self.loops.append(Loop(leave, again, len(self.guards)))
        self.flow.bind(body)
        self.statement(field(node, "body"))
        self.jump(node, again)
        self.flow.bind(leave)
        self.loops.pop()

    def _scoped_guard(self, node: Node, call: Node) -> None:
        kind, *rest = self.arguments(call)
        held = len(self.guards)
        leave = self.flow.label()
        if word(kind) not in UNCHECKED_GUARDS:
            self.compounds.append(node)
            self._take(word(kind), call, rest, call)
            self.compounds.pop()
        out = self.flow.label()
        self.loops.append(Loop(out, out, len(self.guards)))
        self.statement(field(node, "body"))
        self.flow.bind(out)
        self._release(held, field(node, "body"))
        del self.guards[held:]
        self.loops.pop()
        self.jump(node, leave)
        self.flow.bind(leave)

    def _switch(self, node: Node) -> None:
        condition = field(node, "condition")
        self.hoist(condition)
        value = self.condition(condition)
        selector = operate(BinaryOperator.ADD, value, ZERO)
        if not isinstance(selector.type, IntegerType):
            raise self.refusal(condition, f"`{self.short(condition)}`", "an integer")
        slot = len(self.flow.steps)
        self._emit_placeholder(condition)
        leave = self.flow.label()
        again = self.loops[-1].again if self.loops else None
        self.loops.append(Loop(leave, again, len(self.guards)))
        self.switches.append(Switch(selector.type))
        self.statement(field(node, "body"))
        switch = self.switches.pop()
        self.loops.pop()
        self.flow.bind(leave)
        self._note_cases(value, switch)
        text, place = self.unit.text(unwrap(condition)), self.unit.place(unwrap(condition))
        default = leave if switch.default is None else switch.default
        self.flow.steps[slot] = Select(text, place, value, tuple(switch.cases), default)

    def _emit_placeholder(self, node: Node) -> None:
        self.flow.emit(Return("", self.unit.place(node), None, free=True))

    def _note_cases(self, value: Expression, switch: Switch) -> None:
        for low, _, _ in switch.cases:
            self.note_implementor(value, Constant(low, INT))

    def _case(self, node: Node) -> None:
        if not self.switches:
            raise self.refusal(node, "a case outside of a switch", STATEMENTS_SUPPORTED)
        switch, label = self.switches[-1], self.flow.label()
        self.flow.bind(label)
        value = node.child_by_field_name("value")
        rest = children(node)
        if value is None:
            switch.default = label
        else:
            constant = self.constant(value)
            if constant is None:
                raise self.refusal(value, f"`{self.short(value)}`", "a constant")
            first = self._case_value(value, constant, switch)
            last = first
            for child in rest:
                if is_range_end(child):
                    end = children(child)[0]
                    bound = self.constant(end)
                    if bound is None:
                        raise self.refusal(end, f"`{self.short(end)}`", "a constant")
                    last = self._case_value(end, bound, switch)
            if any(low <= last and first <= high for low, high, _ in switch.cases):
                raise self.refusal(value, f"`case {self.short(value)}` twice", "each value once")
            switch.cases.append((first, last, label))
            rest = [child for child in rest if child.id != value.id and not child.is_error]
        for child in rest:
            self.statement(child)

    def _case_value(self, node: Node, constant: Constant, switch: Switch) -> int:
        fitted = self.fitted(node, constant, switch.ctype)
        assert isinstance(fitted, Constant)
        return fitted.value

    def _goto(self, node: Node) -> None:
        name = word(field(node, "label"))
        if name not in self.labels:
            raise self.refusal(node, f"goto {name}", "a label of the same function")
        label, target = self.labels[name]
        for held in reversed(self.guards):
            block = held.block
            inside = block.start_byte <= target.start_byte < block.end_byte
            if not inside or target.start_byte < held.node.start_byte:
                self._drop(held, node)
        self.jump(node, label)

    def _break(self, node: Node) -> None:
        leaves = node.type == "break_statement"
        if not self.loops or (not leaves and self.loops[-1].again is None):
            raise self.refusal(
                node, f"`{self.short(node)}` outside of a loop", STATEMENTS_SUPPORTED
            )
        loop = self.loops[-1]
        self._release(loop.guards if leaves else self._outside(loop), node)
        target = loop.leave if leaves else loop.again
        assert target is not None
        self.jump(node, target)

    def _outside(self, loop: Loop) -> int:
        """Return how many guards are held around the loop that `continue` goes on with."""
        return next(entry.guards for entry in self.loops if entry.again == loop.again)

    def _return(self, node: Node) -> None:
        result, given = self.signature_.result, children(node)
        if isinstance(result, VoidType) != (not given):
            if not (given and isinstance(result, VoidType) and self._returns_nothing(given[0])):
                raise self.refusal(
                    node, f"`{self.short(node)}`", f"a result of {type_name(result)}"
                )
            given = []
        value: Expression | None = None
        if given:
            self.hoist(given[0])
            value = self._result(given[0], result)
        free = value is None or isinstance(value, Constant) or self._is_temporary(value)
        if value is not None and self.guards and not free:
            kept = self.temporary(result)
            self.execute(node, Store(kept, value, result))
            value, free = Load(kept, result), True
        self._release(0, node)
        self.flow.emit(Return(self.unit.text(node), self.unit.place(node), value, free))

    def _result(self, node: Node, result: CType) -> Expression:
        value = self.scalar(node)
        if isinstance(result, IntegerType) and result.is_bool:
            return as_bool(value)
        return self.fitted(node, value, result)

    def _returns_nothing(self, node: Node) -> bool:
        self.effect(node)
        return True

    def _is_temporary(self, value: Expression) -> bool:
        return (
            isinstance(value, Load)
            and isinstance(value.address, LocalAddress)
            and self.variables[value.address.slot].name.startswith(".")
        )


def lower(compilation: Compilation, signature: Signature) -> Function:
    """Lower a function; what its steps can reach is filled in later.

    Raises:
        PolicyError: something in it is not supported.
    """
    names = signature.names
    check(names.unit, signature.node)
    place = names.unit.place(signature.node)
    work = Statements(
        compilation, names, function=signature.name, flow=Flow(place), signature_=signature
    )
    work.body()
    for name, (label, node) in work.labels.items():
        if work.flow.bound[label] is None:
            raise work.refusal(
                node, f"the label {name} in code that is never reached", "code that is"
            )
    steps = work.flow.settle()
    if isinstance(steps[0], Return) and steps[0].free:
        steps = (_shown(steps[0], 1), *steps)
    heads = loop_heads(steps)
    return Function(
        *(signature.name, place, len(signature.parameters), tuple(work.variables)),
        *(signature.result, steps, tuple(False for _ in steps), heads),
    )


def _shown(end: Return, following: int) -> Execute:
    """Return a step for a function that has none, so that its call can be seen."""
    return Execute(end.text, end.place, sequence(Constant(0, VOID)), following)
