"""The GraphQL type `IndexStatus`, and the problems of content files."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from indexer import errors
from indexer.errors import Severity
from indexer.search import engine as seam
from schema.inputs.enums import declare_enum
from schema.inputs.paging import FirstOnly, page_size
from schema.limits.limits import DEFAULT_PAGE

declare_enum(
    Severity,
    "The gravity of a mistake in a content file.",
    {
        Severity.ERROR: "The file is not served as it is, but as its last good version, if there is one.",
        Severity.WARNING: "The file is served.",
    },
)


def _problems(parent: strawberry.Parent[seam.IndexStatus], first: FirstOnly = None) -> Sequence[errors.ContentProblem]:
    return parent.problems.listed[: page_size(DEFAULT_PAGE if first is None else first, argument="first")]


def _problem_count(parent: strawberry.Parent[seam.IndexStatus]) -> int:
    return parent.problems.count


@strawberry.type(description="A mistake in a content file, for its editor.")
class ContentProblem:
    """Resolves from `indexer.errors.ContentProblem`."""

    path: str = strawberry.field(description="The file, below the content folder.")
    line: int = strawberry.field(description="The line of the mistake, from 1.")
    column: int = strawberry.field(description="The column of the mistake, from 1.")
    field: str = strawberry.field(
        description="The field, such as `related[0].webUrl`; empty where it is the file as a whole."
    )
    reason: str = strawberry.field(description="What is wrong.")
    remedy: str = strawberry.field(description="How to mend it.")
    severity: Severity = strawberry.field(description="How bad it is.")


@strawberry.type(description="What is being served.")
class IndexStatus:
    """Resolves from `indexer.search.engine.IndexStatus`."""

    generation: int = strawberry.field(
        description="The number of the build that is being served. Another number than before means other articles."
    )
    built_at: datetime = strawberry.field(description="When that build was made.")
    article_count: int = strawberry.field(description="How many articles there are.")
    problems = strawberry.field(
        resolver=_problems,
        graphql_type=list[ContentProblem],
        description="The mistakes that the last build met in content files: `index { problems { path line reason } }`. "
        "Errors come before warnings, and the first hundred of all are listed. Answered in development mode only.",
    )
    problem_count = strawberry.field(
        resolver=_problem_count,
        graphql_type=int,
        description="How many mistakes the last build met. Answered in development mode only.",
    )
