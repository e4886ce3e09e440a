"""The rules that documents are validated by."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from graphql import FieldNode, GraphQLError, SelectionSetNode, specified_rules
from graphql.language.visitor import BREAK, EnterLeaveVisitor
from graphql.validation import (
    ASTValidationRule,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    ValidationRule,
)
from graphql.validation.validate import ValidationAbortedError

from schema.limits.error_codes import Code
from schema.limits.limits import Limits, Switch


class TooManyComparisons(ValidationAbortedError):
    """Validation ends here, since it would take too long."""


class FieldsAgree(OverlappingFieldsCanBeMergedRule):
    """Fields with the same name in the answer must agree, and this is told by `most` comparisons.

    Their number grows with the square of a name's selections, and of the fragments in one selection set.
    """

    most: ClassVar[int]

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = self.most

    def enter_selection_set(self, selection_set: SelectionSetNode, *args: object) -> None:
        """Compare the fields of a selection set. Raises `TooManyComparisons`."""
        try:
            super().enter_selection_set(selection_set, *args)
        except ValidationAbortedError:
            if self.rule_context.remaining_complexity_budget >= 0:
                raise
            message = (
                f"The query needs more than {self.most} comparisons of fields that have the same name in the answer, "
                "and no more are made. Select each field once, and spread fewer fragments in one place."
            )
            excess = TooManyComparisons(message, selection_set, extensions={"code": Code.TOO_MANY_COMPARISONS})
            raise excess from None


class NoIntrospection(ASTValidationRule):
    """Nothing is asked about the schema. `__typename` is about the answer."""

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        """Report where a question about the schema begins."""
        if node.name.value in ("__schema", "__type"):
            message = (
                f"Introspection is switched off on this server, so '{node.name.value}' has no answer. "
                "Ask those who run it for the schema."
            )
            self.report_error(GraphQLError(message, node, extensions={"code": Code.INTROSPECTION_DISABLED}))


class NoDevelopment(ValidationRule):
    """Nothing is asked about the problems of content files."""

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        """Report a field that is for development."""
        parent = self.context.get_parent_type()
        if parent and parent.name == "IndexStatus" and node.name.value in ("problems", "problemCount"):
            message = (
                f"'{node.name.value}' is answered in development mode only. "
                "Start the server with --development or NEWSSTAND_DEVELOPMENT=on."
            )
            self.report_error(GraphQLError(message, node, extensions={"code": Code.DEVELOPMENT_ONLY}))


def rules(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """The rules under these limits. Make them once, not per request: graphql-core takes classes."""

    class Limited(FieldsAgree):
        most = limits.max_comparisons

    specified: list[type[ASTValidationRule]] = [
        Limited if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules
    ]
    if limits.introspection is Switch.OFF:
        specified.append(NoIntrospection)
    if limits.development is Switch.OFF:
        specified.append(NoDevelopment)
    return tuple(specified)


_Handlers = Sequence[tuple[int, str | None, str | None]]
_Visit = Callable[..., object]


class _Joined(ASTValidationRule):
    """All rules as one. graphql-core looks up what each rule does at each kind of node, for each document anew."""

    rules: ClassVar[Sequence[type[ASTValidationRule]]]
    handlers: ClassVar[dict[str, _Handlers]]
    """By the kind of a node, the numbers of the rules that look at it, with the names of their methods."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._rules = [rule(context) for rule in self.rules]
        self._skipping: list[object] = [None] * len(self._rules)  # the node that a rule looks no further into

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """The visits of all rules at nodes of the kind."""
        visits = self.enter_leave_map.get(kind)
        if visits is None:
            handlers = self.handlers.get(kind)
            if handlers is None:
                handlers = self.handlers[kind] = self._handlers(kind)
            visits = self.enter_leave_map[kind] = self._visits(handlers)
        return visits

    @classmethod
    def _handlers(cls, kind: str) -> _Handlers:
        named = [
            (number, _method(rule, "enter", kind), _method(rule, "leave", kind))
            for number, rule in enumerate(cls.rules)
        ]
        return [(number, enter, leave) for number, enter, leave in named if enter or leave]

    def _visits(self, handlers: _Handlers) -> EnterLeaveVisitor:
        """The same of all rules, as `ParallelVisitor` of graphql-core has it; no rule changes a node."""
        rules, skipping = self._rules, self._skipping
        entering: list[tuple[int, _Visit]] = [(n, getattr(rules[n], enter)) for n, enter, _ in handlers if enter]
        leaving: list[tuple[int, _Visit | None]] = [
            (n, getattr(rules[n], leave) if leave else None) for n, _, leave in handlers
        ]

        def enter(node: object, *args: object) -> None:
            for number, visit in entering:
                if skipping[number] is None:
                    action = visit(node, *args)
                    if action is not None:
                        skipping[number] = BREAK if action is BREAK or action is True else node

        def leave(node: object, *args: object) -> None:
            for number, visit in leaving:
                if skipping[number] is node:
                    skipping[number] = None
                elif skipping[number] is None and visit and visit(node, *args) in (BREAK, True):
                    skipping[number] = BREAK

        return EnterLeaveVisitor(enter if entering else None, leave if leaving else None)


def joined(rules: Sequence[type[ASTValidationRule]]) -> type[ASTValidationRule]:
    """One rule that reports what all of these report, in the same order."""
    return type("Joined", (_Joined,), {"rules": rules, "handlers": {}})


def _method(rule: type, action: str, kind: str) -> str | None:
    return next((name for name in (f"{action}_{kind}", action) if getattr(rule, name, None)), None)
