"""An operation that is ready to run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import OperationType
from graphql.execution.values import VariableValues

from indexer.errors import IndexUnreachable, Overloaded
from indexer.memory import Memory
from schema.compiler.function_writer import Writer, executable
from schema.compiler.leaf import Kinds
from schema.compiler.resolving import Resolvers
from schema.compiler.run import Complete, Run
from schema.compiler.selection import Selections, Uncovered
from schema.limits.answer_size import AnswerTooLarge, as_json


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation as one function, which takes about `nbytes` of memory."""

    root: Complete
    nbytes: int

    async def answer(
        self,
        context: object,
        variables: VariableValues,
        write: Callable[[Mapping[str, object]], bytes] = as_json,
    ) -> bytes | None:
        """An answer without errors, as `write` writes it. None where there would be any, or there is any doubt.

        Raises `AnswerTooLarge` as `write` does, and `Overloaded` and `IndexUnreachable` as engines do.
        """
        run = Run(context, variables)
        try:
            data = self.root(None, None, run)
            if run.holes:
                await run.fill()
            return write({"data": data})
        except (AnswerTooLarge, Overloaded, IndexUnreachable):  # the stock executor would only make more work
            await run.abandon()
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the stock executor meets it too, and reports it
            await run.abandon()
            return None


def compiled(
    selections: Selections, resolvers: Resolvers, kinds: Kinds, *, kept: frozenset[str], memory: Memory
) -> Plan:
    """The plan of an operation that has been validated. Raises `Uncovered` where the compiler does not know it all."""
    query = selections.schema.query_type
    if selections.operation.operation is not OperationType.QUERY or query is None:
        raise Uncovered("an operation that is no query")
    writer = Writer(selections, resolvers, kinds, kept, memory)
    root = writer.made(query, selections.root(query))
    return Plan(executable(writer, root), writer.nbytes)
