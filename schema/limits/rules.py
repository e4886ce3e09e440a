"""The rules that documents are validated by."""

from typing import ClassVar

from graphql import FieldNode, GraphQLError, SelectionSetNode, specified_rules
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
