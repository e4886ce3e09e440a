"""Literals, variables and JSON values for inputs of any type, drawn at random: most of them fit, and some do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    GraphQLInputType,
    GraphQLSchema,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

_LITERALS: Mapping[str, tuple[str, ...]] = {
    "Int": ("0", "1", "-7", "2147483647", "-2147483648"),
    "Float": ("0", "1", "-0.5", "1e3", "2147483648"),
    "String": ('"a"', '""', '"é\\n"', '"""block"""'),
    "ID": ('"a"', "7", '""', "123456789012345678901234567890"),
    "Boolean": ("true", "false"),
}
_VALUES: Mapping[str, tuple[object, ...]] = {
    "Int": (0, 1, -7, 2**31 - 1, -(2**31)),
    "Float": (0, 1, -0.5, 1e3, 2**31),
    "String": ("a", "", "é\n"),
    "ID": ("a", 7, "", 2**70),
    "Boolean": (True, False),
}
_UNFIT: tuple[object, ...] = (True, 1, 1.0, 1.5, 2**31, float("inf"), "1", "RED", "r", [], [1], {}, {"x": 1}, None)


@dataclass
class Inputs:
    """The inputs of an operation, while it is drawn. `given` are the values of its variables."""

    draw: st.DrawFn
    schema: GraphQLSchema
    declared: list[str] = field(default_factory=list)
    given: dict[str, object] = field(default_factory=dict)

    def one_in(self, number: int) -> bool:
        return self.draw(st.integers(1, number)) == number

    def literal(self, type_: GraphQLInputType, *, is_constant: bool = False) -> str:
        """A value of the type as a document has it; with variables in it, unless it has to be constant."""
        if not is_constant and self.one_in(3):
            return self.variable(type_)
        if not is_non_null_type(type_) and self.one_in(6):
            return "null"
        inner = get_nullable_type(type_)
        if is_list_type(inner):
            count = self.draw(st.integers(0, 2))
            items = [self.literal(inner.of_type, is_constant=is_constant) for _ in range(count)]
            return items[0] if items and self.one_in(4) else f"[{', '.join(items)}]"
        if is_input_object_type(inner):
            fields = [
                f"{name}: {self.literal(each.type, is_constant=is_constant)}"
                for name, each in inner.fields.items()
                if is_non_null_type(each.type) or self.one_in(2)
            ]
            return f"{{{', '.join(fields)}}}"
        if is_enum_type(inner):
            return self.draw(st.sampled_from(sorted(inner.values)))
        return self.draw(st.sampled_from(_LITERALS.get(inner.name, _LITERALS["String"])))

    def variable(self, type_: GraphQLInputType) -> str:
        """A new variable of the type, or of one that is nearly so."""
        name = f"v{len(self.declared)}"
        text = str(get_nullable_type(type_))
        if self.one_in(2) if is_non_null_type(type_) else self.one_in(5):
            text += "!"
        default = f" = {self.literal(type_, is_constant=True)}" if self.one_in(3) else ""
        self.declared.append(f"${name}: {text}{default}")
        if not self.one_in(4):
            self.given[name] = self.value(type_)
        return f"${name}"

    def value(self, type_: GraphQLInputType) -> object:
        """A JSON value of the type, or nearly so."""
        if self.one_in(15):
            return self.draw(st.sampled_from(_UNFIT))
        if not is_non_null_type(type_) and self.one_in(5):
            return None
        inner = get_nullable_type(type_)
        if is_list_type(inner):
            items = [self.value(inner.of_type) for _ in range(self.draw(st.integers(0, 2)))]
            return items[0] if items and self.one_in(4) else items
        if is_input_object_type(inner):
            return {
                name: self.value(each.type)
                for name, each in inner.fields.items()
                if is_non_null_type(each.type) or self.one_in(2)
            }
        if is_enum_type(inner):
            return self.draw(st.sampled_from(sorted(inner.values)))
        return self.draw(st.sampled_from(_VALUES.get(inner.name, _VALUES["String"])))

    def head(self) -> str:
        """The beginning of the operation."""
        return f"query ({', '.join(self.declared)})" if self.declared else "query"
