"""The cost of an operation, computed before it is executed."""

import math
from collections.abc import Mapping, Sequence

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_object_type,
)

from schema.compiler.selection import fragments_of
from schema.cost.argument_amounts import MEASURES, Amount, Amounts, amount, uses
from schema.cost.prices import DOCUMENT, FREE, PRICES, SCALARS, TEXT, TOKEN, ListSize
from schema.cost.selected_fields import Collector, Selected
from schema.limits.error_codes import Code
from schema.limits.limits import DEFAULT_PAGE, MAX_PAGE

MOST = 10**9
"""Greater costs are not told apart: lists within lists multiply, to numbers that take long to write."""
_META: Mapping[str, GraphQLField] = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": GraphQLField(GraphQLString),
}


class Reckoning:
    """Adds up the cost of one operation, by the amounts of its variables.

    Fields with one name in the answer are one object, as in the answer. Each group of fields is added up once, so the
    time grows with the length of the document, wherever its fragments are spread.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        amounts: Amounts,
        *,
        longest_text: int,
    ) -> None:
        """Take a valid document's fragments. Longer texts than the longest are refused, so they cost no more."""
        self._schema = schema
        self._collector = Collector(schema, fragments, amounts)
        self._amounts = amounts
        self._longest_text = -(-longest_text // TEXT)
        self._costs: dict[tuple[str, int, tuple[int, ...]], float] = {}

    def operation(self, node: OperationDefinitionNode) -> float:
        """The cost of the operation."""
        root = self._schema.get_root_type(node.operation)
        return self._object(root, [node.selection_set], 0) if root else 0

    def _object(self, type_: GraphQLObjectType, selections: Selected, page: int) -> float:
        fields = [self._field(type_, nodes, page) for nodes in self._collector.fields(type_, selections)]
        scalars = sum(size for _, size in fields)
        return min(sum(cost for cost, _ in fields) + max(1, -(-scalars // SCALARS)), MOST)

    def _field(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], around: int) -> tuple[float, float]:
        """The field's cost besides its scalars, and its number of scalars."""
        node, name = nodes[0], nodes[0].name.value
        field = _META.get(name) or type_.fields[name]
        price = PRICES.get(f"{type_.name}.{name}", FREE)
        page = self._page(node, field, around)
        size = page if price.size is ListSize.ASKED else 1 if price.size is None else price.size
        cost = price.asked(
            texts=self._text(node),
            conditions=sum(self._amount(node, name) or 0 for name in _narrowing(field)),
            passed=self._amount(node, "offset") or 0,
            is_tuned=bool(self._amount(node, "tuning")),
        )
        inner = [each.selection_set for each in nodes if each.selection_set]
        if not inner:
            return cost, size
        return cost + size * (price.entry + self._value(field, inner, page)), 0

    def _value(self, field: GraphQLField, selections: Selected, page: int) -> float:
        """The cost of one value of the field, of the dearest type that it may have."""
        named = get_named_type(field.type)
        key = named.name, page, tuple(map(id, selections))
        if key not in self._costs:
            types = self._schema.get_possible_types(named) if is_abstract_type(named) else (named,)
            costs = (self._object(type_, selections, page) for type_ in types if is_object_type(type_))
            self._costs[key] = max(costs, default=0)
        return self._costs[key]

    def _page(self, node: FieldNode, field: GraphQLField, around: int) -> int:
        """The number of entries that are requested. Resolvers refuse sizes that no page has."""
        if "ids" in field.args:
            return min(self._amount(node, "ids") or 0, MAX_PAGE)
        if "first" not in field.args:
            return around
        sizes = [size for size in (self._amount(node, "first"), self._amount(node, "last")) if size is not None]
        default = field.args["first"].default_value
        size = max(sizes) if sizes else DEFAULT_PAGE if default is Undefined else default
        return min(max(size, 0), MAX_PAGE)

    def _text(self, node: FieldNode) -> int:
        return min(self._amount(node, "search") or 0, self._longest_text)

    def _amount(self, node: FieldNode, name: str) -> Amount:
        for argument in node.arguments or ():
            if argument.name.value == name:
                return amount(argument.value, MEASURES[name], self._amounts)
        return None


def _narrowing(field: GraphQLField) -> Sequence[str]:
    """The arguments whose values make the articles fewer, as its price counts them."""
    return ("filter",) if "filter" in field.args else ("topic", "provider")


class Cost:
    """The cost of one operation of a valid document; see `schema/cost/prices.py`.

    `reading` is that of the document, to be read and checked before anything is executed.
    """

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode, *, longest_text: int
    ) -> None:
        """Take an operation. Resolvers refuse texts that are longer than the longest."""
        self._schema = schema
        self._operation = operation
        self._document = document
        self._longest_text = longest_text
        self._uses = tuple(uses(document))
        self.reading = DOCUMENT + math.ceil(TOKEN * document.token_count)

    def of(self, variables: Mapping[str, object]) -> int:
        """The cost with these values, which have been coerced, besides reading."""
        return self.reckoned(self.amounts(variables))

    def amounts(self, variables: Mapping[str, object]) -> tuple[Amount, ...]:
        """The amounts of these values on which the cost depends."""
        return tuple([measure(variables.get(name)) for name, measure in self._uses])

    def reckoned(self, amounts: tuple[Amount, ...]) -> int:
        """The cost with these amounts, besides reading."""
        by_use = dict(zip(self._uses, amounts, strict=True))
        fragments = fragments_of(self._document)
        reckoning = Reckoning(self._schema, fragments, by_use, longest_text=self._longest_text)
        return math.ceil(reckoning.operation(self._operation))


def too_dear(cost: int, *, most: int) -> GraphQLError | None:
    """The error of an operation that costs more than `most`."""
    if cost <= most:
        return None
    message = (
        f"The query costs {cost}, and at most {most} is allowed. "
        "Ask for smaller pages, for fewer lists within lists, or for less in each entry."
    )
    return GraphQLError(message, extensions={"code": Code.OPERATION_TOO_COSTLY, "cost": cost, "maxCost": most})
