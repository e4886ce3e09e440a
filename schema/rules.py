"""The rules that documents are validated by."""

from typing import ClassVar

from graphql import SelectionSetNode, specified_rules
from graphql.validation import ASTValidationRule, OverlappingFieldsCanBeMergedRule, ValidationContext
from graphql.validation.validate import ValidationAbortedError

from schema.limits import Limits


class TooManyComparisons(ValidationAbortedError):
    """Validation ends here, since it would take too long."""


class FieldsAgree(OverlappingFieldsCanBeMergedRule):
    """Fields with the same name in the answer must agree, and this is told by `most` comparisons.

    Their number grows with the square of how often a name is selected, and of how many fragments are spread in one
    place.
    """

    most: ClassVar[int]

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = self.most

    def enter_selection_set(self, selection_set: SelectionSetNode, *args: object) -> None:
        """Compare what is selected in one place. Raises `TooManyComparisons`."""
        try:
            super().enter_selection_set(selection_set, *args)
        except ValidationAbortedError:
            if self.rule_context.remaining_complexity_budget >= 0:
                raise
            message = (
                f"The query needs more than {self.most} comparisons of fields that have the same name in the answer, "
                "and no more are made. Select each field once, and spread fewer fragments in one place."
            )
            raise TooManyComparisons(message, selection_set) from None


def rules(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """The rules under these limits. Make them once, not per request: graphql-core takes classes."""

    class Limited(FieldsAgree):
        most = limits.max_comparisons

    return tuple(Limited if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules)
